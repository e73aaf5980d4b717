/**
 * What is written down about decisions: one event each, in the words of OWASP's logging vocabulary, with fields that are
 * safe to print. A token, a key or a payload is never among them.
 *
 * @module
 */

import type { Carrier } from "../auth/credential.ts";
import { PortcullisError } from "../base/errors.ts";
import { printable } from "../base/text.ts";
import type { DenialCode } from "./envelope.ts";
import type { Session } from "./session.ts";

/** The kinds of event, by the names of OWASP's Logging Vocabulary. */
export type AuditName =
  | "authn_login_success"
  | "authn_login_fail"
  | "authn_token_created"
  | "authn_token_reuse"
  | "authn_token_revoked"
  | "authz_fail"
  | "privilege_permissions_changed"
  | "session_renewed"
  | "session_expired"
  | "session_use_after_expire"
  | "excess_rate_limit_exceeded"
  | "input_validation_fail"
  | "sys_crash";

/** One decision. */
export interface AuditEvent {
  /** What kind of decision. */
  readonly event: AuditName;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Why, in stable words: the code of a denial; at the door, the finer reason that the peer is not told. */
  readonly reason: string;
  /** Who, if that is known: printable, bounded. */
  readonly subject?: string;
  /** The session, if there is one. */
  readonly sessionId?: string;
  /** The type of the message, if there is one: printable, bounded. */
  readonly type?: string;
  /** The roles that a subject has from now on: of the table, so that they are no text of strangers. */
  readonly roles?: readonly string[];
  /** Where the credential was, for decisions about one. */
  readonly carrier?: Carrier;
  /** The Origin of the request, for decisions at the door: printable, bounded. */
  readonly origin?: string;
  /** The client's address, as far as it is known (`trustedProxies`), for decisions at the door. */
  readonly address?: string;
  /**
   * Where a handler or validator failed: the class of the error and the places in the program, at most 4,096 characters. Without the
   * error's message, which may quote what a client sent; that goes to `reportError`. For the server's side only.
   */
  readonly stack?: string;
}

/** Where events go. Must not throw; what it throws is reported and otherwise ignored. */
export type AuditSink = (event: AuditEvent) => void;

/** Reasons that say more than that a token is not good: somebody shows what was good once. */
const REUSE: ReadonlySet<string> = new Set(["ticket_reused", "revoked", "key_withdrawn"]);

/**
 * Names the event of a token or ticket that is refused.
 *
 * @param reason Why it is.
 */
export function eventOfBadToken(reason: string): AuditName {
  return REUSE.has(reason) ? "authn_token_reuse" : "authn_login_fail";
}

/** The event of each denial of a message. */
export const EVENT_OF_DENIAL: { readonly [Code in DenialCode]: AuditName } = {
  malformed: "input_validation_fail",
  unknown_type: "input_validation_fail",
  invalid_data: "input_validation_fail",
  too_large: "input_validation_fail",
  forbidden: "authz_fail",
  expired: "session_use_after_expire",
  rate_limited: "excess_rate_limit_exceeded",
  internal: "sys_crash",
};

/**
 * Describes the denial of a message.
 *
 * @param code Why.
 * @param session Whose message it was.
 * @param type The type that it claimed, if it could be read.
 * @param atMs The time, in milliseconds since the Unix epoch.
 */
export function auditDenial(
  code: DenialCode,
  session: Session,
  type: string | undefined,
  atMs: number,
): AuditEvent {
  const about = { event: EVENT_OF_DENIAL[code], atMs, reason: code, subject: printable(session.subject) };
  return { ...about, sessionId: session.id, ...(type === undefined ? {} : { type: printable(type) }) };
}

/** The longest stack that is written down, in characters. */
const MAX_STACK_LENGTH = 4_096;

/**
 * Describes a message that could not be handled, for reasons that are not its sender's.
 *
 * @param error What was thrown; anything.
 * @param session Whose message it was.
 * @param type Its type, a row of the table.
 * @param atMs The time, in milliseconds since the Unix epoch.
 */
export function auditFailure(error: unknown, session: Session, type: string, atMs: number): AuditEvent {
  const isLate = error instanceof PortcullisError && error.code === "handler_timeout";
  const denial = auditDenial("internal", session, type, atMs);
  return isLate ? { ...denial, reason: error.code } : { ...denial, stack: placesIn(error) };
}

/** Anything can be thrown, also what throws when it is looked at. */
function placesIn(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `A value that is no error was thrown: ${typeof error}`;
    const places = String(error.stack).split("\n").filter((line) => STACK_LINE.test(line));
    return [printable(error.name), ...places].join("\n").slice(0, MAX_STACK_LENGTH);
  } catch {
    return "An error that cannot be read was thrown";
  }
}

/** A message of several lines may look like a place only where its author meant it to. */
const STACK_LINE = /^ {4}at [\x20-\x7e]+$/;
