// What is written but not saved yet is kept in this browser, so that neither a reload nor a crash loses it.

const PREFIX = "xiaoer.console.unsaved";

export class Unsaved {
  /** `place` names what is edited: an entry, a proposal, or a new entry of a shop. */
  constructor(who, place) {
    this.key = [PREFIX, who.name, place].join("|");
  }

  /** What was kept: {draft, base, at}; null when nothing was. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  /** Keeps a draft and the version that it was written over. */
  keep(draft, base) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ draft, base, at: Date.now() }));
      return true;
    } catch {
      return false; // no room in this browser's storage; the page says so
    }
  }

  forget() {
    localStorage.removeItem(this.key);
  }
}
