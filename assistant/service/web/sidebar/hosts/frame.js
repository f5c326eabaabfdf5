// Messages between the page and the window that shows it in a frame, from origins of the allow list only.

/** Whether the page is shown inside another one. */
export const isFramed = () => window.parent !== window;

/** `origins`: the service's allow list (setting embed_origins); the service's own origin is always allowed. */
export class Frame {
  constructor(origins) {
    this.origins = new Set([location.origin, ...origins]);
    this.parent = location.ancestorOrigins?.[0] ?? null; // where a browser does not tell, known once the parent spoke
  }

  /** `hear(data)` for every message of the parent window; all others are ignored. */
  listen(hear) {
    window.addEventListener("message", (event) => {
      if (!isFramed() || event.source !== window.parent || !this.origins.has(event.origin)) return;
      this.parent = event.origin;
      hear(event.data);
    });
  }

  /** To the parent window; a page of another origin never gets it, for the browser delivers to the named origin alone. */
  tell(data) {
    if (!isFramed()) return;
    const targets = this.parent ? [this.parent] : [...this.origins];
    for (const origin of targets) if (this.origins.has(origin)) window.parent.postMessage(data, origin);
  }
}
