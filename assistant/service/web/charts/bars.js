// A table whose numbers are bars: read at a glance, and a plain table for a screen reader.

import { el } from "../dom.js";
import { svg } from "./svg.js";

/**
 * `rows` are {name, note, share, before, figure, change, parts}: `share` is the length of the bar (of the longest, `most`),
 * `before` a tick for the period before, `figure` and `change` nodes; `parts` [{share, tone}] stack several in one bar.
 */
export function bars(caption, headings, rows, most = Math.max(...rows.map((row) => Math.max(row.share, row.before ?? 0)), 0)) {
  const scale = most > 0 ? 100 / most : 0;
  return el("table", { class: rows.some(({ note }) => note) ? "bars long" : "bars" },
    el("caption", { class: "visually-hidden" }, caption),
    el("thead", { class: "visually-hidden" }, el("tr", {}, [headings[0], "图", ...headings.slice(1)].map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {},
      el("th", { scope: "row" }, row.name, row.note && el("small", {}, row.note)),
      el("td", { class: "bar" }, bar(row, scale)),
      el("td", { class: "figure" }, row.figure),
      headings.length > 2 && el("td", { class: "change" }, row.change)))));
}

function bar(row, scale) {
  const parts = row.parts ?? [{ share: row.share, tone: row.tone ?? 1 }];
  let at = 0;
  const rects = parts.map(({ share, tone }) => {
    const width = share * scale;
    const rect = svg("rect", { x: `${at}%`, y: 3, width: `${width}%`, height: 12, class: `tone-${tone}` });
    at += width;
    return rect;
  });
  return svg("svg", { class: "track", height: 18, width: "100%", "aria-hidden": "true" },
    svg("rect", { x: 0, y: 3, width: "100%", height: 12, class: "ground" }), rects,
    row.before !== null && row.before !== undefined && svg("rect", { x: `${Math.min(row.before * scale, 100)}%`, y: 0, width: 2, height: 18, class: "tick", transform: "translate(-2)" }));
}
