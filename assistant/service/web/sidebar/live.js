// One conversation followed live by server-sent events; what was missed while the line was broken comes first.

import { Problem } from "../api.js";
import { Backoff } from "./backoff.js";
import { eventsOf } from "./event_stream.js";
import { openEvents } from "./service.js";

const SILENCE_MS = 45_000;
const UNSEEN_MS = 60_000; // browsers allow few lines to one service; a page that nobody looks at gives its own up

/** `hear` has messages(update), knowledge(revision), state("live" | "joining" | "lost", seconds), refused(problem). */
export class Live {
  #flight = null;
  #seq = 0;
  #revision = null;
  #silence = null;
  #unseen = null;
  #resting = false;

  constructor(hear) {
    this.hear = hear;
    this.backoff = new Backoff(() => this.#join(), (seconds) => hear.state("lost", seconds));
    document.addEventListener("visibilitychange", () => this.#seenOrNot());
  }

  /** Follows a conversation instead of the one before. */
  follow(id, shopId) {
    this.stop();
    Object.assign(this, { id, shopId });
    this.#seq = 0;
    this.backoff.succeeded();
    this.#join();
  }

  /** Tries at once, also what 重试 does. */
  again() {
    if (this.id) this.backoff.now();
  }

  stop() {
    this.backoff.stop();
    clearTimeout(this.#silence);
    this.#flight?.abort();
  }

  async #join() {
    this.stop();
    const flight = this.#flight = new AbortController();
    this.#resting = false;
    this.hear.state("joining");
    try {
      await this.#listen(flight);
      if (!flight.signal.aborted) this.#lost();
    } catch (error) {
      if (flight.signal.aborted && !flight.silent) return;
      if (error instanceof Problem && [401, 403, 422].includes(error.status)) return this.hear.refused(error);
      this.#lost();
    }
  }

  async #listen(flight) {
    const response = await openEvents(this.id, this.#held(), flight.signal);
    this.backoff.succeeded();
    this.hear.state("live");
    const reading = watched(response.body, () => this.#heard(flight));
    for await (const { event, data } of eventsOf(reading)) {
      if (flight.signal.aborted) return;
      this.#take(event, JSON.parse(data));
    }
  }

  /** What the page holds already, so that only what came after it is sent. */
  #held() {
    return { shop_id: this.shopId, after: this.#seq, revision: this.#revision };
  }

  #take(event, data) {
    if (event === "knowledge") {
      this.#revision = data.revision;
      return this.hear.knowledge(data.revision);
    }
    if (event !== "messages") return;
    this.#seq = Math.max(this.#seq, data.seq);
    this.hear.messages(data);
  }

  /** A line that says nothing for long, not even a comment, is taken for broken. */
  #heard(flight) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => { flight.silent = true; flight.abort(); }, SILENCE_MS);
  }

  #seenOrNot() {
    clearTimeout(this.#unseen);
    if (document.hidden) this.#unseen = setTimeout(() => { this.stop(); this.#resting = true; }, UNSEEN_MS);
    else if (this.#resting) this.again();
  }

  #lost() {
    this.hear.state("lost", 0);
    this.backoff.later();
  }
}

/** The same bytes; `heard()` is called for each piece. */
function watched(body, heard) {
  heard();
  return body.pipeThrough(new TransformStream({
    transform(chunk, controller) { heard(); controller.enqueue(chunk); },
  }));
}
