/**
 * One person at the gate, by way of the library's own client: logs in, connects, sends, and finds the reply to each
 * request. Knows nothing of the page.
 */

import { createClient } from "./portcullis.js";
import { WatchedTransport } from "./watched_transport.js";

/** The subprotocol of the messages; the one that a page without a token offers alone. */
const SUBPROTOCOL = "portcullis.v1";

export class Visitor {
  #events;
  #client;
  #asked = new Map();
  #watched;
  #wasOpen = false;

  /**
   * `events` has `opened(session)`, also when the session's roles change, `waiting(delayMs, why)`, `stopped(why)`,
   * `sent(text)` and `received(message, text, request)`, where `request` is what the message replies to, if it replies to
   * anything. Those who watch `watched.name` see what the gate does with the connection; each waits for `watched.ready()`.
   */
  constructor(events, watched) {
    this.#events = events;
    this.#watched = watched;
  }

  /** Logs in and connects. Resolves to the session, or to undefined when there will be none. */
  async connect(name, role) {
    this.disconnect();
    const transport = new WatchedTransport(this.#watched.ready);
    const client = createClient({
      url: gateUrl(this.#watched.name),
      checkUrl: `/ws/check?watch=${this.#watched.name}`,
      transport,
      getToken: ({ signal }) => logIn(name, role, signal),
      tap: { sent: (text) => this.#sent(text), received: (text) => this.#received(text) },
      // What goes wrong on the way shows in the state.
      reportError: () => {},
    });
    this.#client = client;
    client.onState((state) => client === this.#client && this.#tell(state, transport));
    try {
      return await client.open();
    } catch {
      return undefined; // Stopped, which the state has told already.
    }
  }

  /** Ends the connection, or the attempt to get one. */
  disconnect() {
    this.#client?.close();
    this.#asked.clear();
  }

  /** Sends a text as it is. Returns whether there was a session to send it in. */
  send(text) {
    return this.#client?.sendRaw(text) === true;
  }

  /** Sends a message of the table. Resolves to its reply, or to undefined when there is none. */
  async request(type, data) {
    try {
      return { type: "ok", data: await this.#client?.request(type, data) };
    } catch (error) {
      return error.denial === undefined ? undefined : { type: "error", ...error.denial };
    }
  }

  #tell(state, { lastClose }) {
    const isBackAtOnce = state.status === "connecting" && this.#wasOpen;
    this.#wasOpen = state.status === "open";
    if (state.status === "open") this.#events.opened(state.session);
    // The session has ended all the same, which this state does not say.
    if (isBackAtOnce) this.#events.waiting(0, { kind: "closed", ...lastClose });
    if (state.status === "waiting") this.#events.waiting(state.delayMs, state.why);
    if (state.status === "stopped") this.#events.stopped(state.why);
  }

  /** Keeps what is asked, so that its reply can be explained; a text that is no request has no reply to wait for. */
  #sent(text) {
    const { id, type } = parse(text);
    if (typeof id === "string") this.#asked.set(id, { id, type });
    this.#events.sent(text);
  }

  #received(text) {
    const message = parse(text);
    const request = this.#asked.get(message.re);
    this.#asked.delete(message.re);
    this.#events.received(message, text, request);
  }
}

/** Tries to connect without a token. Resolves to the code that the page gets to see, or to undefined if it got in. */
export function knock(watchName) {
  const socket = new WebSocket(gateUrl(watchName), [SUBPROTOCOL]);
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      resolve(undefined);
      socket.close(1000);
    });
    socket.addEventListener("close", ({ code }) => resolve(code));
  });
}

async function logIn(name, role, signal) {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name, role }),
    signal,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer.token;
}

function gateUrl(watchName) {
  const url = new URL(`/ws?watch=${watchName}`, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** The members of a JSON object; of anything else, none. */
function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {}; // No JSON: to send that is allowed here, and the server says what it thinks of it.
  }
}
