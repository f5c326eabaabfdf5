// No host window: the conversation comes from the service alone, a reply goes into the page's draft and the clipboard.

import { copy } from "../../dom.js";

export class ApiHost {
  name = "api";
  takes = "inserted";
  button = "记为已发";

  constructor({ draft }) {
    this.draft = draft;
  }

  /** The service is listened to anyway. */
  start() {}

  agent() {
    return null;
  }

  async insert(text) {
    this.draft.insert(text);
    const copied = await copy(text).then(() => true, () => false);
    return copied ? "已填入草稿，也已复制" : "已填入草稿";
  }
}
