// The open conversation: messages of host and service become one, and whatever depends on them follows.

import { drawBubbles } from "../chat.js";
import { byId, el } from "../dom.js";

export class Desk {
  #target = null;
  #seen = new Map();
  #told = new Map(); // what each source last told of this conversation beside the messages

  /**
   * `parts`: conversation, live, recording, feedback, timer, holding, phrases, asker, sidebar, draft, drafts, and names().
   */
  constructor(parts) {
    Object.assign(this, parts);
    this.conversation.addEventListener("change", () => this.#drawTalk());
    this.#drawTalk();
  }

  /** Turns to another conversation; nothing that was made for the one before stays, its draft waits for it. */
  open(id, shopId) {
    if (id === this.conversation.id) return;
    this.asker.stop();
    this.feedback.forget();
    this.holding.hide();
    this.phrases.close();
    this.sidebar.welcome();
    this.conversation.open(id, shopId);
    this.#told.clear();
    this.draft.replace(this.drafts.get(id));
    this.live.follow(id, shopId);
  }

  /** What the service tells: messages, context, the reply target. */
  fromService({ messages, context = {}, reply_target_s: target }) {
    this.#target = target ?? this.#target;
    this.recording.knows(this.conversation.id, messages);
    // With messages that are known already it is the echo of what this page reported, which names no new part.
    const isEcho = messages.length > 0 && Object.keys(context).every((part) => part in this.conversation.context);
    this.#take(messages, this.#learns("service", context) && !isEcho);
  }

  /** What the host shows; the service is told of it. */
  fromHost({ id, messages, context }) {
    this.open(id, this.conversation.shopId);
    const isNew = this.#learns("host", context);
    this.recording.report(this.conversation, messages);
    this.#take(messages, isNew);
  }

  /** The agent says that the draft was sent, where nobody else shows it. */
  recordSent(text) {
    const message = this.conversation.say("agent", text);
    this.recording.report(this.conversation, [message]);
    this.#answered([message]);
  }

  /** The knowledge or the context changed: what is on offer may be out of date, unless the agent has already taken it. */
  refresh() {
    if (this.conversation.waiting.length && !this.feedback.hasTaken) this.asker.now();
  }

  /** Asks (again) for the waiting turn, if there is one. */
  ask() {
    if (this.conversation.waiting.length) this.asker.now();
    else if (this.conversation.messages.length) this.sidebar.replied();
    else this.sidebar.welcome();
  }

  /** Learns what a source tells beside the messages; whether that is something else than it told before. */
  #learns(source, context) {
    const told = JSON.stringify({ ...context, now: null }); // the time goes on by itself
    const isNew = told !== this.#told.get(source);
    this.#told.set(source, told);
    this.conversation.learn(context);
    return isNew;
  }

  #take(messages, isNewContext) {
    const fresh = this.conversation.merge(messages);
    this.#drawHead();
    if (!fresh.length) return void (isNewContext && this.refresh());
    this.#answered(fresh.filter(({ role }) => role === "agent"));
    if (this.conversation.waiting.length) this.asker.soon();
  }

  #answered(said) {
    for (const { text } of said) this.feedback.sent(text);
    if (!said.length || this.conversation.waiting.length) return;
    this.asker.stop();
    this.feedback.forget();
    this.holding.hide();
    this.sidebar.replied();
  }

  #drawTalk() {
    drawBubbles(byId("bubbles"), this.conversation, this.names());
    this.#drawHead();
  }

  #drawHead() {
    const { id: where, waiting, messages } = this.conversation;
    byId("buyer").textContent = this.names().buyer;
    byId("turn").hidden = waiting.length === 0;
    byId("turn").replaceChildren(...turn(waiting));
    const seen = ({ id }) => `${where}|${id}`; // ids are unique within a conversation only
    for (const each of messages) if (!this.#seen.has(seen(each))) this.#seen.set(seen(each), new Date().toISOString());
    const oldest = waiting[0];
    this.timer.show(oldest ? oldest.sent_at ?? this.#seen.get(seen(oldest)) : null, this.#target);
  }
}

function turn(waiting) {
  if (!waiting.length) return [];
  const merged = waiting.length > 1 && el("span", { class: "hint" }, `${waiting.length} 条合为一轮`);
  return [el("span", { class: "visually-hidden" }, "买家："), el("q", {}, waiting.map(({ text }) => text).join(" ")), merged]
    .filter(Boolean);
}
