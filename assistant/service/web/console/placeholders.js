// Placeholders as chips: a click puts one where the cursor is in the answer.

import { el, isComposing } from "../dom.js";
import { grouped } from "./conditions.js";

/** The chooser of an answer's text box; its chips are made when it is first opened. */
export function placeholderChooser(fields, box) {
  const filter = el("input", { type: "search", "aria-label": "找占位符", placeholder: "找占位符，例如 单号", autocomplete: "off" });
  const chips = el("div", { class: "chips" });
  const node = el("details", { class: "placeholders" }, el("summary", {}, "插入占位符"), filter, chips);
  node.addEventListener("toggle", () => { if (node.open && !chips.children.length) show(); });
  filter.addEventListener("input", show);
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    event.preventDefault();
    chips.querySelector("button")?.click();
  });
  return node;

  function show() {
    const sought = filter.value.trim();
    const quotable = fields.filter(({ placeholder, meaning }) => placeholder && `${placeholder}${meaning}`.includes(sought));
    chips.replaceChildren(...grouped(quotable).map(([group, of]) => el("div", { class: "chip-group", role: "group", "aria-label": group },
      el("span", { class: "hint" }, group), of.map(chip))));
    if (!quotable.length) chips.replaceChildren(el("p", { class: "hint" }, `没有叫“${sought}”的占位符。`));
  }

  function chip({ placeholder, meaning, gap }) {
    const isAttribute = placeholder.endsWith("*");
    const title = `${meaning}${gap ? `；不知道时换成：${gap}` : "；不知道时这条答案不会出现"}`;
    return el("button", { type: "button", class: `chip ${gap || isAttribute ? "" : "strict"}`, title,
      onclick: () => insert(isAttribute ? "{属性:材质}" : `{${placeholder}}`, isAttribute ? [4, 6] : null) },
    isAttribute ? "属性:…" : placeholder);
  }

  /** Puts a text in place of the selection; `select` is the part of it to type over. */
  function insert(text, select) {
    const { selectionStart: start, selectionEnd: end } = box;
    box.focus();
    box.setRangeText(text, start, end, "end");
    if (select) box.setSelectionRange(start + select[0], start + select[1]);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
