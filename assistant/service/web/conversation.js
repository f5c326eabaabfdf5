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
    this.open(newId("c"));
  }

  /** Turns to another conversation; nothing of the one before is kept. */
  open(id, shopId = null) {
    Object.assign(this, { id, shopId, messages: [], context: {} });
    this.#changed();
  }

  /** Takes in messages from elsewhere, each once (by its id); gives those that are new. */
  merge(messages) {
    const known = new Map(this.messages.map((message) => [message.id, message]));
    const fresh = messages.filter((message) => !message.private && message.text?.trim() && !known.has(message.id));
    if (!fresh.length) return fresh;
    this.messages = inOrder([...this.messages, ...fresh]);
    this.#changed();
    return fresh;
  }

  /** Takes in what is known beside the messages; what is not named stays as it was. */
  learn(context) {
    this.context = { ...this.context, ...context };
  }

  /** The buyer's consecutive last messages, which no agent has answered yet. */
  get waiting() {
    const answered = this.messages.findLastIndex((message) => message.role === "agent");
    return this.messages.slice(answered + 1).filter((message) => message.role === "buyer");
  }

  /** The message that a fresh suggestion must name. */
  get newestBuyerId() {
    return this.messages.findLast((message) => message.role === "buyer")?.id ?? null;
  }

  /** A suggestion request for the waiting turn, with an id of its own; null when nobody waits. */
  request(context = this.context, limit = 3) {
    if (!this.waiting.length) return null;
    return {
      request_id: newId("r"), conversation_id: this.id, ...(this.shopId && { shop_id: this.shopId }),
      messages: this.messages.slice(-MOST_SENT), context, limit,
    };
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** By time where every message has one, else as they came. */
function inOrder(messages) {
  if (!messages.every((message) => message.sent_at)) return messages;
  return messages.toSorted((one, other) => Date.parse(one.sent_at) - Date.parse(other.sent_at));
}
