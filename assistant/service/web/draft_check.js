// Reads along while a reply is written: wordings that must not be sent are underlined and listed, with replacements.

import { call } from "./api.js";
import { byId, el } from "./dom.js";

const PAUSE_MS = 350;

/** `about()` gives what a text is held against: {shop_id, context}; `onReplace(text, before)` hears of a replacement. */
export class DraftCheck {
  #timer = null;
  #flight = null;

  constructor(draft, about, onReplace = () => {}) {
    Object.assign(this, { draft, about, onReplace, box: draft.box, mirror: byId("draft-mirror"), list: byId("findings") });
    this.box.addEventListener("input", () => this.#soon());
    this.box.addEventListener("scroll", () => { this.mirror.scrollTop = this.box.scrollTop; });
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#show("", []);
    if (this.box.value.trim()) this.#timer = setTimeout(() => this.#check(), PAUSE_MS);
  }

  async #check() {
    const text = this.box.value;
    const flight = this.#flight = new AbortController();
    try {
      const { findings } = await call("POST", "/v1/lint", { text, ...this.about() }, { signal: flight.signal });
      if (this.box.value === text) this.#show(text, findings);
    } catch {
      // The check is an extra pair of eyes; a reply can be written without it, and the next key tries again.
    }
  }

  #show(text, findings) {
    this.mirror.replaceChildren(...marked(text, findings));
    this.mirror.scrollTop = this.box.scrollTop;
    this.list.hidden = findings.length === 0;
    this.list.replaceChildren(...findings.map((finding) => this.#item(finding)));
    this.box.setAttribute("aria-invalid", String(findings.some(({ action }) => action === "block")));
  }

  #item(finding) {
    const { action, text, reason, replacement } = finding;
    return el("li", { "data-action": action },
      el("span", { class: "gravity" }, action === "block" ? "不能发" : "留意"), `「${text}」${reason}`,
      replacement !== null && el("button", { type: "button", class: "small", onclick: () => this.#replace(finding) },
        replacement ? `改为「${replacement}」` : "删去"));
  }

  #replace({ span: [start, end], replacement }) {
    const before = this.box.value;
    const characters = Array.from(before);
    characters.splice(start, end - start, replacement);
    this.draft.replace(characters.join(""));
    this.box.focus();
    this.onReplace(this.box.value, before);
  }
}

/** The text again with its findings marked; spans count characters, as the service does. */
function marked(text, findings) {
  const characters = Array.from(text);
  let place = 0;
  const nodes = [];
  for (const { span: [start, end], action } of findings.toSorted((one, other) => one.span[0] - other.span[0])) {
    if (start < place) continue;
    nodes.push(characters.slice(place, start).join(""));
    nodes.push(el("mark", { "data-action": action }, characters.slice(start, end).join("")));
    place = end;
  }
  return [...nodes, `${characters.slice(place).join("")}\n`];
}
