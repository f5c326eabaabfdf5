// What the host shows is reported to the service, so that its lists, its reports and other pages know it too.

import { Problem } from "../api.js";
import { Backoff } from "./backoff.js";
import { addMessages } from "./service.js";

export class Recording {
  #known = new Set();
  #waiting = [];
  #busy = false;

  constructor() {
    this.backoff = new Backoff(() => this.#flush());
  }

  /** These came from the service, so they need not go there. */
  knows(conversationId, messages) {
    for (const { id } of messages) this.#known.add(`${conversationId}|${id}`);
  }

  /** Messages that the host showed; each is reported once, also after the service was away. */
  report(conversation, messages) {
    const fresh = messages.filter(({ id }) => !this.#known.has(`${conversation.id}|${id}`));
    if (!fresh.length) return;
    this.knows(conversation.id, fresh);
    const { id, shopId, context } = conversation;
    this.#waiting.push({ id, body: { ...(shopId && { shop_id: shopId }), messages: fresh, context } });
    this.#flush();
  }

  async #flush() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting.length) {
        const { id, body } = this.#waiting[0];
        await addMessages(id, body).catch((error) => { if (!(error instanceof Problem)) throw error; });
        this.#waiting.shift();
      }
      this.backoff.succeeded();
    } catch {
      this.backoff.later();
    } finally {
      this.#busy = false;
    }
  }
}
