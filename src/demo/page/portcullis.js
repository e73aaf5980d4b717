// Made from src/client by `npm run page`: read it there.

// src/client/backoff.ts
var Backoff = class {
  #options;
  #random;
  #attempts = 0;
  /**
   * @param options The spans.
   * @param random Draws a number from 0 (included) to 1 (not included).
   */
  constructor(options, random) {
    this.#options = options;
    this.#random = random;
  }
  /**
   * Tells the next wait, and doubles the span of the one after it.
   *
   * @param hintMs What the server asked for at least. The random part comes on top: whom the server sent away together must
   * not come back together.
   * @returns Milliseconds.
   */
  next(hintMs = 0) {
    const { backoffBaseMs, backoffMaxMs, maxHintMs } = this.#options;
    const spanMs = Math.min(backoffMaxMs, backoffBaseMs * 2 ** this.#attempts);
    this.#attempts = Math.min(this.#attempts + 1, 52);
    const delayMs = Math.min(Math.max(hintMs, 0), maxHintMs) + Math.floor(this.#random() * spanMs);
    return Math.max(1, delayMs);
  }
  /** Begins with the shortest span again. */
  reset() {
    this.#attempts = 0;
  }
};

// src/base/errors.ts
var ERROR_CODES = {
  invalid_argument: "An argument or option is outside what its documentation allows.",
  weak_key: "An HMAC key is shorter than its hash, or is key material of another kind.",
  invalid_permissions: "A permission table contradicts itself.",
  invalid_delivery: "The data of a delivery does not satisfy the row of its type.",
  async_validator: "A validator answered with a promise; messages are judged synchronously.",
  invalid_state: "The object is in a state, or on a side, in which this call makes no sense.",
  handshake_refused: "The server answered the client's handshake with something other than a valid 101.",
  connect_failed: "The client could not reach the server.",
  connect_timeout: "The handshake took longer than its deadline.",
  aborted: "The caller's AbortSignal ended the attempt or the request; or a session ended under its handler.",
  handler_timeout: "A handler took longer than its deadline.",
  unsupported: "This runtime does not have what was asked of it.",
  token_failed: "The application's getToken failed, or answered with something that is no token.",
  token_refused: "The application's getToken answered with a token that the server has refused before.",
  denied: "The server denied a request; `denial` says why.",
  request_timeout: "No reply to a request came in time; it may have been carried out.",
  connection_lost: "The connection ended before the reply to a request; it may have been carried out.",
  too_many_requests: "More requests are pending than the client's limit allows.",
  message_too_large: "A message is longer than what the server takes.",
  invalid_message: "The server sent something that is no message of the protocol.",
  client_stopped: "The client has stopped for good."
};
var PortcullisError = class extends Error {
  /** The name of the class, as it is printed in front of the message. */
  name = "PortcullisError";
  /** The stable code; the message may change between versions, this may not. */
  code;
  /** The HTTP status that refused a client's handshake, when there was one. */
  status;
  /** When the server that refused a handshake wants to be asked again, in milliseconds from then, if it said so. */
  retryAfterMs;
  /** Why the server denied a request, with the code `denied`. */
  denial;
  /**
   * Makes an error.
   *
   * @param code The stable code.
   * @param message A sentence with the actual and the wanted value; never a token, key or payload.
   * @param details What else there is to say.
   */
  constructor(code, message, details = {}) {
    super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.denial = details.denial;
  }
};

// src/base/limit_table.ts
function resolveTable(table, chosen) {
  const names = Object.keys(table);
  for (const name of Object.keys(chosen)) {
    if (!Object.hasOwn(table, name)) {
      throw new PortcullisError(
        "invalid_argument",
        `Unknown limit "${name}". Known: ${names.join(", ")}.`
      );
    }
  }
  const resolved = names.map((name) => [name, limitWithin(name, table[name], chosen[name])]);
  return Object.freeze(Object.fromEntries(resolved));
}
function limitWithin(name, row, value) {
  if (value === void 0) return row.default;
  if (Number.isSafeInteger(value) && value >= row.min && value <= row.max) return value;
  throw new PortcullisError(
    "invalid_argument",
    `Limit ${name} is ${String(value)}; it must be a whole number from ${row.min} to ${row.max}.`
  );
}

// src/client/client_limits.ts
var CLIENT_LIMITS = {
  connectTimeoutMs: {
    default: 1e4,
    min: 1,
    max: 6e5,
    stops: "A server that takes the connection, or the question for a ticket, and never answers."
  },
  tokenTimeoutMs: {
    default: 3e4,
    min: 1,
    max: 6e5,
    stops: "A `getToken` that never answers."
  },
  requestTimeoutMs: {
    default: 3e4,
    min: 1,
    max: 864e5,
    stops: "A request whose reply never comes."
  },
  backoffBaseMs: {
    default: 1e3,
    min: 1,
    max: 6e5,
    stops: "A thousand clients that all come back in the moment in which their server does."
  },
  backoffMaxMs: {
    default: 3e4,
    min: 1,
    max: 864e5,
    stops: "A wait that has doubled so often that nobody lives to see its end."
  },
  maxHintMs: {
    default: 6e5,
    min: 0,
    max: 864e5,
    stops: "A server, or a proxy in front of it, that sends the client away for a year."
  },
  stableAfterMs: {
    default: 1e4,
    min: 0,
    max: 864e5,
    stops: "A server that lets in and throws out in a circle: only a session of this length makes waits short again."
  },
  maxPendingRequests: {
    default: 1e3,
    min: 1,
    max: 1e6,
    stops: "Requests that pile up while there is no session, or no reply."
  },
  maxRefusedTokens: {
    default: 100,
    min: 1,
    max: 1e5,
    stops: "A memory of refused tokens that grows for as long as the page is open."
  },
  maxTokenBytes: {
    default: 8192,
    min: 64,
    max: 1048576,
    stops: "A `getToken` that answers with the login page: no server would read that much of a header."
  }
};
function resolveClientLimits(chosen = {}) {
  return resolveTable(CLIENT_LIMITS, chosen);
}

// src/base/result.ts
function ok(value) {
  return { ok: true, value };
}
function fault(why) {
  return { ok: false, fault: why };
}

// src/client/retry_after.ts
var DELAY_SECONDS = /^\d{1,9}$/;
function parseRetryAfter(value, nowMs) {
  if (value === null || value === void 0) return void 0;
  if (DELAY_SECONDS.test(value)) return Number(value) * 1e3;
  if (!/^[A-Z][a-z]{2,8},? .{10,40}$/.test(value)) return void 0;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? void 0 : Math.max(0, atMs - nowMs);
}

// src/protocol/close_codes.ts
var CLOSE = {
  normal: { code: 1e3, meaning: "The purpose of the connection is fulfilled.", client: "stop" },
  goingAway: {
    code: 1001,
    meaning: "The peer leaves: a page navigates away, a server goes down.",
    client: "reconnect"
  },
  protocolError: { code: 1002, meaning: "The peer broke a rule of the protocol.", client: "stop" },
  unsupportedData: { code: 1003, meaning: "The endpoint cannot take this kind of data.", client: "stop" },
  noStatus: { code: 1005, meaning: "The Close frame carried no code; never on the wire.", client: "backoff" },
  abnormal: { code: 1006, meaning: "TCP ended without a Close frame; never on the wire.", client: "backoff" },
  invalidPayload: {
    code: 1007,
    meaning: "The data does not fit its type, as text that is not UTF-8.",
    client: "stop"
  },
  policy: { code: 1008, meaning: "The peer broke a policy of the endpoint.", client: "stop" },
  tooBig: { code: 1009, meaning: "The message is too big to process.", client: "stop" },
  serverFault: { code: 1011, meaning: "The server met a condition it did not expect.", client: "backoff" },
  restart: { code: 1012, meaning: "The server restarts.", client: "reconnect" },
  tryLater: {
    code: 1013,
    meaning: "The server is overloaded, or the peer reads too slowly, or goes on although it was told to wait.",
    client: "backoff"
  },
  unauthenticated: {
    code: 3e3,
    meaning: "The identity is no longer valid, as after its expiry.",
    client: "refresh"
  },
  forbidden: {
    code: 3003,
    meaning: "The identity may not be here any more: revoked or removed.",
    client: "stop"
  },
  deadline: { code: 3008, meaning: "The peer did not answer in time.", client: "reconnect" }
};
var rows = CLOSE;
function clientActionFor(code) {
  return rowOf(code)?.client ?? "backoff";
}
function rowOf(code) {
  return Object.values(rows).find((row) => row.code === code);
}

// src/client/verdict.ts
var ACTION_OF_STATUS = new Map([
  // The same request would be refused again, whatever the token.
  ...[400, 404, 405, 426, 431].map((status) => [status, "stop"]),
  // Known, and not allowed here: a page that comes back will be refused again.
  [403, "stop"],
  // The token is bad, expired or revoked.
  [401, "refresh"],
  // Too many, or a server or proxy in trouble.
  ...[429, 500, 502, 503, 504].map((status) => [status, "backoff"])
]);
function judgeStatus(status, retryAfterMs) {
  const action = ACTION_OF_STATUS.get(status) ?? "backoff";
  return verdict(action, { kind: "refused", status }, retryAfterMs);
}
function judgeEnd(end, tokenWasShown) {
  switch (end.kind) {
    case "closed":
      return verdict(clientActionFor(end.code), { kind: "closed", code: end.code, reason: end.reason });
    case "refused":
      return judgeStatus(end.status, end.retryAfterMs);
    case "unreachable":
      return verdict("backoff", end);
    case "unclear":
      return { ...verdict("backoff", end), refusesToken: tokenWasShown };
    case "unusable":
      return verdict("stop", end);
  }
}
function verdict(action, why, hintMs = 0) {
  return { action, why, refusesToken: action === "refresh", hintMs };
}

// src/base/text.ts
var MAX_PRINTED = 64;
function printable(text, maxLength = MAX_PRINTED) {
  const kept = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  let safe = "";
  for (const character of kept) {
    const code = character.codePointAt(0);
    const plain = code >= 32 && code < 127 && character !== "\\" || character === "…";
    safe += plain ? character : `\\u{${code.toString(16)}}`;
  }
  return safe;
}

// src/client/wire.ts
function parseServerMessage(text) {
  const message = fieldsOf(parseJson(text));
  const type = message?.["type"];
  if (message === void 0 || typeof type !== "string") return void 0;
  return (READERS.get(type) ?? delivery)(message);
}
var READERS = /* @__PURE__ */ new Map([
  ["hello", ({ data }) => {
    const session = sessionIn(data);
    return session && { kind: "hello", session };
  }],
  ["ok", ({ re, data }) => ({ kind: "ok", re: textOf(re), data })],
  ["error", (message) => ({ kind: "error", re: textOf(message["re"]), denial: denialIn(message) })],
  ["auth.expiring", () => ({ kind: "expiring" })],
  ["auth.changed", ({ data }) => ({ kind: "changed", change: leaseIn(data) })],
  ["server.bye", ({ data }) => ({
    kind: "bye",
    reconnectInMs: durationOf(fieldsOf(data)?.["reconnectInMs"]) ?? 0
  })]
]);
function delivery({ type, data }) {
  return { kind: "delivery", type, data };
}
function leaseIn(data) {
  const { roles, expiresAt } = fieldsOf(data) ?? {};
  return {
    ...isTexts(roles) ? { roles: Object.freeze([...roles]) } : {},
    ...isNumber(expiresAt) ? { expiresAt } : {}
  };
}
function sessionIn(data) {
  const { sessionId, subject, roles, expiresAt, heartbeatMs, maxMessageBytes } = fieldsOf(data) ?? {};
  if (typeof sessionId !== "string" || typeof subject !== "string" || !isTexts(roles)) return void 0;
  if (!isNumber(expiresAt) || !isNumber(heartbeatMs) || !isNumber(maxMessageBytes)) return void 0;
  return Object.freeze({
    sessionId,
    subject,
    roles: Object.freeze([...roles]),
    expiresAt,
    heartbeatMs,
    maxMessageBytes
  });
}
function denialIn({ code, message, retryable, retryAfterMs }) {
  return {
    code: printable(textOf(code) ?? "internal"),
    message: textOf(message) ?? "",
    retryable: retryable === true,
    retryAfterMs: durationOf(retryAfterMs)
  };
}
function encodeClientMessage(type, id, data) {
  return JSON.stringify({ type, id, data });
}
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return void 0;
  }
}
function fieldsOf(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : void 0;
}
function isTexts(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}
function textOf(value) {
  return typeof value === "string" ? value : void 0;
}
function durationOf(value) {
  return isNumber(value) && value >= 0 ? value : void 0;
}

