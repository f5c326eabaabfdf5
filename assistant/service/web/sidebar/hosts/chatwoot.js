// Chatwoot dashboard app: the host sends the whole context as a JSON string, on request and whenever it changes.

import { copy } from "../../dom.js";

const ASK = "chatwoot-dashboard-app:fetch-info";
const ROLES = { 0: "buyer", 1: "agent" }; // 2 is an activity line, 3 a template: neither was said by a person
const REFRESH_MS = 5_000;

export class ChatwootHost {
  name = "chatwoot";
  takes = "copied";
  button = "复制";
  #agent = null;

  constructor({ frame }) {
    this.frame = frame;
  }

  /** `hear` has conversation(update). Asks at once and again by and by: not every version tells of new messages. */
  start(hear) {
    this.hear = hear;
    this.frame.listen((data) => this.#take(data));
    this.frame.tell(ASK);
    setInterval(() => { if (!document.hidden) this.frame.tell(ASK); }, REFRESH_MS);
  }

  agent() {
    return this.#agent;
  }

  /** Chatwoot lets no app write into its editor. */
  async insert(text) {
    await copy(text);
    return "Chatwoot 不能自动填入，已复制，请在回复框里粘贴（Ctrl+V）";
  }

  #take(data) {
    const event = typeof data === "string" ? parsed(data) : null;
    if (event?.event !== "appContext") return;
    const { conversation, contact, currentAgent } = event.data ?? {};
    if (currentAgent) this.#agent = { id: text(currentAgent.id), name: currentAgent.name };
    if (conversation?.id === undefined || conversation.id === null) return;
    const nick = conversation.meta?.sender?.name ?? contact?.name;
    const lines = Array.isArray(conversation.messages) ? conversation.messages : [];
    this.hear.conversation({
      id: String(conversation.id),
      messages: lines.filter(isSaid).map(messageOf),
      context: { channel: "chatwoot", ...(nick && { buyer: { nick } }) },
    });
  }
}

const isSaid = ({ content, message_type: type, private: isNote }) => Boolean(content?.trim()) && type in ROLES && !isNote;

const messageOf = ({ id, content, message_type: type, created_at: at }) =>
  ({ id: String(id), role: ROLES[type], text: content, ...(at && { sent_at: moment(at) }) });

/** Seconds since 1970, or a text of a time, as versions differ. */
const moment = (at) => new Date(typeof at === "number" ? at * 1000 : at).toISOString();
const text = (value) => (value === undefined || value === null ? undefined : String(value));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // other programs' messages come by here too
  }
}
