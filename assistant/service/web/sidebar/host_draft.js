// What stands in the host's own input box, shown in the draft so that its wording is checked before it is sent.

export class HostDraft {
  #shown = new Map(); // by conversation; the draft mirrors the host's box for as long as it holds this very text

  /** `place()` names the open conversation; `tellHost(text)` puts a text in place of all that is in the host's box. */
  constructor(draft, place, tellHost) {
    Object.assign(this, { draft, place, tellHost });
  }

  /** The host's box changed; a draft that the agent writes here is left alone. */
  show(text) {
    const { value } = this.draft.box;
    if (value && !this.mirrors(value)) return;
    const shown = text.replace(/\r\n?/g, "\n"); // as a text box gives it back
    this.#shown.set(this.place(), shown);
    this.draft.replace(shown);
  }

  /** Whether a text of the draft is only what the host's box holds. */
  mirrors(text) {
    return text === this.#shown.get(this.place());
  }

  /** A wording was replaced here; the host's box follows, if it is what was shown. */
  replaced(text, before) {
    if (!this.mirrors(before)) return;
    const place = this.place();
    this.#shown.set(place, text);
    this.tellHost(text).catch(() => this.#shown.delete(place));
  }
}
