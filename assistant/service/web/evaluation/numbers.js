// Metrics as people read them.

import { el } from "../dom.js";

/** A value: shares in percent, counts whole, other numbers with three digits. */
export function written({ format }, value) {
  if (value === null || value === undefined) return "—";
  return { share: `${(value * 100).toFixed(1)}%`, count: value.toFixed(0), number: value.toFixed(3) }[format];
}

/** What changed since the run before: an arrow and its size, for the better or the worse; nothing for no change. */
export function changed({ format, better }, difference) {
  if (difference === undefined) return null;
  const size = { share: (Math.abs(difference) * 100).toFixed(1), count: Math.abs(difference).toFixed(0), number: Math.abs(difference).toFixed(3) }[format];
  if (!Number(size)) return el("span", { class: "delta" }, "不变");
  const way = better === "none" ? "" : (difference > 0) === (better === "up") ? " better" : " worse";
  return el("span", { class: `delta${way}` }, el("span", { "aria-hidden": "true" }, difference > 0 ? "↑" : "↓"),
    el("span", { class: "visually-hidden" }, difference > 0 ? "上升" : "下降"), size);
}
