// What only the browser knows or can do: the screen's size, clicks on our own HTML, the theme kept
// per address, and Streamlit's own English texts. Runs inside the page; makes no request.

const STEP_PX = 40; // smaller changes of the window do not refit the map
const MEDIA = { calm: "(prefers-reduced-motion: reduce)", touch: "(pointer: coarse)" };

function size() {
  const round = (px) => Math.max(STEP_PX, Math.round(px / STEP_PX) * STEP_PX);
  return [round(window.innerWidth), round(window.innerHeight)];
}

// Streamlit keeps the chosen theme under the path it was opened at and reads it when it loads.
function applyTheme(wanted, active) {
  if (!wanted) return;
  const path = window.location.pathname;
  const name = JSON.stringify({ dark: "Dark", light: "Light" }[wanted]);
  window.localStorage.setItem(`stActiveTheme-${path}-v2`, name);
  const attempt = `${path} ${wanted}`;
  if (active === wanted) {
    window.sessionStorage.removeItem("cockpit_theme");
  } else if (window.sessionStorage.getItem("cockpit_theme") !== attempt) {
    // Once: a theme that does not take must not reload the page for ever.
    window.sessionStorage.setItem("cockpit_theme", attempt);
    window.location.reload();
  }
}

// A map that left the page would be kept for good, and with it all that stood around it: deck.gl never takes
// back the listener by which it hears of another pixel ratio (its issue 10355). Here such a listener lives as
// long as its map: who adds it holds it, the browser only knows where it was.
function giveBackMaps() {
  if (Object.hasOwn(MediaQueryList.prototype, "addEventListener")) return;
  const add = EventTarget.prototype.addEventListener;
  MediaQueryList.prototype.addEventListener = function (type, listener, options) {
    const isKept = !this.media.startsWith("(resolution") || typeof listener !== "function";
    const weak = isKept ? null : new WeakRef(listener);
    add.call(this, type, weak ? (event) => weak.deref()?.call(this, event) : listener, options);
  };
}

function translator(words) {
  const attributes = ["aria-label", "title", "placeholder"];
  // Texts with a number or name in them: «{}» stands for it on both sides.
  const patterns = Object.entries(words).filter(([english]) => english.includes("{}")).map(
    ([english, chinese]) => {
      const parts = english.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return [new RegExp(`^${parts.join("(.{1,80}?)")}$`), chinese];
    });
  const exact = (text) => {
    const asked = text.trim();
    if (Object.hasOwn(words, asked)) return words[asked];
    // Long texts are ours; only the short ones of the widgets hold numbers.
    if (!asked || asked.length > 120) return undefined;
    const found = patterns.find(([pattern]) => pattern.test(asked));
    return found && asked.replace(found[0], (_, part) => found[1].replace("{}", () => part));
  };
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const chinese = exact(node.nodeValue ?? "");
      if (chinese) node.nodeValue = chinese;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const name of attributes) {
      const chinese = exact(node.getAttribute(name) ?? "");
      if (chinese) node.setAttribute(name, chinese);
    }
    node.childNodes.forEach(visit);
  };
  visit(document.body);
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      change.addedNodes.forEach(visit);
      change.addedNodes.forEach(showChosen);
      if (change.type !== "childList") visit(change.target);
    }
  });
  observer.observe(document.body, {
    childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: attributes,
  });
  document.documentElement.lang = "zh-CN";
  return observer;
}

// Elements with data-pick say what was clicked, or chosen with Enter or Space.
function listenToPicks(tell) {
  const pick = (event) => {
    const part = event.target instanceof Element && event.target.closest("[data-pick]");
    if (part) tell(part.dataset.pick);
    return Boolean(part);
  };
  const onKey = (event) => {
    if ((event.key === "Enter" || event.key === " ") && pick(event)) event.preventDefault();
  };
  document.addEventListener("click", pick);
  document.addEventListener("keydown", onKey);
  return () => {
    document.removeEventListener("click", pick);
    document.removeEventListener("keydown", onKey);
  };
}

