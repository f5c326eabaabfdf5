// Lines over days or weeks, drawn at the width there is, so that letters keep their size; the numbers follow as a table.

import { el } from "../dom.js";
import { niceScale, thinned } from "./scale.js";
import { swatch } from "./stack.js";
import { drawing, svg } from "./svg.js";

const LEFT = 44, RIGHT = 20, TOP = 12, BOTTOM = 24, LABEL = 46;

/**
 * `series` are [{name, values, tone}] with null where there is nothing, `labels` the days; `written(value)` writes a
 * value, `target` {value, name} draws a line to compare with, `most` is the least height of the axis, whose steps are
 * round in `unit`.
 */
export function lines({ title, labels, series, written, target = null, most = 0, unit = 1, height = 190 }) {
  const known = series.flatMap(({ values }) => values).filter((value) => value !== null);
  const plot = el("div", { class: "plot" });
  const readout = el("p", { class: "readout", "aria-hidden": "true" });
  const chart = { title, labels, series, written, target, height, scale: niceScale(Math.max(...known, most), unit) };
  const redraw = () => plot.clientWidth && plot.replaceChildren(draw(chart, plot.clientWidth, readout));
  new ResizeObserver(redraw).observe(plot);
  return el("figure", { class: "lines" },
    series.length > 1 && el("ul", { class: "legend" }, series.map(({ name, tone }) => el("li", {}, swatch(tone, true), el("span", {}, name)))),
    plot, readout, numbers(chart));
}

function draw(chart, width, readout) {
  const { title, labels, series, written, target, height, scale } = chart;
  const inner = { width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
  const x = (place) => LEFT + (labels.length > 1 ? (place * inner.width) / (labels.length - 1) : inner.width / 2);
  const y = (value) => TOP + inner.height * (1 - value / scale.top);
  const guide = svg("line", { class: "guide", y1: TOP, y2: TOP + inner.height, visibility: "hidden" });
  const picture = drawing({ width, height, class: "line-chart" }, title, described(chart),
    scale.ticks.map((tick) => [
      svg("line", { class: tick ? "grid" : "axis", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
      svg("text", { class: "tick-label", x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, written(tick))]),
    thinned(labels.length, inner.width, LABEL).map((place) =>
      svg("text", { class: "tick-label", x: x(place), y: height - 6, "text-anchor": "middle" }, labels[place])),
    target && target.value <= scale.top && [
      svg("line", { class: "target", x1: LEFT, x2: width - RIGHT, y1: y(target.value), y2: y(target.value) }),
      svg("text", { class: "target-label", x: width - RIGHT, y: y(target.value) - 5, "text-anchor": "end" }, target.name)],
    guide,
    series.map(({ values, tone }) => [
      svg("path", { class: `line line-${tone}`, d: path(values, x, y) }),
      values.map((value, place) => value !== null && (values.length < 16 || isAlone(values, place))
        && svg("circle", { class: `tone-${tone}`, cx: x(place), cy: y(value), r: 2.5 }))]));
  picture.addEventListener("pointermove", (event) => {
    const at = event.clientX - picture.getBoundingClientRect().left;
    const place = Math.max(0, Math.min(labels.length - 1, Math.round(((at - LEFT) / inner.width) * (labels.length - 1))));
    guide.setAttribute("visibility", "visible");
    guide.setAttribute("x1", x(place));
    guide.setAttribute("x2", x(place));
    readout.textContent = `${labels[place]}：${series.map(({ name, values }) => `${name} ${values[place] === null ? "—" : written(values[place])}`).join("，")}`;
  });
  picture.addEventListener("pointerleave", () => { guide.setAttribute("visibility", "hidden"); readout.textContent = ""; });
  return picture;
}

const isAlone = (values, place) => (values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null;

/** A path with gaps where there is nothing. */
function path(values, x, y) {
  return values.map((value, place) => (value === null ? "" : `${(values[place - 1] ?? null) === null ? "M" : "L"}${x(place).toFixed(1)} ${y(value).toFixed(1)}`)).join("");
}

function described({ labels, series, written }) {
  return series.map(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    return known.length ? `${name}：最低 ${written(Math.min(...known))}，最高 ${written(Math.max(...known))}，最后（${labels[values.findLastIndex((value) => value !== null)]}）${written(known.at(-1))}` : `${name}：没有数据`;
  }).join("；");
}

function numbers({ title, labels, series, written }) {
  return el("details", { class: "numbers" }, el("summary", {}, "看数字"),
    el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": `${title}的数字` }, el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "日期"), series.map(({ name }) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, labels.map((label, place) => el("tr", {}, el("th", { scope: "row" }, label),
        series.map(({ values }) => el("td", {}, values[place] === null ? "—" : written(values[place])))))))));
}
