// Draws each scene of a story once, out of sight, so that nothing has to be waited for when it is shown,
// and tells which ones are wrong. Texts from data go in as text, never as markup.

const TICK_MS = 200;
const QUIET_MS = 600; // so long a page must rest to count as drawn: it may start again by itself
const MOST_TOLD = 160;
const SCREEN_COOKIE = "cockpit_screen";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));

// One page in a frame of the size of a screen, outside of the window.
class Stage {
  constructor(address, { width, height, mostMs }) {
    this.mostMs = mostMs;
    this.startedAt = performance.now();
    this.frame = element("iframe", "", document.body, {
      "aria-hidden": "true", tabindex: "-1", inert: "", "data-trial": "",
      style: `position:fixed;left:-${2 * width}px;top:0;width:${width}px;height:${height}px;border:0;pointer-events:none`,
      src: address,
    });
  }

  // Steps that the frame takes must not become steps of the visitor's own history.
  keepHistory() {
    const view = this.frame.contentWindow;
    if (!view || view.location.href === "about:blank" || Object.hasOwn(view.history, "pushState")) return;
    view.history.pushState = (...address) => view.history.replaceState(...address);
  }

  get page() { return this.frame.contentDocument; }

  get isDrawn() {
    const app = this.page?.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
    if (!app) return false;
    const isWhole = app.querySelector(".page-foot") || app.querySelector("[data-testid=stAlert]");
    const map = app.querySelector("[data-testid=stDeckGlJsonChart]");
    return Boolean(isWhole) && (!map || Boolean(map.querySelector("canvas")?.width));
  }

  // What is wrong with the page as it tells it itself.
  get faults() {
    const told = this.page.querySelectorAll(
      "[data-testid=stAlert], [data-testid=stException], [role=dialog], .notice");
    return [...new Set([...told].map((one) => one.textContent.trim()).filter(Boolean))].join("；");
  }

  // Resolves to {seconds, fault}, or null where it was stopped.
  async watch(words, isStopped) {
    let quietSince = null;
    while (!isStopped()) {
      const now = performance.now();
      const seconds = (now - this.startedAt) / 1000;
      try {
        this.keepHistory();
        if (!this.isDrawn) quietSince = null;
        else quietSince ??= now;
        if (quietSince !== null && now - quietSince >= QUIET_MS) return { seconds, fault: this.faults };
      } catch {
        // The browser shows a page of its own there: the server is gone.
        return { seconds, fault: words.unreachable };
      }
      if (now - this.startedAt > this.mostMs)
        return { seconds, fault: this.faults || fill(words.late, { seconds: this.mostMs / 1000 }) };
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    return null;
  }

  end() { this.frame.remove(); }
}

class Trial {
  constructor(parent, words) {
    this.words = words;
    this.run = 0;
    this.root = element("div", "trial", parent);
    const bar = element("div", "bar", this.root);
    this.button = element("button", "", bar, { type: "button" });
    this.button.addEventListener("click", () => (this.isRunning ? this.stop() : this.start()));
    this.told = element("span", "told", bar, { role: "status" });
    this.list = element("ol", "", this.root);
  }

  show(data) {
    const known = JSON.stringify([data.story, data.scenes]);
    if (known === this.known) return;
    this.known = known;
    this.data = data;
    this.finish();
    this.button.textContent = this.words.start;
    this.told.textContent = "";
    this.results = data.scenes.map((scene) => (scene.address ? null : { fault: scene.fault }));
    this.button.disabled = !data.scenes.some((scene) => scene.address);
    this.write();
  }

  // Ends whatever is under way; what comes of it later is dropped.
  finish() {
    this.run += 1;
    this.isRunning = false;
    this.drawing = null;
    this.stage?.end();
    this.stage = null;
    if (this.screen) document.cookie = `${this.screen}; path=/; max-age=31536000; SameSite=Strict`;
    this.screen = null;
  }

  stop() {
    const place = this.drawing;
    this.finish();
    this.button.textContent = this.words.again;
    this.told.textContent = fill(this.words.stopped, { place, count: this.data.scenes.length });
    this.write();
  }

  async start() {
    const { scenes } = this.data;
    this.results = scenes.map((scene) => (scene.address ? null : { fault: scene.fault }));
    this.isRunning = true;
    // Pages remember the size of the screen they were last seen on.
    this.screen = cookie(SCREEN_COOKIE);
    this.run += 1;
    const run = this.run;
    this.button.textContent = this.words.stop;
    for (const [at, scene] of scenes.entries()) {
      if (!scene.address) continue;
      this.drawing = at;
      this.told.textContent = fill(this.words.running, { place: at + 1, count: scenes.length });
      this.write();
      this.stage = new Stage(scene.address, this.data);
      const result = await this.stage.watch(this.words, () => run !== this.run);
      if (run !== this.run) return;
      this.stage.end();
      this.results[at] = { ...result, fault: result.fault || scene.fault };
    }
    this.finish();
    const faulty = this.results.filter((result) => result.fault).length;
    this.told.textContent = fill(faulty ? this.words.faulty : this.words.sound, { count: scenes.length, faulty });
    this.button.textContent = this.words.again;
    this.write();
  }

  write() {
    this.list.replaceChildren();
    this.data.scenes.forEach((scene, at) => {
      const result = this.results[at];
      const state = at === this.drawing ? "drawing" : !result ? "waiting" : result.fault ? "wrong" : "ok";
      const row = element("li", state, this.list);
      element("b", "", row).textContent = scene.number;
      element("span", "title", row).textContent = scene.title;
      element("span", "state", row).textContent = this.words[state];
      element("small", "time", row).textContent =
        result?.seconds ? fill(this.words.second, { seconds: result.seconds.toFixed(1) }) : "";
      if (result?.fault) element("small", "fault", row).textContent = result.fault.slice(0, MOST_TOLD);
    });
  }

  end() {
    this.finish();
    this.root.remove();
  }
}

export default lasting((parent, words) => new Trial(parent, words));
