/**
 * One person at the gate: logs in, connects, sends, and finds the reply to each request. Knows nothing of the page.
 */

/** The protocol of the messages; the only one that the server ever names in its answer. */
const SUBPROTOCOL = "portcullis.v1";

/** A page cannot set a header on a WebSocket, but it can name subprotocols: this one's name carries the token. */
const BEARER_PREFIX = "base64url.bearer.authorization.portcullis.";

const REFUSED = "The gate did not let this token in, or the server could not be reached.";

export class Client {
  #events;
  #socket;
  #attempt;
  #ended = Promise.resolve();
  #nextId = 1;
  #pending = new Map();

  /**
   * `events` has `opened(session)`, `closed(code, reason)`, `refused(why)`, `sent(text)` and
   * `received(message, text, request)`, where `request` is what the message replies to, if it replies to anything.
   */
  constructor(events) {
    this.#events = events;
  }

  /** Logs in and connects. Resolves to the session, or to undefined when there is none. */
  async connect(name, role) {
    const ended = this.disconnect();
    const attempt = new AbortController();
    this.#attempt = attempt;
    try {
      await ended;
      const token = await logIn(name, role, attempt.signal);
      return await this.#open(token, attempt.signal);
    } catch (error) {
      // Whoever pressed "Disconnect" meanwhile knows already.
      if (!attempt.signal.aborted) this.#events.refused(`No token: ${error.message}`);
      return undefined;
    }
  }

  /** Ends the connection, or the attempt to get one. Resolves when there is none any more. */
  disconnect() {
    this.#attempt?.abort();
    this.#socket?.close(1000, "Goodbye");
    return this.#ended;
  }

  /** Sends a text as it is. Returns whether there was a connection to send it on. */
  send(text) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#remember(text);
    this.#events.sent(text);
    this.#socket.send(text);
    return true;
  }

  /** Sends a message of the table. Resolves to its reply, or to undefined when the connection ends before it. */
  request(type, data) {
    const id = String(this.#nextId++);
    if (!this.send(JSON.stringify({ type, id, data }))) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#pending.get(id).resolve = resolve;
    });
  }

  #open(token, signal) {
    const socket = new WebSocket(gateUrl(), [SUBPROTOCOL, BEARER_PREFIX + toBase64url(token)]);
    this.#socket = socket;
    this.#ended = new Promise((resolve) => socket.addEventListener("close", resolve));
    return new Promise((resolve) => {
      let session;
      socket.addEventListener("message", ({ data: text }) => {
        const message = JSON.parse(text);
        // The first message is always the hello, and a session has begun only then.
        if (session === undefined) {
          session = message.data;
          this.#events.opened(session);
        }
        this.#receive(message, text);
        resolve(session);
      });
      socket.addEventListener("close", ({ code, reason }) => {
        this.#forget();
        if (session !== undefined) this.#events.closed(code, reason);
        else if (!signal.aborted) this.#events.refused(REFUSED);
        resolve(undefined);
      });
    });
  }

  #receive(message, text) {
    const request = this.#pending.get(message.re);
    this.#pending.delete(message.re);
    this.#events.received(message, text, request);
    request?.resolve?.(message);
  }

  #forget() {
    this.#socket = undefined;
    for (const { resolve } of this.#pending.values()) resolve?.(undefined);
    this.#pending.clear();
  }

  /** Keeps what is asked, so that its reply can be explained; a text that is no request has no reply to wait for. */
  #remember(text) {
    try {
      const { id, type } = JSON.parse(text);
      if (typeof id === "string") this.#pending.set(id, { id, type });
    } catch {
      // No JSON object: to send that is allowed here, and the server says what it thinks of it.
    }
  }
}

/** Tries to connect without a token. Resolves to the code that the page gets to see, or to undefined if it got in. */
export function knock() {
  const socket = new WebSocket(gateUrl(), [SUBPROTOCOL]);
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

function gateUrl() {
  const url = new URL("/ws", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Of ASCII text, as tokens are. */
function toBase64url(text) {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
