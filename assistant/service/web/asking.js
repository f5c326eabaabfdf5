// Asks for suggestions when the buyer pauses, and lets only the newest answer through.

import { Problem, suggest } from "./api.js";

const PAUSE_MS = 280;

/** `build()` gives the request or null; `newest()` the id of the buyer's newest message; `show` has busy, answer, error. */
export class Asker {
  #timer = null;
  #flight = null;

  constructor({ build, newest, show }) {
    Object.assign(this, { build, newest, show });
  }

  /** After a short pause: a buyer often sends one thought in several messages. */
  soon() {
    this.stop();
    this.show.busy();
    this.#timer = setTimeout(() => this.now(), PAUSE_MS);
  }

  /** At once. */
  async now() {
    this.stop();
    const request = this.build();
    if (!request) return;
    this.show.busy();
    const flight = new AbortController();
    this.#flight = flight;
    try {
      const response = await suggest(request, flight.signal);
      if (flight.signal.aborted) return;
      if (response.for_message_id !== this.newest()) throw new Problem(NOT_FOR_THIS);
      this.show.answer(response);
    } catch (error) {
      if (!flight.signal.aborted) this.show.error(error);
    }
  }

  /** Forgets what was asked; an answer that still comes is dropped. */
  stop() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }
}

const NOT_FOR_THIS = { title: "这次的建议已过期", detail: "收到的建议不是针对买家最新一条消息的，已经丢弃。" };
