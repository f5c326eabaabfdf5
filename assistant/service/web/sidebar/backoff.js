// Trying again, a little later each time, and saying when.

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** `attempt()` is called when the wait is over; `tell(seconds)` every second until then. */
export class Backoff {
  #tries = 0;
  #timer = null;

  constructor(attempt, tell = () => {}) {
    Object.assign(this, { attempt, tell });
  }

  /** Waits and tries again; the wait doubles each time, with some chance in it so that pages do not all come at once. */
  later() {
    this.stop();
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    this.#count(Date.now() + wait);
  }

  /** At once. */
  now() {
    this.stop();
    this.attempt();
  }

  /** It worked: the next wait is a short one again. */
  succeeded() {
    this.stop();
    this.#tries = 0;
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #count(due) {
    const left = due - Date.now();
    if (left <= 0) return this.attempt();
    this.tell(Math.ceil(left / 1000));
    this.#timer = setTimeout(() => this.#count(due), Math.min(left, 1000));
  }
}
