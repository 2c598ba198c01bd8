// What is wrong with a kiosk's page now, one sentence each; [] when all is well.
// Texts are measured line by line, as they stand on the glass.
([leastPx, figurePx]) => {
  const found = [];
  const name = (element) => `«${(element.innerText ?? element.textContent ?? "").trim().slice(0, 20)}»`;
  for (const selector of ["html", "[data-testid=stMain]"]) {
    const element = document.querySelector(selector);
    const hidden = getComputedStyle(element).overflowY === "hidden";
    const isLong = element.scrollHeight > element.clientHeight + 1;
    if (element.scrollWidth > element.clientWidth + 1 || (isLong && !hidden))
      found.push(`scroll bar: ${selector} ${element.scrollWidth}×${element.scrollHeight}`);
  }
  const foot = document.querySelector(".kiosk-foot").getBoundingClientRect();
  if (foot.bottom > window.innerHeight + 1) found.push("the foot is below the window");

  // Boxes of the lines of text in sight, by the element that holds the text.
  const lines = [];
  const walker = document.createTreeWalker(
    document.querySelector("[data-testid=stMainBlockContainer]"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.nodeValue.trim() || element.closest("style, script, svg, canvas")) continue;
    if (!(element.innerText ?? "").trim()) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none" || Number(style.opacity) === 0) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // What a list that scrolls by itself hides is not in sight.
    let [top, bottom] = [0, window.innerHeight];
    for (let one = element; one && one !== document.body; one = one.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(one).overflowY)) {
        const box = one.getBoundingClientRect();
        [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1 && box.bottom > top + 2 && box.top < bottom - 2)
        lines.push({ element, box, size: parseFloat(style.fontSize) });
  }
  if (lines.length < 10) found.push(`only ${lines.length} lines of text`);
  for (const { element, size } of lines)
    if (size < leastPx - 0.05) found.push(`too small: ${name(element)} ${size.toFixed(1)} px`);
  for (const value of document.querySelectorAll(".figure .value:not(.none)")) {
    const size = parseFloat(getComputedStyle(value).fontSize);
    if (size < figurePx - 0.05) found.push(`figure too small: ${name(value)} ${size.toFixed(1)} px`);
  }

  // A font's box is taller than its letters: Chinese ones fill the middle two thirds of it.
  const letters = (box) => ({
    left: box.left, right: box.right, top: box.top + 0.2 * box.height, bottom: box.bottom - 0.2 * box.height,
  });
  const isOnMap = (element) => element.closest(".legend, [data-testid=stDeckGlJsonChart], .wall-title, .st-key-wall_words, .st-key-wall_figures");
  lines.forEach((one, i) => lines.slice(i + 1).forEach((other) => {
    if (one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element)) return;
    const [a, b] = [letters(one.box), letters(other.box)];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 3 && down > 2)
      found.push(`covers: ${name(one.element)} and ${name(other.element)}`);
  }));
  for (const { element, box } of lines)
    if (!element.closest(".kiosk-foot") && !isOnMap(element) && box.top < foot.top - 2 && box.bottom > foot.top + 6)
      found.push(`cut by the foot: ${name(element)}`);
  for (const element of document.querySelectorAll(".figure .value, .figure .status, .kiosk-head h1, .kiosk-head p, .kiosk-clock"))
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== "visible")
      found.push(`cut: ${name(element)}`);
  return [...new Set(found)];
}
