// Round numbers for an axis.

/** Where an axis from 0 ends, and its steps: at most `steps` of 1, 2, 2.5 or 5 times a power of ten, in `unit`. */
export function niceScale(most, unit = 1, steps = 4) {
  if (!(most > 0)) return { top: unit, ticks: [0, unit] };
  const rough = most / unit / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough - 1e-12);
  const count = Math.ceil(most / unit / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, place) => Number((place * step * unit).toPrecision(6)));
  return { top: ticks.at(-1), ticks };
}

/** Every n-th place of `length`, so that labels of `width` fit into `room`; the last one is among them. */
export function thinned(length, room, width) {
  const every = Math.max(1, Math.ceil((length * width) / Math.max(room, 1)));
  return Array.from({ length }, (_, place) => place).filter((place) => (length - 1 - place) % every === 0);
}
