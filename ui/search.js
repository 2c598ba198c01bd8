// The search box: sends what is typed, lists what came back, says what was chosen. All texts from
// data go in as text, never as markup.

const PAUSE_MS = 150;
const STEP_MS = 5000;

class SearchBox {
  constructor(parent, words) {
    this.words = words;
    this.data = { text: "", results: [], note: "" };
    this.active = 0;
    this.isEnterAwaited = false;
    const root = element("div", "search", parent);
    this.input = element("input", "entry", root, {
      type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": "found", "aria-label": words.label, placeholder: words.placeholder,
      title: words.label, maxlength: "60", autocomplete: "off", spellcheck: "false",
      enterkeyhint: "search",
    });
    element("kbd", "key", root, { "aria-hidden": "true" }).textContent = "/";
    this.panel = element("div", "panel", root);
    this.list = element("ul", "found", this.panel, {
      id: "found", role: "listbox", "aria-label": words.label,
    });
    this.note = element("p", "note", this.panel, { role: "status" });
    this.open(false);
    this.input.addEventListener("input", (event) => this.typed(event));
    this.input.addEventListener("compositionend", () => this.typed({}));
    this.input.addEventListener("focus", () => this.typed({}));
    this.input.addEventListener("blur", () => this.open(false));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    // Streamlit takes single letters as commands and cannot see that they are typed in here.
    for (const kind of ["keyup", "keypress"])
      this.input.addEventListener(kind, (event) => event.stopPropagation());
    // The box keeps the focus while an entry is clicked.
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.onSlash = (event) => this.slashed(event);
    document.addEventListener("keydown", this.onSlash);
  }

  end() { document.removeEventListener("keydown", this.onSlash); }

  slashed(event) {
    const at = event.composedPath()[0];
    const isTyping = at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    event.preventDefault();
    this.input.focus();
  }

  get text() { return this.input.value.trim(); }

  get isOpen() { return !this.panel.hidden; }

  open(isOpen) {
    this.panel.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen && this.data.results.length > 0));
    if (!isOpen) this.isEnterAwaited = false;
  }

  // What is typed goes to the server once the hand rests, and not while an input method composes.
  typed(event) {
    clearTimeout(this.timer);
    if (event.isComposing) return;
    if (this.text === this.data.text) this.fill(this.data);
    else if (this.text === "") this.show({ text: "", results: [], note: this.words.hint });
    else this.timer = setTimeout(() => this.send("text", this.text), PAUSE_MS);
  }

  // Answers to an older text are left aside: a newer one is under way.
  show(data, { setStateValue, setTriggerValue }) {
    this.send = setStateValue;
    this.tell = setTriggerValue;
    this.fill(data);
  }

  fill(data) {
    this.data = data;
    if (data.text !== this.text || this.input.getRootNode().activeElement !== this.input) return;
    this.list.replaceChildren();
    data.results.forEach((found, index) => this.addRow(found, index));
    this.note.textContent = data.note;
    this.note.hidden = !data.note;
    this.open(true);
    this.mark(0);
    if (this.isEnterAwaited) this.choose(0);
  }

  addRow(found, index) {
    const row = element("li", "row", this.list, {
      id: `found-${index}`, role: "option", "aria-selected": "false",
    });
    element("span", "kind", row).textContent = found.word;
    const text = element("span", "text", row);
    element("b", "name", text).textContent = found.name;
    if (found.isSample) element("i", "sample", text).textContent = this.words.sample;
    element("small", "detail", text).textContent = found.detail;
    row.addEventListener("mousemove", () => this.mark(index));
    row.addEventListener("click", () => this.choose(index));
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((row, at) => {
      row.setAttribute("aria-selected", String(at === index));
      if (at === index) row.scrollIntoView({ block: "nearest" });
    });
    const marked = this.list.children[index];
    if (marked) this.input.setAttribute("aria-activedescendant", marked.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const found = this.data.results[index];
    this.isEnterAwaited = false;
    if (!found) return;
    this.input.value = "";
    this.input.blur();
    // One step back shall undo one choice, but Streamlit writes the address several times on its way to
    // another page.
    skipSteps(true);
    setTimeout(countSteps, STEP_MS);
    this.tell("chosen", { kind: found.kind, id: found.id });
  }

  pressed(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const count = this.data.results.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) this.typed({});
      else if (count) this.mark((this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.enter();
    } else if (event.key === "Escape") {
      if (!this.isOpen) this.input.value = "";
      this.open(false);
    }
  }

  // Enter may come before the answer to the last letter.
  enter() {
    if (this.text === "") return;
    if (this.data.text === this.text) {
      this.choose(this.isOpen ? this.active : 0);
    } else {
      clearTimeout(this.timer);
      this.isEnterAwaited = true;
      this.send("text", this.text);
    }
  }
}

export default lasting((parent, words) => new SearchBox(parent, words));
