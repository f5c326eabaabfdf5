// A line as small as a word, beside a headline number; the number says it in words, so it is hidden from readers.

import { svg } from "./svg.js";

const WIDTH = 88, HEIGHT = 24;

export function spark(values) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const low = Math.min(...known), high = Math.max(...known);
  const x = (place) => 2 + (place * (WIDTH - 4)) / (values.length - 1);
  const y = (value) => (high === low ? HEIGHT / 2 : 2 + (HEIGHT - 4) * (1 - (value - low) / (high - low)));
  const points = values.map((value, place) => (value === null ? null : `${x(place).toFixed(1)},${y(value).toFixed(1)}`)).filter(Boolean);
  return svg("svg", { class: "spark", width: WIDTH, height: HEIGHT, "aria-hidden": "true" },
    svg("polyline", { class: "line line-1", points: points.join(" ") }),
    svg("circle", { class: "tone-1", cx: points.at(-1).split(",")[0], cy: points.at(-1).split(",")[1], r: 2.5 }));
}
