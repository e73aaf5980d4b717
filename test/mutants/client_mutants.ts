/**
 * Mutants of the client: when it comes back, and what becomes of its requests.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In client/backoff.ts, client/reconnect_policy.ts, client/verdict.ts, protocol/close_codes.ts, client/retry_after.ts, client/client.ts, client/observed_state.ts, client/listeners.ts, client/connection.ts, client/requests.ts and client/wire.ts. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    file: "client/client.ts",
    from: "return this.#requests.hold();",
    to: "return;",
    wrong: "sends requests into a connection that is about to close",
  },
  {
    file: "client/requests.ts",
    from: "hold(): void {\n    this.#outlet = undefined;",
    to: "hold(): void {\n    this.detach();",
    wrong: "gives requests up when the server says that it will close",
  },
  {
    file: "client/backoff.ts",
    from: "Math.floor(this.#random() * spanMs)",
    to: "spanMs",
    wrong: "waits without jitter",
  },
  {
    file: "client/backoff.ts",
    from: "Math.min(backoffMaxMs, backoffBaseMs * 2 ** this.#attempts)",
    to: "backoffBaseMs * 2 ** this.#attempts",
    wrong: "waits without a cap",
  },
  {
    file: "client/backoff.ts",
    from: "this.#attempts = Math.min(this.#attempts + 1, 52);",
    to: "",
    wrong: "never waits longer",
  },
  {
    file: "client/backoff.ts",
    from: "Math.min(Math.max(hintMs, 0), maxHintMs)",
    to: "Math.max(hintMs, 0)",
    wrong: "stays away for a year when a server says so",
  },
  {
    file: "client/backoff.ts",
    from: "Math.min(Math.max(hintMs, 0), maxHintMs) + Math.floor(this.#random() * spanMs)",
    to: "Math.max(Math.min(hintMs, maxHintMs), Math.floor(this.#random() * spanMs))",
    wrong: "comes back together with all whom the server sent away",
  },
  {
    file: "client/reconnect_policy.ts",
    from: "lastedMs !== undefined && lastedMs >= this.#options.stableAfterMs",
    to: "lastedMs !== undefined",
    wrong: "takes a hello for the end of all trouble",
  },
  {
    file: "client/reconnect_policy.ts",
    from: 'if (action === "stop") return undefined;',
    to: "",
    wrong: "comes back after a verdict that tells it to stop",
  },
  {
    file: "client/reconnect_policy.ts",
    from: "&& !this.#refused",
    to: "",
    wrong: "storms a server that refuses each new token",
  },
  {
    file: "client/reconnect_policy.ts",
    from: "&& hintMs === 0",
    to: "",
    wrong: "comes back at once though it was asked to wait",
  },
  {
    file: "client/verdict.ts",
    from: '[401, "refresh"],',
    to: '[401, "backoff"],',
    wrong: "shows the token again that got a 401",
  },
  {
    file: "client/verdict.ts",
    from: '[403, "stop"],',
    to: '[403, "backoff"],',
    wrong: "comes back to where it is forbidden",
  },
  {
    file: "client/verdict.ts",
    from: "refusesToken: tokenWasShown }",
    to: "refusesToken: false }",
    wrong: "shows a token again that may have been refused",
  },
  {
    file: "client/verdict.ts",
    from: 'refusesToken: action === "refresh"',
    to: "refusesToken: false",
    wrong: "shows a token again that was refused",
  },
  {
    file: "protocol/close_codes.ts",
    from: 'revoked or removed.",\n    client: "stop",',
    to: 'revoked or removed.",\n    client: "reconnect",',
    wrong: "has the revoked come back",
  },
  {
    file: "protocol/close_codes.ts",
    from: 'as after its expiry.",\n    client: "refresh",',
    to: 'as after its expiry.",\n    client: "reconnect",',
    wrong: "has who ran out of time come back with the same token",
  },
  {
    file: "client/retry_after.ts",
    from: "Number(value) * 1_000",
    to: "Number(value)",
    wrong: "takes the seconds of Retry-After for milliseconds",
  },
  {
    file: "client/client.ts",
    from: "this.#requests.detach();",
    to: "",
    wrong: "lets requests wait for a reply on a connection that is gone",
  },
  {
    file: "client/client.ts",
    from: "this.#lease?.end();",
    to: "",
    wrong: "renews the lease of a session that is over",
  },
  {
    file: "client/client.ts",
    from: "connection.standOn(lease.token);",
    to: "",
    wrong: "takes the first token for refused when the renewed one is",
  },
  {
    file: "client/client.ts",
    from: "this.#wait?.cancel();",
    to: "",
    wrong: "comes back after it was stopped",
  },
  {
    file: "client/client.ts",
    from: "this.#settings.tokens.stop();",
    to: "",
    wrong: "leaves a question for a token open when it is stopped",
  },
  {
    file: "client/observed_state.ts",
    from: "this.#watchers.tell(STATE, state, () => this.#state === state);",
    to: "this.#watchers.tell(STATE, state);",
    wrong: "tells watchers of states in the wrong order",
  },
  {
    file: "client/listeners.ts",
    from: "callGuarded(() => (call as Listener<unknown>)(value), this.#reportError);",
    to: "(call as Listener<unknown>)(value);",
    wrong: "lets a listener that throws silence the others",
  },
  {
    file: "client/connection.ts",
    from: "if (found.refusesToken && this.#token !== undefined) this.#settings.tokens.refuse(this.#token);",
    to: "",
    wrong: "shows a refused token again",
  },
  {
    file: "client/connection.ts",
    from: "Math.max(found.hintMs, this.#reconnectInMs)",
    to: "found.hintMs",
    wrong: "ignores when a server that goes away wants it back",
  },
  {
    file: "client/connection.ts",
    from: 'else if (this.#phase === "open") this.#sessionMessage(message);',
    to: "else this.#sessionMessage(message);",
    wrong: "takes a message before its session has begun",
  },
  {
    file: "client/connection.ts",
    from: 'if (this.#phase !== "connecting" || this.#token === undefined) return;',
    to: "if (this.#token === undefined) return;",
    wrong: "makes two sessions of a second hello",
  },
  {
    file: "client/connection.ts",
    from: "this.#deadline?.cancel();\n    this.#events.opened",
    to: "this.#events.opened",
    wrong: "ends a session when the time to connect is over",
  },
  {
    file: "client/connection.ts",
    from: "this.#over.abort();",
    to: "",
    wrong: "goes on asking for a connection that is over",
  },
  {
    file: "client/connection.ts",
    from: 'if (found === undefined && this.#phase !== "over") tokens.suspected = token;',
    to: "",
    wrong: "shows a token again whose upgrade failed, though nobody could be asked about it",
  },
  {
    file: "client/connection.ts",
    from: 'if (found === undefined) return verdict("backoff", { kind: "unreachable" });',
    to: "if (found === undefined) return undefined;",
    wrong: "shows a token again whose upgrade failed as soon as nobody answers",
  },
  {
    file: "client/connection.ts",
    from: 'this.#end(isOpen ? verdict("backoff", { kind: "unreachable" }) : found);',
    to: "this.#end(isOpen ? judgeEnd(end, shown) : found);",
    wrong: "throws a good token away because its server was not there",
  },
  {
    file: "client/requests.ts",
    from: "for (const { sent, settle } of this.#pending.values()) {\n      if (!sent) continue;",
    to:
      "for (const pending of this.#pending.values()) {\n      pending.sent = false;\n      continue;\n      const { settle } = pending;",
    wrong: "sends a request again after the connection was lost",
  },
  {
    file: "client/requests.ts",
    from: "if (!sent) continue;",
    to: "",
    wrong: "ends a request for the loss of a connection that it was never sent on",
  },
  {
    file: "client/requests.ts",
    from: "text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes",
    to: "false",
    wrong: "counts the length of a request in characters",
  },
  {
    file: "client/requests.ts",
    from: "if (!outlet.send(pending.text)) pending.sent = false;",
    to: "outlet.send(pending.text);",
    wrong: "takes a request for sent that was not",
  },
  {
    file: "client/wire.ts",
    from: "retryable: retryable === true",
    to: "retryable: true",
    wrong: "takes every denial for one that passes",
  },
];
