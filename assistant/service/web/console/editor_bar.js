// The bar below the form: what state the draft is in, and where it can go.

import { el } from "../dom.js";

export class EditorBar {
  constructor(acts) {
    this.words = el("p", { class: "bar-state", role: "status" });
    this.comment = el("input", { "aria-label": "给审核人的说明", placeholder: "给审核人的说明（可不填）", maxlength: "500" });
    const button = (name, text, extra = {}) => el("button", { type: "button", "data-act": name, onclick: () => this.#run(acts[name]), ...extra }, text);
    this.node = el("footer", { class: "editor-bar" }, this.words, this.comment, el("div", { class: "bar-acts" },
      button("save", "存草稿", { "aria-keyshortcuts": "Control+s", title: "Ctrl+S" }), button("test", "跑测试"), button("submit", "提交审核"),
      button("publish", "发布", { class: "primary", "aria-keyshortcuts": "Control+Enter", title: "Ctrl+Enter；会先跑测试" })));
    document.addEventListener("keydown", this.listen = (event) => {
      if (!this.node.isConnected) return document.removeEventListener("keydown", this.listen);
      if (!(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
      const act = { s: acts.save, Enter: acts.publish }[event.key];
      if (!act) return;
      event.preventDefault();
      this.#run(act);
    });
  }

  show(words, isDirty = false) {
    this.words.textContent = words;
    this.words.classList.toggle("dirty", isDirty);
  }

  /** One at a time: a second click while the first is under way does nothing. */
  async #run(act) {
    if (this.node.getAttribute("aria-busy") === "true") return;
    this.node.setAttribute("aria-busy", "true");
    const buttons = this.node.querySelectorAll("button");
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    try {
      await act();
    } finally {
      this.node.setAttribute("aria-busy", "false");
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
  }
}
