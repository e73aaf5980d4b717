/**
 * The transport of a page, for connections that are watched: it waits until somebody watches, and remembers how each connection ended. A
 * client that comes back at once, as with a new token, does not say so.
 */

import { webSocketTransport } from "./portcullis.js";

export class WatchedTransport {
  sendsHeaders = false;
  /** How the last connection ended that was open: `{ code, reason }`. */
  lastClose;
  #ready;
  #inner = webSocketTransport();

  /** `ready()` resolves when what comes next is watched, or when that cannot be waited for. */
  constructor(ready) {
    this.#ready = ready;
  }

  connect(request, events) {
    let link;
    let isGivenUp = false;
    this.#ready().then(() => {
      if (isGivenUp) return events.closed({ kind: "unreachable" });
      link = this.#inner.connect(request, { ...events, ...this.#remembering(events) });
    });
    return {
      send: (text) => link?.send(text) === true,
      close: (code, reason) => {
        isGivenUp = true;
        link?.close(code, reason);
      },
    };
  }

  #remembering(events) {
    return {
      closed: (end) => {
        if (end.kind === "closed") this.lastClose = { code: end.code, reason: end.reason };
        events.closed(end);
      },
    };
  }
}
