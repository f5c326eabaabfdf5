// A draft that another room has begun, on its way to the editor.

import { go } from "./router.js";

const KEY = "xiaoer.console.seed";

/** Opens the editor with these fields filled in. */
export function editSeed(draft) {
  sessionStorage.setItem(KEY, JSON.stringify(draft));
  go("new", null, { from: String(Date.now()) });
}

/** The draft that was handed over, once. */
export function takeSeed() {
  const seed = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return seed ? JSON.parse(seed) : null;
}