// A finger cannot hover. The first tap on a map shows what is there: the browser itself follows a tap
// with a move of the mouse, and the map with its tooltip, or without one where nothing is. A second tap on
// the spot does what a click does.
function listenToTaps() {
  const REACH_PX = 24;
  let down = null;
  let told = null;
  const isNear = (spot, event) =>
    spot && Math.hypot(event.clientX - spot.clientX, event.clientY - spot.clientY) < REACH_PX;
  const onDown = (event) => {
    const isMap = event.target instanceof Element && event.target.closest("#deckgl-wrapper");
    down = event.pointerType === "touch" && event.isPrimary && isMap ? event : null;
    if (!isMap) told = null;
  };
  const onUp = (event) => {
    if (!down || event.pointerId !== down.pointerId) return;
    const isTap = isNear(down, event) && event.timeStamp - down.timeStamp < 500;
    const isSecond = isTap && isNear(told, event);
    told = isTap && !isSecond ? event : null;
    if (!told) return;
    event.stopImmediatePropagation();
    const { pointerId, pointerType, isPrimary, clientX, clientY } = event;
    const end = { pointerId, pointerType, isPrimary, clientX, clientY, bubbles: true };
    event.target.dispatchEvent(new PointerEvent("pointercancel", end));
  };
  window.addEventListener("pointerdown", onDown, true);
  window.addEventListener("pointerup", onUp, true);
  return () => {
    window.removeEventListener("pointerdown", onDown, true);
    window.removeEventListener("pointerup", onUp, true);
  };
}

// Hints that a mouse reads by resting (title) stand beside a tapped element until the next tap. What does
// something when tapped does just that, and a figure tells its definition by itself.
function listenToHints() {
  const OWN = ".figure, [role=note], a, button, input, summary, [role=button], [role=option], [data-pick]";
  const EDGE_PX = 8;
  const AFTER_CLICK_MS = 80;
  const tip = document.createElement("div");
  tip.className = "touch-hint";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);
  const show = (target) => {
    tip.textContent = target.title;
    tip.hidden = false;
    const [at, own] = [target.getBoundingClientRect(), tip.getBoundingClientRect()];
    const isBelow = at.bottom + own.height + EDGE_PX < window.innerHeight;
    const most = window.innerWidth - own.width - EDGE_PX;
    tip.style.left = `${Math.max(EDGE_PX, Math.min(at.left, most))}px`;
    tip.style.top = `${isBelow ? at.bottom + EDGE_PX : Math.max(EDGE_PX, at.top - own.height - EDGE_PX)}px`;
  };
  const hide = () => {
    tip.hidden = true;
    document.querySelector("#vg-tooltip-element")?.classList.remove("visible");
  };
  const onTap = (event) => {
    if (event.pointerType !== "touch" || !(event.target instanceof Element)) return;
    const mark = nearestMark(event);
    const { clientX, clientY } = event;
    // A finger that is lifted leaves the chart, and the click that follows is beside the mark: both take tips away.
    const point = () => mark?.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
    setTimeout(point, AFTER_CLICK_MS);
    const target = event.target.closest("[data-testid=stMain] [title]");
    if (target?.title && !event.target.closest(OWN)) show(target);
  };
  window.addEventListener("pointerdown", hide, true);
  window.addEventListener("pointerup", onTap, true);
  window.addEventListener("scroll", hide, true);
  return () => {
    tip.remove();
    window.removeEventListener("pointerdown", hide, true);
    window.removeEventListener("pointerup", onTap, true);
    window.removeEventListener("scroll", hide, true);
  };
}

