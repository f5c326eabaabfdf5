// A holding phrase (请稍等…) from the shop's own words, offered when time runs short and nothing has been said yet.

import { byId, el } from "../dom.js";
import { findPhrases } from "./service.js";

export class Holding {
  #text = "";
  #asked = null;

  /** `about()` gives {shop_id, context}; `onInsert(text)` takes the phrase. */
  constructor(about, onInsert) {
    Object.assign(this, { about, onInsert, node: byId("holding") });
  }

  async offer() {
    const mine = this.#asked = {};
    const { phrases } = await findPhrases({ ...this.about(), intent: "flow.wait", limit: 1 }).catch(() => ({ phrases: [] }));
    if (mine !== this.#asked || !phrases.length) return; // hidden meanwhile: it was for another buyer, or is needed no more
    this.#text = phrases[0].text;
    this.node.replaceChildren(
      el("p", {}, el("strong", {}, "先回一句 "), this.#text),
      el("button", { type: "button", class: "small", "aria-keyshortcuts": "0", onclick: () => this.take() }, el("kbd", {}, "0"), " 填入"));
    this.node.hidden = false;
  }

  /** Puts the phrase in; false when none is offered. */
  take() {
    if (this.node.hidden) return false;
    this.hide();
    this.onInsert(this.#text);
    return true;
  }

  hide() {
    this.#asked = null;
    this.node.hidden = true;
  }
}
