// The slider of months: draws the bars, tells which month was chosen, plays them one after another.

const STEP_MS = 1200; // no month is shown for a shorter time while playing
const ASK_MS = 60; // how often the page is asked whether it has finished

function isPageReady() {
  const app = document.querySelector("[data-testid=stApp]");
  return !app || app.dataset.testScriptState === "notRunning";
}

class MonthSlider {
  constructor(parent, words) {
    this.words = words;
    this.timer = 0;
    this.isPlaying = false;
    const root = element("div", "months", parent);
    const buttons = element("div", "buttons", root);
    this.play = element("button", "play", buttons, { type: "button" });
    this.back = this.stepButton(buttons, "‹", words.back, -1);
    this.forward = this.stepButton(buttons, "›", words.forward, 1);
    this.now = element("div", "now", root, { "aria-hidden": "true" });
    const chart = element("div", "chart", root);
    const title = element("div", "title", chart);
    this.title = element("span", "", title);
    this.said = element("b", "", title);
    this.track = element("div", "track", chart, {
      role: "slider", tabindex: "0", "aria-label": words.label, "aria-valuemin": "0",
    });
    this.years = element("div", "years", chart, { "aria-hidden": "true" });
    this.play.addEventListener("click", () => (this.isPlaying ? this.stop() : this.start()));
    this.track.addEventListener("keydown", (event) => this.pressed(event));
    this.track.addEventListener("pointerdown", (event) => this.grabbed(event));
    this.track.addEventListener("pointermove", (event) => this.dragged(event));
    this.track.addEventListener("pointerup", (event) => this.released(event));
    this.track.addEventListener("pointercancel", () => { this.isDragging = false; this.mark(this.data.chosen); });
    this.showPlaying();
  }

  stepButton(parent, sign, label, step) {
    const made = element("button", "", parent, { type: "button", "aria-label": label, title: label });
    made.textContent = sign;
    made.addEventListener("click", () => { this.stop(); this.move(this.index + step); });
    return made;
  }

  show(data, { setTriggerValue }) {
    this.tell = setTriggerValue;
    const before = this.data;
    this.data = data;
    if (this.isPlaying && (data.scope !== before.scope || data.chosen !== this.wanted)) this.stop();
    if (JSON.stringify(before?.bars) !== JSON.stringify(data.bars)) this.draw();
    if (!this.isDragging) this.mark(data.chosen);
  }

  draw() {
    const { bars, limit, top, years, title } = this.data;
    this.title.textContent = title;
    this.track.replaceChildren();
    element("div", "limit", this.track).style.bottom = `${(100 * limit) / top}%`;
    this.bars = bars.map((bar) => {
      const made = element("span", bar.share === null ? "bar none" : "bar", this.track, { title: bar.text });
      const fill = element("i", "", made);
      if (bar.share !== null) {
        fill.style.height = `${(100 * bar.share) / top}%`;
        fill.style.setProperty("--tone", `var(--${bar.tone})`);
      }
      return made;
    });
    this.track.setAttribute("aria-valuemax", String(bars.length - 1));
    this.years.replaceChildren();
    for (const year of years) element("span", "", this.years).textContent = String(year);
  }

  // Shows a month as chosen; the page follows once it is told.
  mark(index) {
    this.bars?.[this.index]?.classList.remove("chosen");
    this.index = index;
    this.bars[index]?.classList.add("chosen");
    const [named, said] = this.data.bars[index].text.split("：");
    this.now.textContent = named;
    this.said.textContent = said;
    this.track.setAttribute("aria-valuenow", String(index));
    this.track.setAttribute("aria-valuetext", this.data.bars[index].text);
    this.back.disabled = index === 0;
    this.forward.disabled = index === this.data.bars.length - 1;
  }

  move(index) {
    const wanted = Math.min(this.data.bars.length - 1, Math.max(0, index));
    this.wanted = wanted;
    this.mark(wanted);
    if (wanted !== this.data.chosen) this.tell("moved", wanted);
  }

  pressed(event) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12 };
    const ends = { Home: 0, End: this.data.bars.length - 1 };
    const to = event.key in ends ? ends[event.key] : this.index + (steps[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    event.stopPropagation();
    this.stop();
    this.move(to);
  }

  indexAt(event) {
    const box = this.track.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(this.data.bars.length - 1, Math.max(0, Math.floor(share * this.data.bars.length)));
  }

  grabbed(event) {
    this.stop();
    this.isDragging = true;
    this.track.setPointerCapture(event.pointerId);
    this.mark(this.indexAt(event));
  }

  dragged(event) {
    if (this.isDragging) this.mark(this.indexAt(event));
  }

  released(event) {
    if (!this.isDragging) return;
    this.isDragging = false;
    this.move(this.indexAt(event));
  }

  start() {
    this.isPlaying = true;
    // Of all months that are played only the first is a step back.
    skipSteps(true);
    this.showPlaying();
    this.step(this.index === this.data.bars.length - 1 ? 0 : this.index + 1);
  }

  // The next month follows once the page has shown this one.
  step(index) {
    const begun = performance.now();
    this.move(index);
    const ask = () => {
      if (!this.isPlaying) return;
      const isShown = this.data.chosen === index && isPageReady();
      if (!isShown || performance.now() - begun < STEP_MS) this.timer = setTimeout(ask, ASK_MS);
      else if (index === this.data.bars.length - 1) this.stop();
      else this.step(index + 1);
    };
    this.timer = setTimeout(ask, ASK_MS);
  }

  stop() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    clearTimeout(this.timer);
    countSteps();
    this.showPlaying();
  }

  end() { this.stop(); }

  showPlaying() {
    this.play.textContent = this.isPlaying ? `❚❚ ${this.words.pause}` : `▶ ${this.words.play}`;
    this.play.setAttribute("aria-pressed", String(this.isPlaying));
  }
}

export default lasting((parent, words) => new MonthSlider(parent, words));
