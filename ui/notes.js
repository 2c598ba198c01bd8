// The speaker's window: follows the window that shows the story (see show.js) over a channel of the
// browser, and sends keys to it. Texts from data go in as text, never as markup.

const CHANNEL = "cockpit-show";
const TICK_MS = 200;
const ASK_MS = 2000; // so often it asks where the show is: a pause may end without a word
const SILENCE_MS = 7000; // not heard for so long, the show has ended
const KEYS = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "PageUp", "PageDown", " ", "Home", "End", "b", "B", "."];

function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const two = (part) => String(part).padStart(2, "0");
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const fill = (text, time) => text.replace("{time}", time);

// 75 → 1:15
function clockText(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

class Notes {
  constructor(parent, words) {
    this.words = words;
    this.heardAt = null;
    this.told = null;
    this.beganAt = null;
    this.build(parent);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
    if (this.channel) this.channel.onmessage = (event) => this.hear(event.data);
    this.onKey = (event) => this.pressed(event);
    window.addEventListener("keydown", this.onKey, true);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.asking = setInterval(() => this.ask(), ASK_MS);
  }

  build(parent) {
    const words = this.words;
    this.root = element("div", "notes", parent);
    const head = element("header", "", this.root);
    this.story = element("h1", "", head);
    this.state = element("span", "state", head, { role: "status" });
    this.clock = element("time", "clock", head);
    const body = element("main", "", this.root);
    const scene = element("div", "scene", body);
    this.place = element("b", "place", scene);
    this.title = element("h2", "", scene);
    this.shown = element("p", "shown", body);
    this.note = element("div", "note", body, { tabindex: "0", "aria-live": "polite" });
    const next = element("section", "next", this.root);
    element("b", "", next).textContent = words.next;
    this.next = element("span", "", next);
    const times = element("section", "times", this.root);
    [this.sceneTime, this.wholeTime] = [words.scene, words.whole].map((word) => {
      const row = element("div", "time", times);
      element("b", "", row).textContent = word;
      return {
        row,
        elapsed: element("span", "elapsed", row),
        left: element("strong", "", row),
        planned: element("small", "", row),
        bar: element("i", "", row),
      };
    });
    const buttons = element("nav", "", this.root);
    this.buttons = [["toPrevious", "ArrowLeft"], ["", " "], ["toNext", "ArrowRight"], ["toBlack", "b"]].map(
      ([word, key]) => {
        const button = element("button", word, buttons, { type: "button" });
        button.textContent = word && words[word];
        button.addEventListener("click", () => this.press(key));
        return button;
      });
    this.hold = this.buttons[1];
    this.keys = element("small", "keys", buttons);
  }

  show(data) {
    this.data = data;
    write(this.story, data.storyTitle);
    this.ask();
    this.draw();
  }

  // --- from window to window -------------------------------------------------------------------

  ask() { this.channel?.postMessage({ ask: "where" }); }

  press(key) {
    if (this.isHeard) this.channel?.postMessage({ key });
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (!KEYS.includes(event.key) && !/^[1-9]$/.test(event.key)) return;
    // Space on a button would press that too.
    event.preventDefault();
    event.stopImmediatePropagation();
    this.press(event.key);
  }

  // Another window may show another story.
  hear(message) {
    if (message?.story !== this.data?.story || !Number.isInteger(message?.position)) return;
    const isAfresh = !this.isHeard;
    const isFirst = message.position === 0 && this.told?.position !== 0;
    this.heardAt = Date.now();
    this.told = message;
    // The whole counts from its first scene; who joins later takes the scenes before as planned.
    if (isAfresh || isFirst)
      this.beganAt = message.startedAt - 1000 * sum(this.planned.slice(0, message.position));
    this.frozenAt = this.isStopped ? Date.now() : null;
    this.draw();
  }

  get isHeard() { return this.heardAt !== null && Date.now() - this.heardAt < SILENCE_MS; }

  get isRotating() { return typeof this.told?.seconds === "number"; }

  get isStopped() { return this.isRotating && this.told.isStopped; }

  get position() { return this.told?.position ?? 0; }

  // Seconds of each scene: its own, or the same for all where the show says so.
  get planned() {
    const own = this.data.scenes.map((scene) => scene.seconds);
    const told = this.told?.seconds;
    return this.isRotating && told !== own[this.position] ? own.map(() => told) : own;
  }

  // --- on the page -----------------------------------------------------------------------------

  draw() {
    const { words, position } = this;
    const titles = this.told?.titles ?? this.data.scenes.map((scene) => scene.title);
    const notes = this.told?.notes ?? this.data.scenes.map((scene) => scene.note);
    write(this.place, `${position + 1}/${titles.length}`);
    write(this.title, titles[position] ?? "");
    write(this.shown, this.data.scenes[position]?.shown ?? "");
    const note = (notes[position] ?? "").trim();
    if (this.note.textContent !== (note || words.noNote)) {
      write(this.note, note || words.noNote);
      this.note.scrollTop = 0;
    }
    this.note.classList.toggle("none", !note);
    const isLast = position + 1 >= titles.length;
    write(this.next, isLast ? words.last : `${position + 2}/${titles.length}　${titles[position + 1]}`);
    this.tick();
  }

  tick() {
    const { words, isHeard, isRotating, isStopped } = this;
    const now = new Date();
    write(this.clock, `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`);
    const state = !isHeard ? "waiting" : !isRotating ? "byHand"
      : !isStopped ? "rotating" : this.told.isHeld ? "paused" : "resting";
    write(this.state, words[state]);
    this.root.dataset.state = state;
    for (const button of this.buttons) button.disabled = !isHeard;
    write(this.hold, !isRotating ? words.toPlay : this.told.isHeld ? words.toResume : words.toPause);
    write(this.keys, isHeard ? words.keys : words.waitingHint);
    this.writeTimes(isHeard ? this.frozenAt ?? now.getTime() : null);
  }

  // Times at a moment (ms); null where no show is heard: then what is planned alone.
  writeTimes(moment) {
    const { planned, position } = this;
    const elapsed = (since) => (moment === null || since === null ? 0 : Math.max(0, (moment - since) / 1000));
    const ofScene = elapsed(this.told?.startedAt ?? null);
    this.writeTime(this.sceneTime, ofScene, planned[position] - ofScene, planned[position]);
    const rest = Math.max(0, planned[position] - ofScene) + sum(planned.slice(position + 1));
    this.writeTime(this.wholeTime, elapsed(this.beganAt), rest, sum(planned));
  }

  writeTime(target, elapsed, left, planned) {
    const { words } = this;
    const isOver = left < 0;
    write(target.elapsed, fill(words.elapsed, clockText(elapsed)));
    write(target.left, fill(isOver ? words.over : words.left, clockText(Math.abs(left))));
    write(target.planned, fill(words.planned, clockText(planned)));
    target.row.classList.toggle("over", isOver);
    target.bar.style.setProperty("--share", Math.min(1, elapsed / planned).toFixed(3));
  }

  end() {
    window.removeEventListener("keydown", this.onKey, true);
    clearInterval(this.ticking);
    clearInterval(this.asking);
    this.channel?.close();
    this.root.remove();
  }
}

export default lasting((parent, words) => new Notes(parent, words));
