/**
 * The answers to a handshake that is refused: one table, and the one response that each leads to.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import type { Carrier } from "../auth/credential.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { isFieldValue } from "../protocol/header_field.ts";
import { HANDSHAKE_RULES, type HandshakeRule, type HandshakeRuleName } from "../protocol/handshake_rules.ts";
import { endAndLinger } from "./linger.ts";

/** One way to refuse. */
export interface RefusalRow {
  /** The HTTP status. */
  readonly status: number;
  /** The reason phrase of the status: the body says nothing finer (RFC 9457 §4.2.1). */
  readonly title: string;
  /** The parameters of the `WWW-Authenticate` challenge after the realm; without it, there is no challenge. */
  readonly challenge?: string;
  /** Further fields of the response. */
  readonly fields?: Readonly<Record<string, string>>;
  /** With `explainRefusals`, the name in `CLOSE` of the code that the page gets to see instead of 1006. */
  readonly explainedAs?: "unauthenticated" | "forbidden";
}

/** Every way in which an upgrade is refused before the 101. */
export const REFUSALS = {
  malformed: { status: 400, title: "Bad Request" },
  two_carriers: { status: 400, title: "Bad Request", challenge: ', error="invalid_request"' },
  // RFC 6750 §3.1: without a credential in the request, no error code.
  no_credential: { status: 401, title: "Unauthorized", challenge: "", explainedAs: "unauthenticated" },
  invalid_token: {
    status: 401,
    title: "Unauthorized",
    challenge: ', error="invalid_token"',
    explainedAs: "unauthenticated",
  },
  not_allowed: {
    status: 403,
    title: "Forbidden",
    challenge: ', error="insufficient_scope"',
    explainedAs: "forbidden",
  },
  origin: { status: 403, title: "Forbidden", explainedAs: "forbidden" },
  not_found: { status: 404, title: "Not Found" },
  method: { status: 405, title: "Method Not Allowed", fields: { Allow: "GET" } },
  version: { status: 426, title: "Upgrade Required", fields: { "Sec-WebSocket-Version": "13" } },
  too_many: { status: 429, title: "Too Many Requests", fields: { "Retry-After": "5" } },
  too_many_fields: { status: 431, title: "Request Header Fields Too Large" },
  server_fault: { status: 500, title: "Internal Server Error" },
  busy: { status: 503, title: "Service Unavailable", fields: { "Retry-After": "5" } },
} as const;

/** The case of a refusal. */
export type RefusalName = keyof typeof REFUSALS;

/** One refusal: the case, which the peer is told, and the reason, which it is not. */
export interface Refusal {
  /** Picks the row of {@link REFUSALS}. */
  readonly name: RefusalName;
  /** A stable word for the log. */
  readonly reason: string;
  /** Where the credential was that is refused. */
  readonly carrier?: Carrier | undefined;
}

/**
 * Finds the refusal for a broken rule of the handshake.
 *
 * @param rule The rule.
 * @returns Its case.
 */
export function refusalForRule(rule: HandshakeRuleName): RefusalName {
  const { status }: HandshakeRule = HANDSHAKE_RULES[rule];
  return REFUSAL_OF_STATUS[status];
}

const REFUSAL_OF_STATUS: Readonly<Record<HandshakeRule["status"], RefusalName>> = {
  400: "malformed",
  405: "method",
  426: "version",
  431: "too_many_fields",
};

/**
 * Checks the realm of the challenges, once, when a server is set up.
 *
 * @param realm What the credentials are for; goes into a quoted string.
 * @throws {PortcullisError} `invalid_argument`, when it cannot stand in one.
 */
export function checkRealm(realm: string): void {
  if (!isFieldValue(realm) || /["\\]/.test(realm)) {
    throw new PortcullisError(
      "invalid_argument",
      "The realm contains a quote, a backslash or a control character.",
    );
  }
}

/** An answer to a refused request (RFC 9457: problem details). */
export interface Answer {
  readonly status: number;
  readonly title: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Makes the answer of a refusal.
 *
 * @param name The case.
 * @param realm What the credentials are for.
 * @returns The answer, in ASCII.
 */
export function answerOf(name: RefusalName, realm: string): Answer {
  const { status, title, challenge, fields }: RefusalRow = REFUSALS[name];
  const body = JSON.stringify({ type: "about:blank", title, status });
  return {
    status,
    title,
    body,
    fields: {
      "Content-Type": "application/problem+json",
      "Content-Length": String(body.length),
      "Cache-Control": "no-store",
      "Connection": "close",
      ...fields,
      ...(challenge === undefined ? {} : { "WWW-Authenticate": `Bearer realm="${realm}"${challenge}` }),
    },
  };
}

/**
 * Writes the response of a refusal.
 *
 * @param name The case.
 * @param realm What the credentials are for.
 * @returns The whole response, in ASCII.
 */
export function encodeRefusal(name: RefusalName, realm: string): string {
  const { status, title, fields, body } = answerOf(name, realm);
  const lines = [
    `HTTP/1.1 ${status} ${title}`,
    ...Object.entries(fields).map(([field, value]) => `${field}: ${value}`),
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

// #region refuse
/**
 * Refuses an upgrade: exactly one response, then the end of TCP, whatever was pipelined behind the request.
 *
 * @param socket Of the request; must have a listener for errors.
 * @param name The case.
 * @param realm What the credentials are for.
 * @param clock For the deadline of the peer's FIN.
 * @param timeoutMs How long the peer has for it.
 */
export function refuse(
  socket: Duplex,
  name: RefusalName,
  realm: string,
  clock: Clock,
  timeoutMs: number,
): void {
  if (socket.destroyed || !socket.writable) return;
  socket.write(encodeRefusal(name, realm), "latin1");
  endAndLinger(socket, clock, timeoutMs);
}
// #endregion
