// The agent's draft. No key ever sends it; only the button does.

import { byId, copyButton } from "./dom.js";

export class Draft {
  #inserted = null;

  /** `onSend(text)` is called by the button 发送. */
  constructor(onSend) {
    this.box = byId("draft-text");
    byId("draft").addEventListener("submit", (event) => event.preventDefault());
    byId("draft-clear").addEventListener("click", () => this.clear());
    byId("draft-tools").append(copyButton(() => this.box.value));
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
    this.box.focus();
    this.box.scrollTop = this.box.scrollHeight;
  }

  clear() {
    this.box.value = "";
    this.#inserted = null;
  }
}
