// The sidebar beside a chat, whatever the chat is: understanding, suggestions or the reason for none, next steps.

import { announce, byId } from "./dom.js";
import { card, markInserted, phraseCard } from "./cards.js";
import { keepTyping } from "./keep_typing.js";
import { abstained, dismissed, failure, hello, loading, replied } from "./notices.js";
import { stepList } from "./steps.js";
import { understandingStrip } from "./understanding.js";

export class Sidebar {
  #shown = [];

  /**
   * `onInsert(text, suggestion)` takes a reply (suggestion null: the phrase that may follow it); `retry` and `withdraw`
   * answer a failure; `onCount(n)` hears how many. `tools(suggestion)` gives a card buttons of its own; `steps` are
   * options of the steps panel.
   */
  constructor({ onInsert, retry, withdraw, onCount, tools = () => null, steps = {} }) {
    Object.assign(this, { onInsert, retry, withdraw, onCount, tools, stepOptions: steps });
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
    if (!this.list.querySelector(".card")) this.#redraw([loading()], true);
    this.#shown = [];
    this.onCount(0);
  }

  answer(response) {
    const { suggestions, abstained: silent, reason, next_phrase: next } = response;
    const after = next ? [phraseCard(next, () => this.onInsert(next.text, null))] : [];
    this.offer(suggestions, { before: silent ? [abstained(reason, suggestions.length > 0)] : [], after });
    this.#explain(response.understanding, response.next_steps);
    announce(silent ? `没有合适的回复：${reason ?? ""}` : `${suggestions.length} 条建议。第一条：${suggestions[0]?.text ?? ""}`);
  }

  /** Cards for these suggestions, numbered from 1 as they stand; understanding and steps stay. */
  offer(suggestions, { before = [], after = [] } = {}) {
    const numbered = suggestions.map((suggestion, index) => ({ ...suggestion, rank: index + 1 }));
    const cards = numbered.map((each) => card(each, () => this.insert(each.rank), this.tools(each)));
    this.#redraw([...before, ...cards, ...after]);
    this.#shown = numbered;
    this.list.scrollTop = 0;
    this.onCount(numbered.length);
  }

  error(error, { again = null } = {}) {
    const notice = failure(error, { retry: this.retry, withdraw: this.withdraw, again });
    this.#redraw([notice]);
    this.#explain(null, []); // what was advised for another message must not stay
    announce(notice.querySelector("h2").textContent);
  }

  /** The agent has replied: the cards have served, the steps are still to be done. */
  replied() {
    this.#redraw([replied()]);
    this.strip.hidden = true;
  }

  /** Puts the suggestion of a rank into the draft; false when there is none to take. */
  insert(rank) {
    const suggestion = this.suggestion(rank);
    if (!suggestion) return false;
    markInserted(this.list, rank);
    this.onInsert(suggestion.text, suggestion);
    return true;
  }

  /** Takes a card away for good; the focus goes on to the next. */
  dismiss(rank, restore) {
    const node = this.#node(rank);
    const next = node?.nextElementSibling?.closest(".card") ?? node?.previousElementSibling?.closest(".card");
    const hadFocus = node?.contains(document.activeElement);
    this.#shown = this.#shown.filter((each) => each.rank !== rank);
    node?.remove();
    if (!this.#shown.length) this.#redraw([dismissed(restore)]);
    this.onCount(this.#shown.length);
    if (hadFocus) (next ?? this.list).focus();
  }

  /** The suggestion of a rank; without one, that of the card with the focus, else the first. */
  suggestion(rank = Number(document.activeElement?.closest?.(".card")?.dataset.rank) || this.#shown[0]?.rank) {
    return this.#shown.find((each) => each.rank === rank) ?? null;
  }

  /** All suggestions that are on show. */
  get shown() {
    return [...this.#shown];
  }

  focus() {
    this.list.focus();
  }

  #node(rank) {
    return this.list.querySelector(`.card[data-rank="${rank}"]`);
  }

  /** Shows these in place of what stood here for the same buyer; a report being written stays. */
  #redraw(nodes, busy = false) {
    keepTyping(this, () => this.#show(nodes, busy));
  }

  #show(nodes, busy = false) {
    const hadFocus = this.list.contains(document.activeElement);
    this.#shown = [];
    this.onCount(0);
    this.list.setAttribute("aria-busy", String(busy));
    this.list.replaceChildren(...nodes);
    if (hadFocus) (this.list.querySelector(".card[tabindex]") ?? this.list).focus();
  }

  #explain(understanding, steps) {
    this.strip.hidden = !understanding;
    this.strip.replaceChildren(...(understanding ? understandingStrip(understanding, steps.length) : []));
    this.steps.hidden = steps.length === 0;
    keepTyping(this, () => this.steps.replaceChildren(...(steps.length ? stepList(steps, this.stepOptions) : [])));
  }
}
