// How figures are written.

import { el } from "../dom.js";

/** A share: 12.3%. */
export const percent = (share) => `${(share * 100).toFixed(1)}%`;
export const wholePercent = (share) => `${Number((share * 100).toFixed(1))}%`;

/** A rate; a dash when there was nothing to take a share of. */
export const rate = ({ share, of }) => (of ? percent(share) : "—");

/** Seconds as people say them: 48 秒, 2 分 5 秒. */
export function seconds(value) {
  if (value === null) return "—";
  const whole = Math.round(value);
  if (whole < 60) return `${whole} 秒`;
  if (whole < 3600) return `${Math.floor(whole / 60)} 分${whole % 60 ? ` ${whole % 60} 秒` : ""}`;
  return `${Math.floor(whole / 3600)} 小时${Math.floor((whole % 3600) / 60) ? ` ${Math.floor((whole % 3600) / 60)} 分` : ""}`;
}

/** Seconds on an axis. */
export const shortSeconds = (value) => (value < 60 ? `${Math.round(value)}秒` : `${Number((value / 60).toFixed(1))}分`);

/** A day: 11/9. */
export const day = (text) => `${Number(text.slice(5, 7))}/${Number(text.slice(8, 10))}`;

/** What the parts of a trend are called. */
export const dayLabels = (buckets) => buckets.map(({ first }) => day(first));

/**
 * A difference to the period before: an arrow, its size, and whether it is for the better ("up" or "down" is good, null:
 * neither); nothing where there was nothing before.
 */
export function change(now, before, { good = null, written = points } = {}) {
  if (before === null || before === undefined || now === null) return el("span", { class: "delta" }, "");
  const gap = now - before, text = written(Math.abs(gap));
  if (text === written(0)) return el("span", { class: "delta" }, "持平");
  const way = gap > 0 ? "up" : "down";
  const tone = good === null ? "" : way === good ? " better" : " worse";
  return el("span", { class: `delta${tone}` }, el("span", { "aria-hidden": "true" }, gap > 0 ? "↑" : "↓"),
    el("span", { class: "visually-hidden" }, gap > 0 ? "上升" : "下降"), text);
}

const points = (gap) => `${(gap * 100).toFixed(1)}`;
export const changeOf = ({ share, of, before }, good = null) => change(of ? share : null, before, { good });
