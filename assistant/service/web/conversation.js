// The conversation so far: who said what, which turn of the buyer waits. Knows nothing of the page.

import { newId } from "./dom.js";

const MOST_SENT = 60;

/** Fires `change` after every change. */
export class Conversation extends EventTarget {
  constructor() {
    super();
    this.clear();
  }

  /** Adds a message of the buyer or the agent and returns it; blank text is not a message. */
  say(role, text) {
    if (!text.trim()) return null;
    const message = { id: newId("m"), role, text: text.trim(), sent_at: new Date().toISOString() };
    this.messages.push(message);
    this.#changed();
    return message;
  }

  /** Takes the last message back, for one that the service cannot read. */
  withdraw() {
    const message = this.messages.pop();
    this.#changed();
    return message;
  }

  clear() {
    this.id = newId("c");
    this.messages = [];
    this.#changed();
  }

  /** The buyer's consecutive last messages, which no agent has answered yet. */
  get waiting() {
    const answered = this.messages.findLastIndex((message) => message.role === "agent");
    return this.messages.slice(answered + 1);
  }

  /** The message that a fresh suggestion must name. */
  get newestBuyerId() {
    return this.messages.findLast((message) => message.role === "buyer")?.id ?? null;
  }

  /** A suggestion request for the waiting turn, with an id of its own; null when nobody waits. */
  request(context) {
    if (!this.waiting.length) return null;
    return {
      request_id: newId("r"), conversation_id: this.id,
      messages: this.messages.slice(-MOST_SENT), context, limit: 3,
    };
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
