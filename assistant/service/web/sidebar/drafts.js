// The agent's draft of each conversation; kept in this tab, so that signing in again or a reload loses none.

const PREFIX = "xiaoer.sidebar.drafts";

export class Drafts {
  #texts = new Map();
  #lasting = new Map();
  #key = null;

  /** From now on the drafts of whoever is signed in; what they wrote before the page was left is there again. */
  keepFor(name) {
    this.#key = `${PREFIX}|${name}`;
    this.#lasting = new Map(stored(this.#key));
    this.#texts = new Map([...this.#lasting, ...this.#texts]);
  }

  get(id) {
    return this.#texts.get(id) ?? "";
  }

  /** A text that is not `lasting` is forgotten with the page: it stands elsewhere too. */
  put(id, text, lasting = true) {
    this.#texts.set(id, text);
    if (text && lasting) this.#lasting.set(id, text);
    else if (!this.#lasting.delete(id)) return;
    this.#store();
  }

  /** A text for a conversation that is no longer open, after what its draft holds. */
  add(id, text) {
    this.put(id, [this.get(id), text].filter(Boolean).join("\n"));
  }

  #store() {
    if (!this.#key) return;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify([...this.#lasting]));
    } catch {
      // No room, or a frame that may store nothing: the drafts last as long as the page.
    }
  }
}

function stored(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}
