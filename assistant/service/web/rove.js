// Inside a card ← → go through what can be pressed, so that Tab goes from card to card.

/** Takes the card's buttons out of the Tab order and puts them on the arrow keys; forms inside keep their own. */
export function rove(card) {
  const stops = () => [...card.querySelectorAll("button, summary")].filter((each) => !each.closest("form"));
  for (const stop of stops()) stop.tabIndex = -1;
  card.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.closest("form")) return;
    const all = stops();
    const place = all.indexOf(document.activeElement);
    all[place < 0 ? (step > 0 ? 0 : all.length - 1) : (place + step + all.length) % all.length].focus();
    event.preventDefault();
  });
}
