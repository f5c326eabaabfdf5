// Chat and sidebar side by side where there is room; on a narrow screen one at a time, with a hint of what waits.

import { byId } from "./dom.js";

/** Shows `chat` or `sidebar` on a narrow screen. */
export function showView(view) {
  byId("workbench").dataset.view = view;
  for (const button of document.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

/** How many suggestions wait behind the other view. */
export function showCount(count) {
  byId("count").hidden = byId("peek").hidden = count === 0;
  byId("count").textContent = String(count);
  byId("peek").textContent = `查看 ${count} 条建议`;
}

export function installViews() {
  for (const button of document.querySelectorAll(".views button")) {
    button.addEventListener("click", () => showView(button.dataset.view));
  }
  byId("peek").addEventListener("click", () => showView("sidebar"));
}
