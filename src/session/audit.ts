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

/** The kinds of event, by the names of OWASP's Logging Vocabulary; each with the reasons that it can have. */
export type AuditName =
  /** A session has begun: `token`. */
  | "authn_login_success"
  /**
   * A request came without a credential, with two, or with one that is not good, or a session showed a token on which it is not put:
   * `no_credential`, `two_carriers`, `auth_timeout`; of a token `too_long`, `malformed`, `unknown_key`, `algorithm`, `signature`, `claims`,
   * `expired`, `lifetime`, `not_yet_valid`, `audience`, `issuer`; of a ticket `ticket_malformed`, `ticket_unknown`, `ticket_origin`; of a
   * session's next token also `other_subject` and `not_approved`; when it ended just before its session began, `revoked` or `key_withdrawn`.
   */
  | "authn_login_fail"
  /** A ticket was given out: `token`. */
  | "authn_token_created"
  /** Somebody showed what was good once: `ticket_reused`, `revoked`, `key_withdrawn`. */
  | "authn_token_reuse"
  /** Tokens were revoked: `subject`, `token_id`, `issued_before`; `list_full` when everybody has to sign in anew for it. */
  | "authn_token_revoked"
  /**
   * Somebody may not do this: at the door `foreign_origin`, `cookie_without_origin`, `cross_site`, `not_approved`; of a message
   * `forbidden`.
   */
  | "authz_fail"
  /** A subject was given other roles: `roles`. */
  | "privilege_permissions_changed"
  /** A session was put on its next token: `refresh`. */
  | "session_renewed"
  /**
   * A session was ended: `expired`, `key_withdrawn`, `removed`, `replaced`, `insistent`. That one left, or ended with a revocation or with the
   * server, is not written down for each.
   */
  | "session_expired"
  /** A message came after the identity had ended: `expired`. */
  | "session_use_after_expire"
  /**
   * There was no room, or too much came: at the door `draining`, `closed`, `pending`, `pending_of_subject`, `pending_of_address`,
   * `approval_timeout`, `unauthenticated`, `connections`, `connections_of_address`, `sessions`, `sessions_of_subject`, `too_many_tickets`,
   * `too_many_tickets_of_subject`; of a message `rate_limited`.
   */
  | "excess_rate_limit_exceeded"
  /**
   * A request or a message is not what it should be: at the door the rule of the handshake that it breaks, `path`, `method`, `origin`,
   * `too_many_fields`, `fields_too_large`; of a message `malformed`, `unknown_type`, `invalid_data`, `too_large`.
   */
  | "input_validation_fail"
  /**
   * What the application has written failed: at the door `approval_failed`, `admission_failed`, `key_source_failed`; of a message
   * `internal`, `handler_timeout`, `given_up_handlers`.
   */
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
  /** The type of the message, if there is one: printable, bounded; hidden where it has no row and may be a secret. */
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
 * @param type The type that it claimed, if it could be read: what may be a secret is hidden by those who know the rows.
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
