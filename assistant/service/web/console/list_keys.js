// The list by keyboard: / to search, arrows from row to row, Enter to open, space or x to tick.

import { isComposing } from "../dom.js";
import { isTyping } from "../shortcuts.js";

/** Installs the keys; gives a function that takes them away again. */
export function installListKeys(root, search, { turn, toggle }) {
  const listen = (event) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target === search) return inSearch(event);
    if (isTyping(event) || !act(event)) return;
    event.preventDefault();
  };
  const titles = () => [...root.querySelectorAll("tbody .title")];
  const inSearch = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    titles()[0]?.focus();
  };
  const act = ({ key, target }) => {
    const all = titles();
    const place = all.indexOf(target.closest?.("tr")?.querySelector(".title"));
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 }[key];
    if (key === "/") return focusOn(search);
    if (key === "ArrowUp" && place === 0) return focusOn(search);
    if (to !== undefined) return all[Math.min(Math.max(to, 0), all.length - 1)] && focusOn(all[Math.min(Math.max(to, 0), all.length - 1)]);
    if (key === "PageDown") return turn(1);
    if (key === "PageUp") return turn(-1);
    if (place >= 0 && (key === "x" || (key === " " && target.matches(".title")))) return toggle(all[place].closest("tr").dataset.id);
    return false;
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}

function focusOn(node) {
  node.focus();
  node.select?.();
  return true;
}
