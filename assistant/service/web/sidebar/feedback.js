// What became of each suggestion: shown, put in, changed, sent, put aside, liked or not. Told to the service by and by.

import { Problem } from "../api.js";
import { sendFeedback } from "./service.js";

const MOST_KEPT = 200;

export class Feedback {
  #shown = new Set();
  #waiting = [];
  #taken = null;
  #busy = false;

  /** `about()` gives what every report carries: {conversation_id, shop_id, agent}. */
  constructor(about) {
    this.about = about;
  }

  /** Suggestions that the agent sees; each is told once. */
  shown(suggestions) {
    for (const suggestion of suggestions) {
      if (this.#shown.has(suggestion.id)) continue;
      this.#shown.add(suggestion.id);
      this.tell("shown", suggestion);
    }
  }

  /** A suggestion was put in or copied; the agent's next message shows what was made of it. */
  took(action, suggestion) {
    this.#taken = suggestion;
    this.tell(action, suggestion);
  }

  /** The agent's message: what was taken, as it was or edited. */
  sent(text) {
    const taken = this.#taken;
    this.#taken = null;
    if (taken) this.tell(text.trim() === taken.text.trim() ? "sent" : "edited", taken, { sent_text: text });
  }

  /** Whether something was taken that has not been sent yet. */
  get hasTaken() {
    return this.#taken !== null;
  }

  /** Another turn begins: what was taken for the last one says nothing about this one. */
  forget() {
    this.#taken = null;
  }

  /** Tells it in the background; kept while the service is away. */
  tell(action, suggestion, more = {}) {
    this.#waiting.push(this.#report(action, suggestion, more));
    this.#waiting.splice(0, this.#waiting.length - MOST_KEPT);
    this.flush();
  }

  /** Tells it now; throws when it was not taken in, for what an agent wrote by hand. */
  tellNow(action, suggestion, more = {}) {
    return sendFeedback(this.#report(action, suggestion, more));
  }

  /** Sends what is kept, oldest first. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#waiting.length) {
        await sendFeedback(this.#waiting[0]).catch((error) => { if (!isRefusal(error)) throw error; });
        this.#waiting.shift();
      }
    } catch {
      // The service is away; the next report, or the line coming back, tries again.
    } finally {
      this.#busy = false;
    }
  }

  #report(action, suggestion, more) {
    return { request_id: suggestion.request_id, suggestion_id: suggestion.id, action, ...this.about(), ...more };
  }
}

/** A report that will never be taken in. Too many at once (429) is not that. */
const isRefusal = (error) => error instanceof Problem && error.status !== 429;