// The mark of a chart that a finger means: the nearest one, because most are smaller than a finger.
function nearestMark({ target, clientX: x, clientY: y }) {
  const REACH_PX = 22;
  const marks = target.closest("[data-testid=stVegaLiteChart]")?.querySelectorAll("svg [role=graphics-symbol]");
  let [nearest, least] = [null, REACH_PX];
  for (const mark of marks ?? []) {
    // Vega keeps what it knows of a mark at its element. The box of a whole line lies under all its points.
    const isWhole = /line|area|rule/.test(mark.getAttribute("aria-roledescription") ?? "");
    if (isWhole || !mark.__data__?.tooltip) continue;
    const box = mark.getBoundingClientRect();
    const far = Math.hypot(
      Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    // Of those that lie over one another the last one is on top.
    if (far <= least) [nearest, least] = [mark, far];
  }
  return nearest;
}

// A map places its tip right of the pointer and below, whatever room there is, and cuts off what does not fit:
// such a tip goes to the pointer's other side.
function keepTipsInSight() {
  const placed = new WeakMap();
  const place = (tip) => {
    const { transform } = tip.style;
    if (placed.get(tip) === transform + tip.innerText) return;
    placed.set(tip, transform + tip.innerText);
    tip.style.margin = "0";
    const [own, map] = [tip, tip.closest("#deckgl-wrapper")].map((one) => one.getBoundingClientRect());
    if (own.right > map.right) tip.style.marginLeft = `${-Math.min(own.width, own.left - map.left)}px`;
    if (own.bottom > map.bottom) tip.style.marginTop = `${-Math.min(own.height, own.top - map.top)}px`;
  };
  const watch = new MutationObserver((changes) => changes.forEach(({ target }) => place(target)));
  const onMove = ({ target }) => {
    const tip = target instanceof Element && target.closest("#deckgl-wrapper")?.querySelector(".deck-tooltip");
    if (!tip || placed.has(tip)) return;
    placed.set(tip, null);
    watch.observe(tip, { attributes: true, attributeFilter: ["style"] });
  };
  window.addEventListener("pointermove", onMove, true);
  return () => {
    watch.disconnect();
    window.removeEventListener("pointermove", onMove, true);
  };
}

// Tells whether a media query holds, now where it does and whenever that changes.
function watchMedia(name, query, tell) {
  const media = window.matchMedia(query);
  const report = () => tell(name, media.matches);
  if (media.matches) report();
  media.addEventListener("change", report);
  return () => media.removeEventListener("change", report);
}

// Brings an entry of a list that scrolls by itself into sight; the page stays where it is.
function reveal(chosen) {
  let list = chosen.parentElement;
  while (list && !/auto|scroll/.test(getComputedStyle(list).overflowY)) list = list.parentElement;
  if (!list || list.matches("[data-testid=stMain]")) return;
  const [row, box] = [chosen.getBoundingClientRect(), list.getBoundingClientRect()];
  if (row.top < box.top || row.bottom > box.bottom)
    list.scrollTop += row.top - box.top - (box.height - row.height) / 2;
}

// In a list that scrolls by itself the chosen entry must be in sight when the list appears; a new
// step of the import begins at its head, wherever the button of the step before stood.
function showChosen(node) {
  if (node.nodeType === Node.ELEMENT_NODE && (node.matches(".steps") || node.querySelector(".steps")))
    requestAnimationFrame(() =>
      document.querySelector("[data-testid=stMain]")?.scrollTo({ top: 0 }));
  const chosen = node.nodeType === Node.ELEMENT_NODE && node.querySelector(".clause.chosen, .dataset.chosen");
  if (chosen) requestAnimationFrame(() => reveal(chosen));
}

export default function (component) {
  const { data, setStateValue, setTriggerValue } = component;
  applyTheme(data.theme, data.active);
  giveBackMaps();

  let known = JSON.stringify(data.size);
  const report = () => {
    const now = size();
    if (JSON.stringify(now) === known) return;
    known = JSON.stringify(now);
    // The next visit starts with the right size.
    document.cookie = `cockpit_screen=${now.join("x")}; path=/; max-age=31536000; SameSite=Strict`;
    setStateValue("size", now);
  };
  report();
  // Whoever asks for reduced motion gets maps that do not fly, a finger rows that it can hit.
  const forgetMedia = Object.entries(MEDIA).map(([name, query]) => watchMedia(name, query, setStateValue));
  let timer;
  const onResize = () => { clearTimeout(timer); timer = setTimeout(report, 300); };
  window.addEventListener("resize", onResize);
  const forgetPicks = listenToPicks((value) => setTriggerValue("picked", value));
  const forgetTaps = listenToTaps();
  const forgetHints = listenToHints();
  const forgetTips = keepTipsInSight();
  const observer = translator(data.words);
  showChosen(document.body);
  return () => {
    forgetPicks();
    forgetTaps();
    forgetHints();
    forgetTips();
    window.removeEventListener("resize", onResize);
    forgetMedia.forEach((forget) => forget());
    clearTimeout(timer);
    observer.disconnect();
  };
}
