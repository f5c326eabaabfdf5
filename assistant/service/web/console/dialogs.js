// Questions before something is done. A dialog keeps the focus inside and gives it back when it closes.

import { el, newId } from "../dom.js";

/** Asks whether to go on; gives true or false. `more` are nodes that say what will happen. */
export async function confirm(title, { more = [], yes = "确定", danger = false } = {}) {
  return (await ask(title, more, yes, danger)) !== null;
}

/** Asks with a form of labelled fields; gives its values by name, or null when it was closed. */
export function ask(title, fields, yes = "确定", danger = false) {
  const dialog = el("dialog", { class: "ask", "aria-label": title });
  const form = el("form", { method: "dialog" },
    el("h2", {}, title), el("div", { class: "ask-body" }, fields),
    el("div", { class: "ask-end" },
      el("button", { type: "button", onclick: () => dialog.close() }, "取消"),
      el("button", { class: danger ? "primary danger" : "primary", value: "yes" }, yes)));
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null);
    });
    dialog.showModal();
    (form.querySelector(".ask-body input, .ask-body textarea, .ask-body select") ?? form.querySelector("[value=yes]")).focus();
  });
}

/** A labelled field for a form; the hint is read out with it. */
export function labelled(text, control, hint = null) {
  control.id ||= newId("f");
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return el("div", { class: "field" }, el("label", { class: "label", for: control.id }, text), control,
    hint && el("span", { class: "hint", id: `${control.id}-hint` }, hint));
}
