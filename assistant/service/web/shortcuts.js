// Keys: 1 2 3 take a suggestion when nothing is being typed, Alt+1 2 3 anywhere; Esc leaves an input; others by name.

import { isComposing } from "./dom.js";

// All of a report form counts, its choices and buttons too: a stray digit there must not change the draft.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], form.reason *";

/** Whether keys are for what has the focus, because it is typed into. */
export const isTyping = (event) => event.target instanceof Element && event.target.matches(TYPING);

/** `onTake(rank)` for a digit, `onLeave()` for Esc in an input, `keys[name]()` for a key when nothing is being typed. */
export function installShortcuts({ onTake, onLeave, keys = {} }) {
  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = isTyping(event);
    if (event.key === "Escape" && typing) return onLeave();
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (digit && (!typing || event.altKey) && !event.shiftKey && onTake(Number(digit))) return event.preventDefault();
    const act = !typing && !event.altKey && keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && act() !== false) event.preventDefault();
  });
}
