// 换一批: the next best replies to the same turn of the same buyer, in threes, until there are none left.

import { suggest } from "../api.js";

const PER_BATCH = 3;
const MOST = 10;

export class Batches {
  #first = [];
  #pool = null;
  #seen = new Set();
  #of = null;

  /** `build(limit)` gives the request for the waiting turn, `turn()` what names that turn; both null when nobody waits. */
  constructor(build, turn) {
    Object.assign(this, { build, turn });
  }

  /** A fresh answer: its suggestions are the first batch. */
  start(suggestions) {
    this.#first = suggestions;
    this.#of = this.turn();
    this.#pool = null;
    this.#seen = new Set(suggestions.map(({ text }) => text));
  }

  /** The next batch {suggestions, again}; `again` when it is the first one once more. Null for any turn but the answered. */
  async next() {
    const turn = this.turn(), first = this.#first;
    if (!turn || turn !== this.#of) return null;
    const pool = this.#pool ?? await this.#more();
    if (!pool || turn !== this.turn() || first !== this.#first) return null;
    this.#pool = pool;
    const suggestions = this.#pool.splice(0, PER_BATCH);
    if (suggestions.length) return { suggestions, again: false };
    this.#pool = null;
    this.#seen = new Set(this.#first.map(({ text }) => text));
    return { suggestions: this.#first, again: true };
  }

  async #more() {
    const request = this.build(MOST);
    if (!request) return null;
    const response = await suggest(request);
    const fresh = response.suggestions.filter(({ text }) => !this.#seen.has(text));
    return fresh.map((suggestion) => ({ ...suggestion, request_id: response.request_id }));
  }
}
