// Work, the waiting list or the hand-over table; where there is room the list stands beside the work all the time.

import { byId } from "../dom.js";

const beside = matchMedia("(min-width: 1000px)"); // as in desk.css
beside.addEventListener("change", () => mark());

/** Shows `work`, `queue` or `handovers`. */
export function showTab(view) {
  byId("desk").dataset.view = view;
  mark();
}

/** Marks the tab of what is shown; where the list has no tab of its own, it is the work that it stands beside. */
function mark() {
  const { view } = byId("desk").dataset;
  const shown = beside.matches && view === "queue" ? "work" : view;
  for (const button of document.querySelectorAll(".tabs [data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === shown));
  }
}

/** `onShow(view)` hears which one is looked at. */
export function installTabs(onShow) {
  for (const button of document.querySelectorAll(".tabs [data-view]")) {
    button.addEventListener("click", () => { showTab(button.dataset.view); onShow(button.dataset.view); });
  }
}
