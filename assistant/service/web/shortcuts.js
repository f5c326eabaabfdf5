// Keys: 1 2 3 take a suggestion when nothing is being typed, Alt+1 2 3 anywhere; Esc leaves an input.

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** `onTake(rank)` for a digit, `onLeave()` for Esc in an input. */
export function installShortcuts({ onTake, onLeave }) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const typing = event.target instanceof Element && event.target.matches(TYPING);
    if (event.key === "Escape" && typing) return onLeave();
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    if (digit && (!typing || event.altKey) && !event.shiftKey && onTake(Number(digit))) event.preventDefault();
  });
}
