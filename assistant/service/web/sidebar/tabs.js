// Work, the waiting list or the hand-over table; where there is room the list stands beside the work all the time.

import { byId } from "../dom.js";

/** Shows `work`, `queue` or `handovers`. */
export function showTab(view) {
  byId("desk").dataset.view = view;
  for (const button of document.querySelectorAll(".tabs [data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

/** `onShow(view)` hears which one is looked at. */
export function installTabs(onShow) {
  for (const button of document.querySelectorAll(".tabs [data-view]")) {
    button.addEventListener("click", () => { showTab(button.dataset.view); onShow(button.dataset.view); });
  }
}
