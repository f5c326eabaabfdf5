// A new answer leaves an open report and a note being typed alone.

/** Redraws {list, steps}; forms in use go above the new cards, and the focus back to where it was typed. */
export function keepTyping({ list, steps }, redraw) {
  const focused = document.activeElement;
  const forms = [...list.querySelectorAll(".reason-slot")].filter((slot) => isInUse(slot, focused));
  const place = steps.contains(focused) && focused.matches("textarea") ? placeIn(focused) : null;
  redraw();
  list.prepend(...forms.filter((slot) => !slot.isConnected));
  if (forms.some((slot) => slot.contains(focused))) focused.focus();
  else if (place) goBack(steps, place);
}

function isInUse(slot, focused) {
  return slot.hasChildNodes() && (slot.contains(focused) || Boolean(slot.querySelector("textarea").value.trim()));
}

const placeIn = (box) => ({ label: box.getAttribute("aria-label"), from: box.selectionStart, to: box.selectionEnd });

/** A note is drawn anew with its text (see StepMemory); it is known by its name. */
function goBack(steps, { label, from, to }) {
  const box = [...steps.querySelectorAll("textarea")].find((each) => each.getAttribute("aria-label") === label);
  if (!box || box === document.activeElement) return;
  box.focus();
  box.setSelectionRange(from, to);
}
