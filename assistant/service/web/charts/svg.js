// SVG elements; texts become text nodes, as in dom.js. Colours come from classes, so charts follow light and dark.

const SPACE = "http://www.w3.org/2000/svg";
let count = 0;

/** An SVG element with attributes and children; null and false children are left out. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A drawing that a screen reader names by its title and describes. */
export function drawing(attributes, title, description, ...children) {
  const id = `chart-${count += 1}`;
  return svg("svg", { role: "img", "aria-labelledby": `${id}-t ${id}-d`, ...attributes },
    svg("title", { id: `${id}-t` }, title), svg("desc", { id: `${id}-d` }, description), ...children);
}
