// The show: moves on by keys, a presenter's clicker, touch and time; tells the notes window where it is.
// Runs inside the page and survives its reruns; asks the server's health before it loads the page anew.

const TICK_MS = 250;
const REST_MS = 60_000; // whoever touches or types has a minute before it goes on by itself
const ANSWER_MS = 4_000; // a command that nothing came of, the server having just begun anew, is said again
const MOST_TRIES = 4;
const LOOK_MS = 60_000; // a kiosk that stands still asks for the page anew, to see newer data
const LEAST_UPTIME_MS = 3_600_000; // no daily reload sooner after the last one
const CHANNEL = "cockpit-show";
const KEYS = {
  ArrowRight: "next", ArrowDown: "next", PageDown: "next",
  ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous",
};

const app = () => document.querySelector("[data-testid=stApp]");
const isConnected = () => app()?.dataset.testConnectionState === "CONNECTED";
const isReady = () => app()?.dataset.testScriptState === "notRunning" && isConnected();

function isTyping(target) {
  return target instanceof Element && target.closest(
    "input, textarea, select, [contenteditable=true], [role=slider], [role=combobox], [role=listbox], [data-testid=stDialog]");
}

class Remote {
  constructor(words) {
    this.words = words;
    this.loadedAt = Date.now();
    this.restingUntil = 0;
    this.isHeld = false;
    this.asked = null;
    this.root = element("div", "cockpit-show", document.body);
    this.black = element("div", "black", this.root, { hidden: "", role: "presentation" });
    this.said = element("div", "said", this.root, { role: "status", "aria-live": "polite" });
    this.help = this.helpSheet();
    this.onKey = (event) => this.pressed(event);
    this.onTouch = (event) => this.touched(event);
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("pointerdown", this.onTouch, true);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
    if (this.channel) this.channel.onmessage = (event) => this.heard(event.data);
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  helpSheet() {
    const sheet = element("div", "sheet", this.root, {
      hidden: "", role: "dialog", "aria-modal": "true", "aria-label": this.words.helpTitle, tabindex: "-1",
    });
    element("h2", "", sheet).textContent = this.words.helpTitle;
    const list = element("dl", "", sheet);
    for (const [key, word] of this.words.help) {
      element("dt", "", list).textContent = key;
      element("dd", "", list).textContent = word;
    }
    const close = element("button", "", sheet, { type: "button" });
    close.textContent = this.words.close;
    close.addEventListener("click", () => this.showHelp(false));
    return sheet;
  }

  show(data, { setTriggerValue }) {
    const scene = `${data.story}|${data.position}`;
    if (scene !== this.scene) {
      this.scene = scene;
      this.startedAt = Date.now();
      this.asked = null;
    }
    this.shownAt = Date.now();
    this.data = data;
    this.tell = setTriggerValue;
    // Days of rotation must not leave a step in the browser's history for every scene.
    if (data.isKiosk) skipSteps(false);
    this.announce();
    this.tick();
  }

  // --- what moves it ---------------------------------------------------------------------------

  command(name, to = null) {
    this.asked = { name, to, at: Date.now(), tries: 1 };
    this.tell("command", { name, to });
  }

  // A command is answered by another scene: until then it is said again, but only while nothing runs.
  repeat(now) {
    const { asked } = this;
    if (!asked || now - asked.at < ANSWER_MS || !isReady()) return;
    if (asked.tries >= MOST_TRIES || !["next", "previous"].includes(asked.name)) this.asked = null;
    else {
      this.asked = { ...asked, at: now, tries: asked.tries + 1 };
      this.tell("command", { name: asked.name, to: asked.to });
    }
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
    if (!this.act(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  act(key) {
    const isSheet = !this.help.hidden;
    if (key === "Escape") {
      if (isSheet) this.showHelp(false);
      else if (!this.black.hidden) this.showBlack(false);
      else this.command("leave");
      return true;
    }
    if (key === "?" || key === "？" || key === "h" || key === "H") this.showHelp(!isSheet);
    else if (key === "f" || key === "F") this.fill();
    else if (key === "b" || key === "B" || key === ".") this.showBlack(this.black.hidden);
    else if (key === " ") this.hold();
    else if (key in KEYS) { this.rest(); this.showBlack(false); this.command(KEYS[key]); }
    else if (key === "Home") { this.rest(); this.command("go", 0); }
    else if (key === "End") { this.rest(); this.command("go", this.data.count - 1); }
    else if (/^[1-9]$/.test(key)) {
      this.rest();
      if (Number(key) <= this.data.count) this.command("go", Number(key) - 1);
    } else return false;
    return true;
  }

  touched(event) {
    if (!this.black.hidden) this.showBlack(false);
    if (!this.root.contains(event.target)) this.rest();
  }

  rest() { this.restingUntil = Date.now() + REST_MS; this.announce(); }

  hold() {
    if (this.data.seconds === null) {
      this.restingUntil = 0;
      this.command("play");
    } else {
      this.isHeld = !this.isHeld;
      this.restingUntil = 0;
      this.startedAt = Date.now();
    }
    this.tick();
    this.announce();
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  showBlack(isBlack) { this.black.hidden = !isBlack; this.tick(); }

  showHelp(isShown) {
    if (isShown) this.before = document.activeElement;
    this.help.hidden = !isShown;
    if (isShown) this.help.querySelector("button").focus();
    else this.before?.focus?.();
    this.rest();
  }

  // --- time ------------------------------------------------------------------------------------

  tick() {
    if (!this.data) return;
    const now = Date.now();
    this.writeClock();
    const isResting = now < this.restingUntil;
    const isStopped = this.isHeld || isResting || !this.black.hidden || !this.help.hidden;
    const isLost = !isConnected();
    const text = isLost ? this.words.lost : this.data.seconds === null ? ""
      : this.isHeld ? this.words.paused : isResting ? this.words.resting : "";
    if (this.said.textContent !== text) this.said.textContent = text;
    if (isStopped) this.startedAt = Math.max(this.startedAt, now - 1000 * (this.data.seconds ?? 0) + 3000);
    this.writeProgress(now);
    const isDue = this.data.seconds !== null && now - this.startedAt >= 1000 * this.data.seconds;
    this.repeat(now);
    if (isDue && !isStopped && isReady() && !this.asked) this.command("next");
    this.look(now);
    this.renew(now);
  }

  writeClock() {
    const now = new Date();
    const two = (part) => String(part).padStart(2, "0");
    const text = `${two(now.getHours())}:${two(now.getMinutes())}`;
    for (const clock of document.querySelectorAll("[data-clock]"))
      if (clock.textContent !== text) clock.textContent = text;
  }

  writeProgress(now) {
    const bar = document.querySelector("[data-progress]");
    if (!bar) return;
    const share = this.data.seconds === null ? 0 : Math.min(1, (now - this.startedAt) / (1000 * this.data.seconds));
    bar.style.setProperty("--share", share.toFixed(3));
  }

  // A show that moves sees newer data with its next scene.
  look(now) {
    if (!this.data.isKiosk || now - this.shownAt < LOOK_MS || !isReady()) return;
    this.shownAt = now;
    this.tell("command", { name: "look" });
  }

  // Once a day at the set hour the page is loaded anew, if the server answers: a page that cannot be had is
  // never asked for.
  renew(now) {
    const isHour = new Date(now).getHours() === this.data.reloadHour && now - this.loadedAt >= LEAST_UPTIME_MS;
    if (!this.data.isKiosk || this.isReloading || !isHour) return;
    this.isReloading = true;
    fetch(new URL("_stcore/health", document.baseURI)).then(
      (answer) => { if (answer.ok) window.location.reload(); else this.isReloading = false; },
      () => { this.isReloading = false; });
  }

  // --- the notes window ------------------------------------------------------------------------

  announce() {
    if (!this.data) return;
    const { story, position, count, seconds, titles, notes } = this.data;
    this.channel?.postMessage({
      story, position, count, seconds, titles, notes, startedAt: this.startedAt,
      isStopped: this.isHeld || Date.now() < this.restingUntil, isHeld: this.isHeld,
    });
  }

  heard(message) {
    if (message?.ask === "where") this.announce();
    else if (typeof message?.key === "string") this.act(message.key);
  }

  end() {
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("pointerdown", this.onTouch, true);
    clearInterval(this.timer);
    this.channel?.close();
    countSteps();
    this.root.remove();
  }
}

export default lasting((_, words) => new Remote(words));
