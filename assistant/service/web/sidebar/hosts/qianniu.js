// 千牛 H5 plug-in: the client tells who the open buyer is and takes texts into its input box. It hands out no chat
// lines; those come through the service's API. Buyers are named by securityUID, no longer by nick.

const CHANGED = "wangwang.active_contact_changed";
const PATIENCE_MS = 1_500;

export class QianniuHost {
  name = "qianniu";
  takes = "inserted";
  button = "填入";
  #uid = null;
  #asked = null;

  /** `conversationId` names the buyer until the client does. */
  constructor({ conversationId, client = window.QN }) {
    this.#uid = conversationId;
    this.client = client;
  }

  /** `hear` has conversation(update): another buyer's chat was opened. */
  start(hear) {
    this.hear = hear;
    this.client?.event?.regEvent?.({ eventId: CHANGED, notify: () => this.#ask(), success() {}, error() {} });
    this.#ask();
  }

  agent() {
    return null; // the sign-in says who it is
  }

  /** Puts a text into the input box of the open chat; nothing is sent. */
  async insert(text) {
    if (!this.client) throw new Error("没有找到千牛，请在千牛客户端里打开这个页面");
    if (!this.#uid) throw new Error("还不知道在和哪位买家聊天，请先点开一个会话");
    const uid = this.#uid;
    if (this.client.app?.invoke) await this.#invoke({ api: "insertText2Inputbox", query: { uid, text } });
    else await this.#invoke({ cmd: "insertText2Inputbox", param: { uid, text, type: 0 } });
    return "已填入千牛输入框";
  }

  async #ask() {
    const mine = this.#asked = {};
    const call = this.client?.app?.invoke ? { api: "getActiveUser", query: {} } : { cmd: "getActiveUser", param: {} };
    const answer = await this.#invoke(call).catch(() => null);
    if (mine !== this.#asked) return; // another chat was opened meanwhile; only the newest answer counts
    const { securityUID, uid } = { ...parsed(answer) };
    const id = securityUID || uid;
    if (!id) return;
    this.#uid = String(id);
    this.hear.conversation({ id: this.#uid, messages: [], context: { channel: "qianniu" } });
  }

  /** Older clients know only `wangwang`. Some answer by callback, some by a promise, some not at all. */
  #invoke(call) {
    const where = call.api ? this.client?.app : this.client?.wangwang;
    if (!where?.invoke) return Promise.reject(new Error("这个千牛版本不支持，请升级客户端"));
    return new Promise((resolve, reject) => {
      const failed = (reason) => reject(new Error(`千牛没有接受：${reason?.message ?? reason ?? "原因不明"}`));
      setTimeout(resolve, PATIENCE_MS); // no answer is no refusal
      where.invoke({ ...call, success: resolve, error: failed })?.then?.(resolve, failed);
    });
  }
}

function parsed(answer) {
  if (typeof answer !== "string") return answer;
  try {
    return JSON.parse(answer);
  } catch {
    return { uid: answer };
  }
}
