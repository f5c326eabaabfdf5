// The hosts by name. Each has start(hear), insert(text) → what to tell the agent, agent() → {id, name} or null. `takes` says
// what becomes of a reply (inserted or copied), `button` what the draft's button does.

import { ApiHost } from "./api.js";
import { ChatwootHost } from "./chatwoot.js";
import { Frame, isFramed } from "./frame.js";
import { PostMessageHost } from "./post_message.js";
import { QianniuHost } from "./qianniu.js";

const HOSTS = { api: ApiHost, chatwoot: ChatwootHost, postmessage: PostMessageHost, qianniu: QianniuHost };

/** The host of that name; without one it is found out from where the page is shown. */
export function hostFor(name, { origins, draft, conversationId }) {
  const found = HOSTS[name] ?? HOSTS[guess()];
  return new found({ frame: new Frame(origins), draft, conversationId });
}

function guess() {
  if (window.QN) return "qianniu";
  return isFramed() ? "postmessage" : "api";
}
