// One part of the report: a heading, what its figures are shares of, and its charts, or why there are none.

import { el } from "../dom.js";

let count = 0;

/** `section` has title, note and empty; `wide` takes the whole row. */
export function card(section, content, { wide = false, name = "" } = {}) {
  const id = `card-${count += 1}`;
  return el("section", { class: `card${wide ? " wide-card" : ""}`, "aria-labelledby": id, "data-section": name },
    el("h2", { id }, section.title),
    section.empty ? el("p", { class: "empty" }, section.empty) : content(),
    el("p", { class: "note" }, section.note));
}

/** The first rows of a list, and the rest behind a button. */
export function firstOf(rows, most, show) {
  const box = el("div", { class: "more-box", tabindex: "-1" }, show(rows.slice(0, most)));
  if (rows.length <= most) return box;
  const button = el("button", { type: "button", class: "quiet small more" }, `全部 ${rows.length} 项`);
  button.addEventListener("click", () => { box.replaceChildren(show(rows)); box.focus(); });
  box.append(button);
  return box;
}
