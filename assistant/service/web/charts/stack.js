// One bar of shares that add up to a whole, with its legend; the legend is the table alternative.

import { el } from "../dom.js";
import { drawing, svg } from "./svg.js";

/** `parts` are [{name, share, figure, tone}]; `title` names the bar. */
export function stack(title, parts) {
  let at = 0;
  const rects = parts.map(({ name, share, tone, figure }) => {
    const rect = svg("rect", { x: `${at * 100}%`, y: 0, width: `${share * 100}%`, height: 28, class: `tone-${tone} edge` }, svg("title", {}, `${name} ${figure}`));
    at += share;
    return rect;
  });
  const described = parts.map(({ name, figure }) => `${name} ${figure}`).join("，");
  return el("div", { class: "stack" },
    drawing({ class: "whole", width: "100%", height: 28 }, title, described, svg("rect", { width: "100%", height: 28, class: "ground" }), rects),
    el("ul", { class: "legend" }, parts.map(({ name, figure, tone, more }) =>
      el("li", {}, swatch(tone), el("span", {}, name), el("strong", {}, figure), more))));
}

/** The mark of a tone in a legend; with `dash` as a line is drawn. */
export function swatch(tone, dash = false) {
  return svg("svg", { class: "swatch", width: dash ? 22 : 12, height: 12, "aria-hidden": "true" },
    dash ? svg("line", { x1: 0, y1: 6, x2: 22, y2: 6, class: `line line-${tone}` })
      : svg("rect", { width: 12, height: 12, rx: 2, class: `tone-${tone}` }));
}
