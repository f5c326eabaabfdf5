// Who waits for an answer, longest first, with the time against the reply target. Read every few seconds.

import { byId, el } from "../dom.js";
import { standing } from "./timer.js";
import { readWaiting } from "./service.js";

const EVERY_MS = 5_000;

export class WaitingList {
  #rows = [];
  #drawn = "";

  /** `place()` gives {shopId, conversationId}; `onOpen(id)` turns to a conversation. */
  constructor(place, onOpen) {
    Object.assign(this, { place, onOpen, list: byId("queue-list"), state: byId("queue-state"), count: byId("queue-count") });
  }

  start() {
    this.read();
    setInterval(() => { if (!document.hidden) this.read(); }, EVERY_MS);
    setInterval(() => this.#tick(), 1000);
  }

  async read() {
    try {
      const { conversations } = await readWaiting(this.place().shopId);
      this.#rows = conversations;
      this.state.textContent = conversations.length ? "" : "没有买家在等，先喘口气。";
    } catch {
      this.state.textContent = "待回复列表暂时读不到，会自动再试。";
    }
    this.#draw();
  }

  #draw() {
    this.count.hidden = this.#rows.length === 0;
    this.count.textContent = String(this.#rows.length);
    const { conversationId } = this.place();
    const drawn = JSON.stringify([this.#rows, conversationId]);
    if (drawn === this.#drawn) return; // what is being clicked must not be replaced under the pointer
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.("#queue-list button")?.dataset.id;
    this.list.replaceChildren(...this.#rows.map((row) => this.#row(row, row.conversation_id === conversationId)));
    if (focused) this.list.querySelector(`button[data-id="${CSS.escape(focused)}"]`)?.focus();
    this.#tick();
  }

  #row({ conversation_id: id, buyer, last_text: said }, isOpen) {
    return el("li", {}, el("button", {
      type: "button", "data-id": id, "aria-current": isOpen ? "true" : null, onclick: () => this.onOpen(id),
    },
    el("span", { class: "queue-who" }, buyer || id), el("span", { class: "wait" }), el("span", { class: "queue-said" }, said)));
  }

  /** The times go on, in place. */
  #tick() {
    for (const [index, node] of [...this.list.querySelectorAll(".wait")].entries()) {
      const { waiting_since: since, reply_target_s: target } = this.#rows[index];
      const { level, text, words } = standing(Date.parse(since), Date.now(), target);
      node.dataset.level = level;
      node.textContent = level === "calm" ? text : `${text} · ${words}`;
    }
  }
}
