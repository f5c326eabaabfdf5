// The agent's draft. No key ever sends it; only the button does.

import { byId, copyButton } from "./dom.js";

export class Draft {
  #inserted = null;

  /** `onSend(text)` is called by the button with id draft-send; `onCopy(text)` when the draft was copied. */
  constructor(onSend, onCopy = () => {}) {
    this.box = byId("draft-text");
    byId("draft").addEventListener("submit", (event) => event.preventDefault());
    byId("draft-clear").addEventListener("click", () => { this.clear(); this.box.focus(); });
    byId("draft-tools").append(copyButton(() => { onCopy(this.box.value); return this.box.value; }));
    byId("draft-send").addEventListener("click", () => {
      if (!this.box.value.trim()) return this.box.focus();
      const text = this.box.value;
      this.clear();
      onSend(text);
    });
  }

  /** Puts a text in at the cursor; in place of a suggestion that was put in before and left as it was. */
  insert(text) {
    const untouched = this.box.value === "" || this.box.value === this.#inserted;
    if (untouched) this.box.value = text;
    else this.box.setRangeText(text, this.box.selectionStart, this.box.selectionEnd, "end");
    this.#inserted = untouched ? text : null;
    this.#changed();
    this.box.focus();
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** Another text in place of all that is there. */
  replace(text) {
    this.box.value = text;
    this.#inserted = null;
    this.#changed();
  }

  clear() {
    this.replace("");
  }

  /** So that what reads along (the check of the wording) hears of changes that nobody typed. */
  #changed() {
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
