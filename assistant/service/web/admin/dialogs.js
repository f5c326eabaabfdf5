// Questions that are asked before something that cannot be taken back.

import { el } from "../dom.js";

/** Asks; gives whether the answer was yes. Esc and 取消 are no. */
export function confirmed(question, detail, yes) {
  const dialog = el("dialog", { class: "confirm", "aria-label": question },
    el("form", { method: "dialog" },
      el("h3", {}, question), el("p", {}, detail),
      el("p", { class: "actions" },
        el("button", { value: "no", autofocus: true }, "取消"),
        el("button", { value: "yes", class: "danger" }, yes))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  }));
}
