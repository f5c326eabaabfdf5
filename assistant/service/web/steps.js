// Next steps beside the reply: evidence to tick off, notes to copy, whom to involve.

import { copyButton, el } from "./dom.js";
import { FLAGS, STEPS } from "./names.js";

/** The steps panel's content. */
export function stepList(steps) {
  return [el("h2", {}, "下一步"), el("ul", { class: "step-list" }, steps.map(stepItem))];
}

function stepItem({ kind, title, items, text, flag }) {
  return el("li", { class: "step", "data-kind": kind },
    el("header", {},
      el("span", { class: "step-kind" }, STEPS[kind] ?? kind),
      el("h3", {}, title),
      flag && el("span", { class: "flag", "data-flag": flag }, FLAGS[flag] ?? flag),
      text && copyButton(() => text)),
    text && el("p", { class: "step-text" }, text),
    items && el("ul", { class: "checklist" }, items.map(checkItem)));
}

function checkItem(item) {
  return el("li", {}, el("label", {}, el("input", { type: "checkbox" }), el("span", {}, item)));
}
