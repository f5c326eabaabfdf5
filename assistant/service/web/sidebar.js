// The sidebar beside a chat, whatever the chat is: understanding, suggestions or the reason for none, next steps.

import { announce, byId } from "./dom.js";
import { card, markInserted, phraseCard } from "./cards.js";
import { abstained, failure, hello, loading, replied } from "./notices.js";
import { stepList } from "./steps.js";
import { understandingStrip } from "./understanding.js";

export class Sidebar {
  #suggestions = [];

  /** `onInsert(text)` takes a reply into the draft; `retry` and `withdraw` answer a failure; `onCount(n)` hears how many. */
  constructor({ onInsert, retry, withdraw, onCount }) {
    Object.assign(this, { onInsert, retry, withdraw, onCount });
    this.strip = byId("understanding");
    this.list = byId("suggestions");
    this.steps = byId("steps");
    this.welcome();
  }

  /** Before the first message. */
  welcome() {
    this.#show([hello()]);
    this.#explain(null, []);
  }

  /** A message is being answered: old cards fade and cannot be taken, for they answer another message. */
  busy() {
    this.list.setAttribute("aria-busy", "true");
    if (!this.list.querySelector(".card")) this.#show([loading()], true);
    this.#suggestions = [];
    this.onCount(0);
  }

  answer(response) {
    const { suggestions, abstained: silent, reason, next_phrase: next } = response;
    const cards = suggestions.map((suggestion) => card(suggestion, () => this.insert(suggestion.rank)));
    const after = next ? [phraseCard(next, () => this.onInsert(next.text))] : [];
    this.#show([...(silent ? [abstained(reason, cards.length > 0)] : []), ...cards, ...after]);
    this.#explain(response.understanding, response.next_steps);
    this.#suggestions = suggestions;
    this.list.scrollTop = 0;
    this.onCount(suggestions.length);
    announce(silent ? `没有合适的回复：${reason ?? ""}` : `${suggestions.length} 条建议。第一条：${suggestions[0]?.text ?? ""}`);
  }

  error(error) {
    const notice = failure(error, { retry: this.retry, withdraw: this.withdraw });
    this.#show([notice]);
    this.#explain(null, []); // what was advised for another message must not stay
    announce(notice.querySelector("h2").textContent);
  }

  /** The agent has replied: the cards have served, the steps are still to be done. */
  replied() {
    this.#show([replied()]);
    this.strip.hidden = true;
  }

  /** Puts the suggestion of a rank into the draft; false when there is none to take. */
  insert(rank) {
    const suggestion = this.#suggestions.find((each) => each.rank === rank);
    if (!suggestion) return false;
    markInserted(this.list, rank);
    this.onInsert(suggestion.text);
    return true;
  }

  focus() {
    this.list.focus();
  }

  #show(nodes, busy = false) {
    this.#suggestions = [];
    this.onCount(0);
    this.list.setAttribute("aria-busy", String(busy));
    this.list.replaceChildren(...nodes);
  }

  #explain(understanding, steps) {
    this.strip.hidden = !understanding;
    this.strip.replaceChildren(...(understanding ? understandingStrip(understanding, steps.length) : []));
    this.steps.hidden = steps.length === 0;
    this.steps.replaceChildren(...(steps.length ? stepList(steps) : []));
  }
}
