// Any host that speaks the documented protocol (docs/host-protocol.md): the page in a frame, window messages both ways.

const PROTOCOL = "xiaoer";
const VERSION = 1;
const PATIENCE_MS = 1_500;

export class PostMessageHost {
  name = "postmessage";
  takes = "inserted";
  button = "填入";
  #agent = null;
  #waiting = new Map();
  #number = 0;

  constructor({ frame }) {
    this.frame = frame;
  }

  /** `hear` has conversation(update), draft(text) and open(). */
  start(hear) {
    this.hear = hear;
    this.frame.listen((data) => this.#take(data));
    this.#tell("ready", {});
  }

  agent() {
    return this.#agent;
  }

  /** Puts a text at the host's cursor; `all` in place of everything that stands there. */
  async insert(text, { all = false } = {}) {
    const id = `i-${++this.#number}`;
    const done = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      setTimeout(() => reject(new Error("聊天窗口没有回应")), PATIENCE_MS);
    });
    this.#tell("insert", { id, text, at: all ? "all" : "cursor" });
    await done.finally(() => this.#waiting.delete(id));
    return "已填入聊天窗口";
  }

  /** Asks the host to show another conversation. */
  open(conversationId) {
    this.#tell("open", { conversation_id: conversationId });
    return true;
  }

  #tell(type, data) {
    this.frame.tell({ protocol: PROTOCOL, version: VERSION, type, ...data });
  }

  #take(data) {
    if (data?.protocol !== PROTOCOL || data.version !== VERSION) return;
    if (data.type === "conversation") this.#conversation(data);
    else if (data.type === "draft" && typeof data.text === "string") this.hear.draft(data.text);
    else if (data.type === "inserted") this.#inserted(data);
  }

  #conversation({ conversation, agent }) {
    if (agent) this.#agent = { id: agent.id, name: agent.name };
    if (typeof conversation?.id !== "string" || !conversation.id) return;
    const lines = Array.isArray(conversation.messages) ? conversation.messages : [];
    const messages = lines.filter(isMessage)
      .map(({ id, role, text, sent_at }) => ({ id: String(id), role, text, sent_at }));
    this.hear.conversation({ id: conversation.id, messages, context: { ...conversation.context } });
  }

  #inserted({ id, ok, reason }) {
    const waiting = this.#waiting.get(id);
    if (ok) waiting?.resolve();
    else waiting?.reject(new Error(reason || "聊天窗口没有接受"));
  }
}

/** A line of the chat; private notes between agents are none. */
function isMessage(message) {
  const { id, role, text } = message ?? {};
  const said = ["buyer", "agent", "system"].includes(role) && typeof text === "string";
  return said && id !== undefined && id !== null && !message.private;
}
