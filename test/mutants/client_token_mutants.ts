/**
 * Mutants of the client's tokens: where they come from, who is shown them, and which are never shown again.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In client/token_source.ts, client/lease.ts, client/carrier.ts, client/http_door.ts, client/client_settings.ts, client/web_socket_transport.ts and client/tap.ts. */
export const CLIENT_TOKEN_MUTANTS: readonly Mutant[] = [
  {
    file: "client/token_source.ts",
    from: "this.#asking ??= ",
    to: "this.#asking = ",
    wrong: "asks for two tokens at once",
  },
  {
    file: "client/token_source.ts",
    from: "if (this.#refused.has(answer)) {",
    to: "if (false) {",
    wrong: "shows a refused token again when it is given once more",
  },
  {
    file: "client/token_source.ts",
    from: "this.#forgetExpired();\n",
    to: "",
    wrong: "connects with a token that has run out",
  },
  {
    file: "client/token_source.ts",
    from: "this.#latest !== undefined && this.#latest !== current",
    to: "this.#latest !== undefined",
    wrong: "renews a lease with the token that it rests on",
  },
  {
    file: "client/token_source.ts",
    from: "const reason = this.#reason;",
    to: 'const reason = "first";',
    wrong: "does not say that the last token was refused",
  },
  {
    file: "client/token_source.ts",
    from: "[this.#latest, this.#accepted?.token, ...this.#refused]",
    to: "[this.#latest, this.#accepted?.token]",
    wrong: "shows a tap a token that was refused",
  },
  {
    file: "client/token_source.ts",
    from: "|| !/^[\\x21-\\x7e]+$/.test(answer)",
    to: "",
    wrong: "puts a line feed into a header field",
  },
  {
    file: "client/token_source.ts",
    from: "const late = () => {",
    to: "const late = () => {\n        return;",
    wrong: "waits for ever for a token",
  },
  {
    file: "client/lease.ts",
    from: "if (this.#renewing) return;",
    to: "",
    wrong: "renews a lease twice at once",
  },
  {
    file: "client/lease.ts",
    from: "if (waitMs > 0) this.#pause",
    to: "if (false) this.#pause",
    wrong: "asks for tokens as often as a server says that a lease ends",
  },
  {
    file: "client/lease.ts",
    from: "this.#options.tokens.refuse(token);",
    to: "",
    wrong: "shows a token again that a refresh was refused with",
  },
  {
    file: "client/lease.ts",
    from: "if (denial === undefined) return AGAIN;",
    to:
      "if (denial === undefined) this.#options.tokens.refuse(token);\n    if (denial === undefined) return AGAIN;",
    wrong: "throws a token away that nobody has judged",
  },
  {
    file: "client/lease.ts",
    from: "if (denial.retryable) return { againInMs: denial.retryAfterMs ?? 0 };",
    to: "if (denial.retryable) return AGAIN;",
    wrong: "tries a refresh again sooner than it was told",
  },
  {
    file: "client/lease.ts",
    from: "this.#options.backoff.next(outcome.againInMs)",
    to: "outcome.againInMs",
    wrong: "tries a refresh again and again without a pause",
  },
  {
    file: "client/lease.ts",
    from: "this.#renewing = false;",
    to: "",
    wrong: "renews a lease once and never again",
  },
  {
    file: "client/lease.ts",
    from: "this.#token = token;\n",
    to: "",
    wrong: "does not know on which token its session stands",
  },
  {
    file: "client/lease.ts",
    from: "this.#pause?.cancel();",
    to: "",
    wrong: "renews a lease whose session is over",
  },
  {
    file: "client/carrier.ts",
    from: "const withTicket = new URL(url);",
    to: "const withTicket = url;",
    wrong: "keeps a used ticket in the URL",
  },
  {
    file: "client/carrier.ts",
    from: 'return carrier === "authorization" || carrier === "subprotocol";',
    to: "return true;",
    wrong: "throws a token away that the upgrade did not carry",
  },
  {
    file: "client/carrier.ts",
    from: '.replaceAll("=", "")',
    to: "",
    wrong: "shows a token in a subprotocol that is no token of HTTP",
  },
  {
    file: "client/http_door.ts",
    from: 'redirect: "error",',
    to: 'redirect: "follow",',
    wrong: "takes a token to wherever it is redirected",
  },
  {
    file: "client/http_door.ts",
    from: 'credentials: "omit",',
    to: 'credentials: "include",',
    wrong: "shows a cookie beside the token",
  },
  {
    file: "client/http_door.ts",
    from: 'cache: "no-store",',
    to: 'cache: "default",',
    wrong: "believes the judgement of yesterday",
  },
  {
    file: "client/http_door.ts",
    from: "const timer = clock.after(connectTimeoutMs, () => attempt.abort());",
    to: "const timer = clock.after(connectTimeoutMs, () => undefined);",
    wrong: "waits for ever for an answer of the check path",
  },
  {
    file: "client/http_door.ts",
    from: 'if (bytes > MAX_ANSWER_BYTES) return "";',
    to: "",
    wrong: "reads whatever it is sent instead of a ticket",
  },
  {
    file: "client/client_settings.ts",
    from: 'socket.protocol === "wss:" && url.protocol !== "https:"',
    to: "false",
    wrong: "sends a token in the clear to the check path",
  },
  {
    file: "client/web_socket_transport.ts",
    from: "(${name}).`",
    to: "(${String(error)}).`",
    wrong: "repeats a token that the runtime's error quotes",
  },
  {
    file: "client/tap.ts",
    from: "for (const token of this.#tokens()) shown = shown.replaceAll(token, HIDDEN);",
    to: "",
    wrong: "shows a tap the token that a server sends back",
  },
  {
    file: "client/tap.ts",
    from: "shown.replaceAll(token, HIDDEN)",
    to: "shown.replace(token, HIDDEN)",
    wrong: "shows a tap the second of two tokens",
  },
  {
    file: "client/tap.ts",
    from: '&& message?.["type"] !== "auth.refresh"',
    to: "",
    wrong: "shows a tap the token of a refresh that it does not know",
  },
];