// src/client/http_door.ts
var TICKET = /^[A-Za-z0-9_-]{16,256}$/;
var HttpDoor = class {
  #options;
  /** @param options What to work with. */
  constructor(options) {
    this.#options = options;
  }
  /**
   * Asks whether a token is good.
   *
   * @param url The check path, which runs the decision of an upgrade.
   * @param token The token.
   * @param signal Ends the attempt.
   * @returns `good`, or what follows from its being refused. `undefined` when there was no answer, so that nobody has judged it.
   */
  check(url, token, signal) {
    return this.#ask(
      "GET",
      url,
      token,
      signal,
      (response) => Promise.resolve(response.ok ? "good" : this.#judge(response))
    );
  }
  /**
   * Asks for a ticket.
   *
   * @param url Where they are given out.
   * @param token The token.
   * @param signal Ends the attempt.
   * @returns The ticket, or what follows from there being none.
   */
  async ticket(url, token, signal) {
    const asked = await this.#ask("POST", url, token, signal, async (response) => {
      if (!response.ok) return fault(this.#judge(response));
      const ticket = fieldsOf(parseJson(await shortTextOf(response)))?.["ticket"];
      return typeof ticket === "string" && TICKET.test(ticket) ? ok(ticket) : fault(verdict("backoff", { kind: "no_ticket" }));
    });
    return asked ?? fault(verdict("backoff", { kind: "unreachable" }));
  }
  #judge({ status, headers }) {
    return judgeStatus(status, parseRetryAfter(headers.get("retry-after"), this.#options.clock.now()));
  }
  /**
   * @param read Reads the answer, for which there is no more time than for the question.
   * @returns `undefined` when no answer could be had.
   */
  async #ask(method, url, token, signal, read) {
    const { fetch, clock, connectTimeoutMs } = this.#options;
    if (signal.aborted) return void 0;
    const attempt = new AbortController();
    const timer = clock.after(connectTimeoutMs, () => attempt.abort());
    const abort = () => {
      timer.cancel();
      attempt.abort();
    };
    signal.addEventListener("abort", abort);
    try {
      const response = await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${token}` },
        // A token goes where it was meant to go, or nowhere.
        redirect: "error",
        // Yesterday's judgement is none, and neither is a cookie's: two credentials would be one too many.
        cache: "no-store",
        credentials: "omit",
        signal: attempt.signal
      });
      return await read(response);
    } catch {
      return void 0;
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", abort);
      attempt.abort();
    }
  }
};
var MAX_ANSWER_BYTES = 4096;
async function shortTextOf({ body }) {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (const reader = body?.getReader(); reader !== void 0; ) {
    const { done, value } = await reader.read();
    if (done) return text;
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) return "";
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

// src/base/clock.ts
var MAX_TIMER_MS = 2147483647;

// src/client/page_clock.ts
var pageClock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const handle = globalThis.setTimeout(run, Math.min(delayMs, MAX_TIMER_MS));
    return { cancel: () => globalThis.clearTimeout(handle) };
  }
};

// src/base/promise.ts
function isThenable(value) {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
function callGuarded(call, reportError) {
  try {
    const result = call();
    if (isThenable(result)) Promise.resolve(result).catch(reportError);
  } catch (error) {
    reportError(error);
  }
}

// src/client/tap.ts
var HIDDEN = "…";
var GuardedTap = class {
  #tap;
  #tokens;
  #reportError;
  /**
   * @param tap What the application gave.
   * @param tokens The tokens that are known at the moment, to be found wherever they stand.
   * @param reportError Gets what the tap throws.
   */
  constructor(tap, tokens, reportError) {
    this.#tap = tap;
    this.#tokens = tokens;
    this.#reportError = reportError;
  }
  /** Shows what was sent. */
  sent(text) {
    if (this.#tap.sent !== void 0) {
      callGuarded(() => this.#tap.sent?.(this.#hide(text)), this.#reportError);
    }
  }
  /** Shows what came. */
  received(text) {
    if (this.#tap.received === void 0) return;
    callGuarded(() => this.#tap.received?.(this.#hide(text)), this.#reportError);
  }
  #hide(text) {
    let shown = withoutToken(text);
    for (const token of this.#tokens()) shown = shown.replaceAll(token, HIDDEN);
    return shown;
  }
};
function withoutToken(text) {
  const message = fieldsOf(parseJson(text));
  if (message?.["type"] !== "auth" && message?.["type"] !== "auth.refresh") return text;
  return JSON.stringify({ type: message["type"], id: message["id"], data: { token: HIDDEN } });
}

// src/client/token_source.ts
var TokenSource = class {
  #options;
  /** In the order in which they were refused, so that the oldest can be forgotten. */
  #refused = /* @__PURE__ */ new Set();
  /** The last that the application gave; not always judged by the server yet. */
  #latest;
  /** The last that the server took. */
  #accepted;
  /**
   * A token whose upgrade failed, nobody knows why: perhaps it was refused, perhaps the server was not there. It is not shown
   * in an upgrade again before somebody has said that it is good.
   */
  suspected;
  /** Why the next question will be asked. */
  #reason = "first";
  #asking;
  #asked;
  /** @param options What to work with. */
  constructor(options) {
    this.#options = options;
  }
  /** The tokens that must not be seen by anybody. */
  get known() {
    return [this.#latest, this.#accepted?.token, ...this.#refused].filter((token) => token !== void 0);
  }
  /**
   * Gets a token to connect with: the one that there is, or else a new one.
   *
   * @returns A token that was never refused.
   * @throws {PortcullisError} By rejecting: `token_failed`, `token_refused`.
   */
  take() {
    this.#forgetExpired();
    const held = this.#latest ?? this.#accepted?.token;
    return held === void 0 ? this.#ask() : Promise.resolve(held);
  }
  /**
   * Gets a token to follow one that ends soon.
   *
   * @param current That one, which is of no use here.
   * @returns Another, that was never refused.
   * @throws {PortcullisError} By rejecting: `token_failed`, `token_refused`.
   */
  renew(current) {
    if (this.#latest !== void 0 && this.#latest !== current) return Promise.resolve(this.#latest);
    return this.#ask();
  }
  /** Notes that the server took a token, and for how long, in milliseconds since the Unix epoch. */
  accept(token, expiresAtMs) {
    if (this.#accepted?.token !== token) this.#reason = "expiring";
    this.#accepted = { token, expiresAtMs };
  }
  /** Notes that a token must not be sent again. */
  refuse(token) {
    this.#refused.add(token);
    if (this.#refused.size > this.#options.limits.maxRefusedTokens) {
      for (const oldest of this.#refused) {
        this.#refused.delete(oldest);
        break;
      }
    }
    this.#drop(token, "refused");
  }
  /** Aborts the question that is open. */
  stop() {
    this.#asked?.abort();
  }
  #forgetExpired() {
    const accepted = this.#accepted;
    if (accepted !== void 0 && accepted.expiresAtMs <= this.#options.clock.now()) {
      this.#drop(accepted.token, "expiring");
    }
  }
  #drop(token, reason) {
    if (this.#latest === token) this.#latest = void 0;
    if (this.#accepted?.token === token) this.#accepted = void 0;
    this.#reason = reason;
  }
  /** Single-flight: whoever needs a token while one is on its way waits for that one. */
  #ask() {
    this.#asking ??= this.#answer().then((token) => this.#check(token)).finally(() => {
      this.#asking = void 0;
      this.#asked = void 0;
    });
    return this.#asking;
  }
  #answer() {
    const { getToken, clock, limits } = this.#options;
    const reason = this.#reason;
    const asked = this.#asked = new AbortController();
    return new Promise((resolve, reject) => {
      const late = () => {
        reject(failed(`getToken did not answer within ${limits.tokenTimeoutMs} ms.`));
        asked.abort();
      };
      const timer = clock.after(limits.tokenTimeoutMs, late);
      asked.signal.addEventListener("abort", () => {
        timer.cancel();
        reject(failed("Nobody waits for the answer of getToken any more."));
      });
      const answer = new Promise((settle) => settle(getToken({ reason, signal: asked.signal })));
      answer.finally(() => timer.cancel()).then(
        resolve,
        (cause) => reject(failed("getToken failed.", cause))
      );
    });
  }
  #check(answer) {
    const { maxTokenBytes } = this.#options.limits;
    if (typeof answer !== "string" || answer.length > maxTokenBytes || !/^[\x21-\x7e]+$/.test(answer)) {
      throw failed(`getToken must answer with a text of 1 to ${maxTokenBytes} visible ASCII characters.`);
    }
    if (this.#refused.has(answer)) {
      this.#reason = "refused";
      throw new PortcullisError("token_refused", "getToken answered with a token that was refused already.");
    }
    return this.#latest = answer;
  }
};
function failed(message, cause) {
  return new PortcullisError("token_failed", message, { cause });
}

// src/client/client_settings.ts
function settingsOf(options, defaultTransport) {
  const { clock = pageClock, transport = defaultTransport, random = Math.random } = options;
  const limits = resolveClientLimits(options.limits);
  const url = socketUrl(options.url);
  const reportError = (error) => options.reportError === void 0 ? console.error(error) : options.reportError(error);
  if (typeof options.getToken !== "function") {
    throw new PortcullisError(
      "invalid_argument",
      "There is no getToken, so that there would never be a token to show."
    );
  }
  const getToken = (request) => options.getToken(request);
  const tokens = new TokenSource({ getToken, clock, limits });
  const fetch = (...args) => (options.fetch ?? globalThis.fetch)(...args);
  return {
    url,
    presentation: presentationOf(options, transport, url),
    checkUrl: options.checkUrl === void 0 ? void 0 : httpUrl("checkUrl", options.checkUrl, url),
    transport,
    tokens,
    door: new HttpDoor({ fetch, clock, connectTimeoutMs: limits.connectTimeoutMs }),
    limits,
    clock,
    random,
    tap: new GuardedTap(options.tap ?? {}, () => tokens.known, reportError),
    reportError
  };
}
function presentationOf(options, transport, url) {
  const { carrier = transport.sendsHeaders ? "authorization" : "subprotocol", ticketUrl } = options;
  switch (carrier) {
    case "ticket":
      if (ticketUrl === void 0) return refuse('The carrier "ticket" needs a ticketUrl.');
      return { carrier, ticketUrl: httpUrl("ticketUrl", ticketUrl, url) };
    case "authorization":
      if (!transport.sendsHeaders) {
        return refuse('The carrier "authorization" needs a transport with headers.');
      }
      return { carrier };
    case "subprotocol":
    case "message":
      return { carrier };
    default:
      return refuse("The carrier is none of authorization, subprotocol, ticket and message.");
  }
}
function socketUrl(given) {
  const url = URL.canParse(given) ? new URL(given) : void 0;
  if (url === void 0 || url.protocol !== "ws:" && url.protocol !== "wss:") {
    return refuse("The url is not an absolute ws: or wss: URL.");
  }
  if (url.href.includes("#")) return refuse("The url has a fragment.");
  return withoutCredentials("url", url);
}
function httpUrl(name, given, socket) {
  const base = new URL(socket);
  base.protocol = socket.protocol === "wss:" ? "https:" : "http:";
  const url = URL.canParse(given, base) ? new URL(given, base) : void 0;
  if (url === void 0 || url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse(`The ${name} is not an http: or https: URL.`);
  }
  if (socket.protocol === "wss:" && url.protocol !== "https:") {
    return refuse(`The ${name} is an http: URL, and the url is a wss: one; it must be https:.`);
  }
  return withoutCredentials(name, url);
}
function withoutCredentials(name, url) {
  return url.username === "" && url.password === "" ? url : refuse(`The ${name} has credentials; use a token.`);
}
function refuse(message) {
  throw new PortcullisError("invalid_argument", message);
}

// src/client/carrier.ts
var CLIENT_SUBPROTOCOL = "portcullis.v1";
var CLIENT_BEARER_PREFIX = "base64url.bearer.authorization.portcullis.";
var TICKET_PARAMETER = "ticket";
function requestWithToken(url, carrier, token) {
  const plain = { url: url.href, subprotocols: [CLIENT_SUBPROTOCOL], token: void 0 };
  switch (carrier) {
    case "authorization":
      return { ...plain, token };
    case "subprotocol":
      return { ...plain, subprotocols: [CLIENT_SUBPROTOCOL, CLIENT_BEARER_PREFIX + toBase64url(token)] };
    case "message":
      return plain;
  }
}
function requestWithTicket(url, ticket) {
  const withTicket = new URL(url);
  withTicket.searchParams.append(TICKET_PARAMETER, ticket);
  return { url: withTicket.href, subprotocols: [CLIENT_SUBPROTOCOL], token: void 0 };
}
function isShownInUpgrade(carrier) {
  return carrier === "authorization" || carrier === "subprotocol";
}
function toBase64url(text) {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// src/client/connection.ts
var ClientConnection = class {
  #settings;
  #events;
  #nextId;
  #over = new AbortController();
  #phase = "connecting";
  #token;
  #link;
  #deadline;
  /** What a `server.bye` asked for, in milliseconds. */
  #reconnectInMs = 0;
  /**
   * @param settings Of the client.
   * @param events What to tell.
   * @param nextId Makes the id of a message.
   */
  constructor(settings, events, nextId) {
    this.#settings = settings;
    this.#events = events;
    this.#nextId = nextId;
  }
  /** Begins. What goes wrong comes as the event `ended`. */
  start() {
    this.#prepare().then(
      (prepared) => {
        if (this.#phase === "over") return;
        if (prepared.ok) this.#connect(prepared.value);
        else this.#end(prepared.fault);
      }
    ).catch(this.#settings.reportError);
  }
  /** Sends a text. @returns Whether the connection was open. */
  send(text) {
    if (this.#phase === "over" || this.#link?.send(text) !== true) return false;
    this.#settings.tap.sent(text);
    return true;
  }
  /** Ends the connection politely, or gives the attempt up; `ended` is not said. */
  close() {
    if (this.#phase === "over") return;
    this.#finish();
    this.#link?.close(1e3, "");
  }
  /** Notes on which token the session stands after a refresh. */
  standOn(token) {
    this.#token = token;
  }
  async #prepare() {
    const { tokens, reportError, url, presentation, door } = this.#settings;
    let token;
    try {
      token = this.#token = await tokens.take();
    } catch (error) {
      if (this.#phase !== "over") reportError(error);
      return fault(verdict("backoff", causeOf(error)));
    }
    const suspicion = await this.#clearSuspicion(token);
    if (suspicion !== void 0) return fault(suspicion);
    if (presentation.carrier !== "ticket") return ok(requestWithToken(url, presentation.carrier, token));
    const ticket = await door.ticket(presentation.ticketUrl, token, this.#over.signal);
    return ticket.ok ? ok(requestWithTicket(url, ticket.value)) : ticket;
  }
  /** @returns Why the token must not be shown, if that is not known to be safe. */
  async #clearSuspicion(token) {
    const { tokens, checkUrl, door } = this.#settings;
    if (token !== tokens.suspected || checkUrl === void 0) return void 0;
    const found = await door.check(checkUrl, token, this.#over.signal);
    if (found === void 0) return verdict("backoff", { kind: "unreachable" });
    tokens.suspected = void 0;
    return found === "good" ? void 0 : found;
  }
  #connect(request) {
    const { clock, limits, transport, reportError } = this.#settings;
    this.#deadline = clock.after(limits.connectTimeoutMs, () => {
      this.#end(verdict("backoff", { kind: "timeout" }));
      this.#link?.close(1e3, "");
    });
    this.#link = transport.connect(request, {
      opened: () => this.#opened(),
      text: (text) => this.#received(text),
      binary: () => this.#phase !== "over" && reportError(ignored("binary")),
      closed: (end) => this.#closed(end)
    });
  }
  #opened() {
    const { presentation, reportError } = this.#settings;
    if (this.#phase === "over" || presentation.carrier !== "message") return;
    const text = encodeClientMessage("auth", this.#nextId(), { token: this.#token });
    if (!this.send(text)) reportError(new PortcullisError("connection_lost", "The token could not be sent."));
  }
  #received(text) {
    if (this.#phase === "over") return;
    this.#settings.tap.received(text);
    const message = parseServerMessage(text);
    if (message === void 0) this.#settings.reportError(ignored("malformed"));
    else if (message.kind === "hello") this.#hello(message.session);
    else if (this.#phase === "open") this.#sessionMessage(message);
  }
  #hello(session) {
    if (this.#phase !== "connecting" || this.#token === void 0) return;
    this.#phase = "open";
    this.#deadline?.cancel();
    this.#events.opened(session, this.#token);
  }
  #sessionMessage(message) {
    if (message.kind === "bye") this.#reconnectInMs = message.reconnectInMs;
    this.#events.message(message);
  }
  #closed(end) {
    if (this.#phase === "over") return;
    const { checkUrl, presentation, door, tokens } = this.#settings;
    const shown = isShownInUpgrade(presentation.carrier);
    if (end.kind !== "unclear" || !shown || checkUrl === void 0 || this.#token === void 0) {
      return this.#end(judgeEnd(end, shown));
    }
    this.#deadline?.cancel();
    const token = this.#token;
    door.check(checkUrl, token, this.#over.signal).then((found) => {
      if (found === void 0 && this.#phase !== "over") tokens.suspected = token;
      const isOpen = found === void 0 || found === "good";
      this.#end(isOpen ? verdict("backoff", { kind: "unreachable" }) : found);
    }).catch(this.#settings.reportError);
  }
  #end(found) {
    if (this.#phase === "over") return;
    this.#finish();
    if (found.refusesToken && this.#token !== void 0) this.#settings.tokens.refuse(this.#token);
    this.#events.ended({ ...found, hintMs: Math.max(found.hintMs, this.#reconnectInMs) });
  }
  #finish() {
    this.#phase = "over";
    this.#deadline?.cancel();
    this.#over.abort();
  }
};
function causeOf(error) {
  const refused = error instanceof PortcullisError && error.code === "token_refused";
  return { kind: refused ? "token_refused" : "token_failed" };
}
function ignored(what) {
  return new PortcullisError("invalid_message", `The server sent a ${what} message, which was ignored.`);
}

// src/client/lease.ts
var AGAIN = { againInMs: 0 };
var Lease = class {
  #options;
  #ended = new AbortController();
  #sinceMs;
  #token;
  #expiresAt;
  #renewing = false;
  #renewedAtMs = -Infinity;
  #pause;
  /** @param options What to work with; the server has taken the token just now. */
  constructor(options) {
    this.#options = options;
    this.#sinceMs = options.clock.now();
    this.#token = options.token;
    this.#expiresAt = options.expiresAt;
    options.tokens.accept(this.#token, this.#expiresAt);
  }
  /** The token on which the session stands: the one that is over when the server says that the lease is. */
  get token() {
    return this.#token;
  }
  /** How long the session has lasted, in milliseconds. */
  get lastedMs() {
    return this.#options.clock.now() - this.#sinceMs;
  }
  /** The server says that the end is near. */
  expiring() {
    if (this.#renewing) return;
    this.#renewing = true;
    const { clock, minPauseMs } = this.#options;
    const waitMs = this.#renewedAtMs + minPauseMs - clock.now();
    if (waitMs > 0) this.#pause = clock.after(waitMs, () => this.#renew());
    else this.#renew();
  }
  /** The server says that it ends at another time. */
  changed({ expiresAt = this.#expiresAt }) {
    this.#expiresAt = expiresAt;
    this.#options.tokens.accept(this.#token, expiresAt);
  }
  /** The session is over: nothing more is asked or sent. */
  end() {
    this.#ended.abort();
    this.#pause?.cancel();
  }
  /**
   * Tries until the server has taken another token. There is no last attempt: by whose clock the lease is over is for the
   * server to say, and it does so by closing with 3000.
   */
  #renew() {
    this.#attempt().then((outcome) => {
      if (this.#ended.signal.aborted) return;
      if (outcome === "done") {
        this.#renewing = false;
        this.#renewedAtMs = this.#options.clock.now();
        return this.#options.backoff.reset();
      }
      const delayMs = this.#options.backoff.next(outcome.againInMs);
      this.#pause = this.#options.clock.after(delayMs, () => this.#renew());
    }, this.#options.reportError);
  }
  async #attempt() {
    const { tokens, refresh, renewed, reportError } = this.#options;
    let token;
    try {
      token = await tokens.renew(this.#token);
    } catch (error) {
      if (!this.#ended.signal.aborted) reportError(error);
      return AGAIN;
    }
    if (this.#ended.signal.aborted) return "done";
    try {
      const change = leaseIn(await refresh(token, this.#ended.signal));
      this.#token = token;
      this.changed(change);
      if (!this.#ended.signal.aborted) renewed(change);
      return "done";
    } catch (error) {
      return this.#failed(token, error);
    }
  }
  #failed(token, error) {
    const denial = error instanceof PortcullisError ? error.denial : void 0;
    if (denial === void 0) return AGAIN;
    if (denial.code === "invalid_data" || denial.code === "forbidden") {
      this.#options.tokens.refuse(token);
      return AGAIN;
    }
    if (denial.retryable) return { againInMs: denial.retryAfterMs ?? 0 };
    this.#options.reportError(error);
    return "done";
  }
};

// src/client/listeners.ts
var Listeners = class {
  /** A `Map`: `__proto__` and `constructor` are names like any other. */
  #byName = /* @__PURE__ */ new Map();
  #reportError;
  /** @param reportError Gets what listeners throw. */
  constructor(reportError) {
    this.#reportError = reportError;
  }
  /**
   * Adds a listener. The same function may be added twice, and is then called twice.
   *
   * @param name What it listens for.
   * @param call The listener.
   * @returns Takes it away again.
   */
  add(name, call) {
    const entry = { call };
    const entries = this.#byName.get(name) ?? /* @__PURE__ */ new Set();
    this.#byName.set(name, entries.add(entry));
    return () => {
      entries.delete(entry);
      if (entries.size === 0 && this.#byName.get(name) === entries) this.#byName.delete(name);
    };
  }
  /**
   * Calls all listeners of a name.
   *
   * @param name What has happened.
   * @param value What they are told.
   * @param stillTrue Asked before each: a listener may itself make something else happen, which the others hear first then.
   */
  tell(name, value, stillTrue = () => true) {
    for (const { call } of [...this.#byName.get(name) ?? []]) {
      if (!stillTrue()) return;
      callGuarded(() => call(value), this.#reportError);
    }
  }
};

// src/client/observed_state.ts
var STATE = "state";
var ObservedState = class {
  #watchers;
  #state = Object.freeze({ status: "idle" });
  /** @param reportError Gets what watchers throw. */
  constructor(reportError) {
    this.#watchers = new Listeners(reportError);
  }
  /** The state now. */
  get now() {
    return this.#state;
  }
  /** Changes the state, and tells of it. A watcher may change it again: those that were not told yet hear of that alone. */
  become(state) {
    this.#state = Object.freeze(state);
    this.#watchers.tell(STATE, state, () => this.#state === state);
  }
  /** Adds a watcher. @returns Takes it away again. */
  watch(watcher) {
    return this.#watchers.add(STATE, watcher);
  }
  /**
   * Waits for a session.
   *
   * @returns The session that there is, or else the next one.
   * @throws {PortcullisError} By rejecting: `client_stopped`, when there will be none any more.
   */
  session() {
    const session = new Promise((resolve, reject) => {
      const settle = (state) => {
        if (state.status === "open") resolve(state.session);
        else if (state.status === "stopped") reject(stoppedBecause(state.why));
        else return;
        unwatch();
      };
      const unwatch = this.watch(settle);
      settle(this.#state);
    });
    session.catch(() => void 0);
    return session;
  }
};
function stoppedBecause(why) {
  const cause = why.kind === "unusable" ? why.error : void 0;
  return new PortcullisError("client_stopped", "The client has stopped; its state says why.", { cause });
}

// src/client/reconnect_policy.ts
var ReconnectPolicy = class {
  #options;
  #backoff;
  /** Whether a token was refused since a session last lasted. */
  #refused = false;
  /**
   * @param options The spans.
   * @param random Draws a number from 0 (included) to 1 (not included).
   */
  constructor(options, random) {
    this.#options = options;
    this.#backoff = new Backoff(options, random);
  }
  /**
   * Decides what happens after an end.
   *
   * @param verdict What follows from how it ended.
   * @param lastedMs How long the session lasted, in milliseconds; `undefined` when there was none.
   * @returns After how many milliseconds to connect again; `undefined` for never.
   */
  delayAfter({ action, hintMs }, lastedMs) {
    if (lastedMs !== void 0 && lastedMs >= this.#options.stableAfterMs) this.#reset();
    if (action === "stop") return void 0;
    const atOnce = action === "refresh" && !this.#refused && hintMs === 0;
    if (action === "refresh") this.#refused = true;
    return atOnce ? 0 : this.#backoff.next(hintMs);
  }
  #reset() {
    this.#backoff.reset();
    this.#refused = false;
  }
};

// src/client/requests.ts
var Requests = class {
  #clock;
  #limits;
  /** In the order in which they were made. A `Map` may lose and gain entries while it is walked through. */
  #pending = /* @__PURE__ */ new Map();
  #outlet;
  #stopped = false;
  #lastId = 0;
  /**
   * @param clock For the time that each request has.
   * @param limits That time, and how many requests there may be.
   */
  constructor(clock, limits) {
    this.#clock = clock;
    this.#limits = limits;
  }
  /** Makes an id that no other message of this client has. */
  nextId() {
    return String(++this.#lastId);
  }
  /**
   * Makes a request, which is sent as soon as there is a session.
   *
   * @param type The row of the permission table.
   * @param data What JSON can hold.
   * @param options How long it may take.
   * @returns The data of the reply.
   */
  request(type, data, options = {}) {
    const { timeoutMs = this.#limits.requestTimeoutMs, signal } = options;
    return new Promise((resolve, reject) => {
      this.#check(timeoutMs, signal);
      const id = this.nextId();
      const text = encode(type, id, data);
      let timer = void 0;
      const settle = (error, reply) => {
        this.#pending.delete(id);
        timer?.cancel();
        signal?.removeEventListener("abort", abort);
        if (error === void 0) resolve(reply);
        else reject(error);
      };
      const abort = () => settle(aborted(signal));
      timer = this.#clock.after(
        timeoutMs,
        () => settle(new PortcullisError("request_timeout", `No reply came within ${timeoutMs} ms.`))
      );
      signal?.addEventListener("abort", abort);
      const pending = { text, sent: false, settle };
      this.#pending.set(id, pending);
      this.#send(pending);
    });
  }
  /** A session has begun: what waited is sent, in its order. */
  attach(outlet) {
    this.#outlet = outlet;
    for (const pending of this.#pending.values()) this.#send(pending);
  }
  /** The session is about to end: what was sent is still answered, what is asked from now on waits for the next one. */
  hold() {
    this.#outlet = void 0;
  }
  /** The session has ended: what was sent has no reply to expect, what was not goes on waiting. */
  detach() {
    this.#outlet = void 0;
    for (const { sent, settle } of this.#pending.values()) {
      if (!sent) continue;
      const message = "The connection ended before the reply; the request may have been carried out.";
      settle(new PortcullisError("connection_lost", message));
    }
  }
  /** There will be no session any more. */
  stop() {
    this.#outlet = void 0;
    this.#stopped = true;
    for (const { settle } of this.#pending.values()) settle(stopped());
  }
  /** Takes a positive reply. One to a request that has ended meanwhile is of no interest any more. */
  ok(id, data) {
    if (id !== void 0) this.#pending.get(id)?.settle(void 0, data);
  }
  /** Takes a negative reply. */
  denied(id, denial) {
    if (id === void 0) return;
    const message = `The server denied the request: ${denial.code}.`;
    this.#pending.get(id)?.settle(new PortcullisError("denied", message, { denial }));
  }
  #check(timeoutMs, signal) {
    if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMER_MS) {
      const wanted = `a whole number from 1 to ${MAX_TIMER_MS}`;
      throw new PortcullisError("invalid_argument", `timeoutMs is ${timeoutMs}; it must be ${wanted}.`);
    }
    if (this.#stopped) throw stopped();
    if (signal?.aborted === true) throw aborted(signal);
    const { maxPendingRequests } = this.#limits;
    if (this.#pending.size >= maxPendingRequests) {
      throw new PortcullisError("too_many_requests", `${maxPendingRequests} requests are pending already.`);
    }
  }
  #send(pending) {
    const outlet = this.#outlet;
    if (outlet === void 0 || pending.sent) return;
    const { maxMessageBytes } = outlet;
    if (isLonger(pending.text, maxMessageBytes)) {
      const message = `The message is longer than the ${maxMessageBytes} bytes that the server takes.`;
      return pending.settle(new PortcullisError("message_too_large", message));
    }
    pending.sent = true;
    if (!outlet.send(pending.text)) pending.sent = false;
  }
};
function encode(type, id, data) {
  try {
    return encodeClientMessage(type, id, data);
  } catch (cause) {
    throw new PortcullisError("invalid_argument", "The data cannot be written as JSON.", { cause });
  }
}
function aborted(signal) {
  return new PortcullisError("aborted", "The signal aborted the request.", { cause: signal?.reason });
}
function stopped() {
  return new PortcullisError("client_stopped", "The client has stopped.");
}
function isLonger(text, maxBytes) {
  if (text.length > maxBytes) return true;
  return text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes;
}

// src/client/client.ts
var Client = class {
  #settings;
  #requests;
  #policy;
  #deliveries;
  #state;
  #connection;
  /** There is one exactly while there is a session. */
  #lease;
  #wait;
  /**
   * Makes a client; use `createClient`, which knows a transport.
   *
   * @param options What the client is told.
   * @param transport What connects when they do not say.
   * @throws {PortcullisError} `invalid_argument` for a URL, carrier or limit that cannot be used.
   */
  constructor(options, transport) {
    this.#settings = settingsOf(options, transport);
    const { clock, limits, random, reportError } = this.#settings;
    this.#requests = new Requests(clock, limits);
    this.#policy = new ReconnectPolicy(limits, random);
    this.#deliveries = new Listeners(reportError);
    this.#state = new ObservedState(reportError);
  }
  /** Where the client stands, and why. A new object for each change. */
  get state() {
    return this.#state.now;
  }
  /**
   * Starts, unless that has happened already.
   *
   * @returns The session that there is, or else the next one.
   * @throws {PortcullisError} By rejecting: `client_stopped`, when there will be none any more.
   */
  open() {
    const session = this.#state.session();
    if (this.state.status === "idle") this.#connect();
    return session;
  }
  /** Stops for good: closes the connection with 1000, and ends all requests with `client_stopped`. */
  close() {
    if (this.state.status === "stopped") return;
    this.#connection?.close();
    this.#stop({ kind: "asked" });
  }
  /**
   * Makes a request, at once or as soon as there is a session. It is never sent twice.
   *
   * @param type The row of the permission table.
   * @param args Its data, and how long to wait for the reply.
   * @returns The data of the reply.
   * @throws {PortcullisError} By rejecting: `denied` with the `denial` of the server, `request_timeout`, `aborted`,
   * `connection_lost`, `client_stopped`, `too_many_requests`, `message_too_large`; `invalid_argument` for data that JSON cannot hold, or a
   * `timeoutMs` out of bounds.
   */
  request(type, ...args) {
    const [data, options] = args;
    return this.#requests.request(type, data, options);
  }
  /**
   * Listens for what the server sends.
   *
   * @param type The row of the permission table.
   * @param listener Gets the data of each message of that type, as the server sent it. What it throws is reported.
   * @returns A function that stops listening.
   */
  on(type, listener) {
    return this.#deliveries.add(type, listener);
  }
  /**
   * Listens for changes of the state.
   *
   * @param listener Gets each new state. What it throws is reported.
   * @returns A function that stops listening.
   */
  onState(listener) {
    return this.#state.watch(listener);
  }
  /**
   * Sends a text as it is, for tools that show what a server makes of it. Its reply goes to the tap alone.
   *
   * @param text Anything.
   * @returns Whether there was a session to send it in.
   */
  sendRaw(text) {
    return this.#lease !== void 0 && this.#connection?.send(text) === true;
  }
  #connect() {
    const connection = new ClientConnection(
      this.#settings,
      {
        opened: (session, token) => this.#opened(connection, session, token),
        message: (message) => this.#received(message),
        ended: (verdict2) => this.#ended(verdict2)
      },
      () => this.#requests.nextId()
    );
    this.#connection = connection;
    this.#state.become({ status: "connecting" });
    if (this.#connection === connection) connection.start();
  }
  #opened(connection, session, token) {
    const { clock, limits, random, tokens, reportError } = this.#settings;
    const lease = new Lease({
      token,
      expiresAt: session.expiresAt,
      tokens,
      clock,
      minPauseMs: limits.backoffBaseMs,
      backoff: new Backoff(limits, random),
      refresh: (fresh, signal) => this.#requests.request("auth.refresh", { token: fresh }, { signal }),
      renewed: (change) => {
        connection.standOn(lease.token);
        this.#changed(change);
      },
      reportError
    });
    this.#lease = lease;
    this.#requests.attach({
      maxMessageBytes: session.maxMessageBytes,
      send: (text) => connection.send(text)
    });
    if (this.#connection === connection) this.#state.become({ status: "open", session });
  }
  #received(message) {
    switch (message.kind) {
      case "ok":
        return this.#requests.ok(message.re, message.data);
      case "error":
        return this.#requests.denied(message.re, message.denial);
      case "expiring":
        return this.#lease?.expiring();
      case "changed":
        this.#lease?.changed(message.change);
        return this.#changed(message.change);
      case "delivery":
        return this.#deliveries.tell(message.type, message.data);
      case "bye":
        return this.#requests.hold();
    }
  }
  #changed(change) {
    const { state } = this;
    if (state.status !== "open") return;
    this.#state.become({ status: "open", session: Object.freeze({ ...state.session, ...change }) });
  }
  #ended(verdict2) {
    const delayMs = this.#policy.delayAfter(verdict2, this.#lease?.lastedMs);
    this.#leave();
    this.#requests.detach();
    if (delayMs === void 0) return this.#stop(verdict2.why);
    if (delayMs === 0) return this.#connect();
    this.#wait = this.#settings.clock.after(delayMs, () => this.#connect());
    this.#state.become({ status: "waiting", delayMs, why: verdict2.why });
  }
  /** Puts the connection away, and the session that there was on it. */
  #leave() {
    this.#connection = void 0;
    this.#lease?.end();
    this.#lease = void 0;
  }
  #stop(why) {
    this.#wait?.cancel();
    this.#leave();
    this.#settings.tokens.stop();
    this.#requests.stop();
    this.#state.become({ status: "stopped", why });
  }
};

// src/client/web_socket_transport.ts
function webSocketTransport() {
  return { sendsHeaders: false, connect };
}
var NOT_CONNECTED = { send: () => false, close: () => void 0 };
function connect(request, events) {
  const made = make(request);
  if (made instanceof PortcullisError) {
    queueMicrotask(() => events.closed({ kind: "unusable", error: made }));
    return NOT_CONNECTED;
  }
  listen(made, events);
  return {
    send(text) {
      if (made.readyState !== WebSocket.OPEN) return false;
      made.send(text);
      return true;
    },
    close: (code, reason) => made.close(code, reason)
  };
}
function make({ url, subprotocols }) {
  if (typeof globalThis.WebSocket !== "function") {
    return new PortcullisError("unsupported", "This runtime has no global WebSocket.");
  }
  try {
    return new WebSocket(url, [...subprotocols]);
  } catch (error) {
    const name = error instanceof Error ? printable(error.name) : "unknown";
    return new PortcullisError("invalid_argument", `The runtime refuses to make this WebSocket (${name}).`);
  }
}
function listen(socket, events) {
  let wasOpen = false;
  socket.addEventListener("open", () => {
    wasOpen = true;
    events.opened();
  });
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") events.text(data);
    else events.binary();
  });
  socket.addEventListener("close", ({ code, reason }) => {
    const known = code === 0 ? CLOSE.abnormal.code : code;
    const end = wasOpen ? { kind: "closed", code: known, reason } : { kind: "unclear" };
    events.closed(end);
  });
}

// src/client/mod.ts
function createClient(options) {
  return new Client(options, webSocketTransport());
}
export {
  CLIENT_LIMITS,
  CLOSE,
  Client,
  ERROR_CODES,
  PortcullisError,
  clientActionFor,
  createClient,
  webSocketTransport
};
