// Closing a report form under a card: who was in it goes on from the button that opened it, not from the page's top.

/** Empties the slot of a form; a focus in it goes to the button named `tool` on the card of that entry. */
export function closeForm(slot, entry, tool) {
  const hadFocus = slot.contains(document.activeElement); // an agent who has gone on meanwhile is left alone
  const list = slot.closest(".suggestions");
  slot.replaceChildren();
  if (hadFocus) (opener(list, slot, entry, tool) ?? list.querySelector(".card") ?? list).focus();
  if (!slot.closest(".tools")) slot.remove(); // one that outlived its card
}

/** The button beside the slot; where the cards were drawn anew, the one on the new card of the same entry. */
function opener(list, slot, entry, tool) {
  const tools = slot.closest(".tools") ?? list.querySelector(`.tools[data-entry="${CSS.escape(entry)}"]`);
  return tools?.querySelector(`[data-tool="${tool}"]`);
}
