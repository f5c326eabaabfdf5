// A short word about what was just done, seen and heard, gone by itself.

import { announce, byId } from "../dom.js";

let timer = null;

export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  announce(text);
  clearTimeout(timer);
  timer = setTimeout(() => { node.hidden = true; }, 3500);
}
