/**
 * Where a client stands, and why: values that a page can show as they are. None of them ever holds a token.
 *
 * @module
 */

import type { PortcullisError } from "../base/errors.ts";

/** What the server said of a session, in its `hello` and since. */
export interface SessionInfo {
  /** Random, and derived from nothing: it may be logged and shown. */
  readonly sessionId: string;
  /** Whom the token named. */
  readonly subject: string;
  /** What the subject may do now. */
  readonly roles: readonly string[];
  /** When the identity ends, in milliseconds since the Unix epoch, by the server's clock. */
  readonly expiresAt: number;
  /** How often the server pings, in milliseconds. */
  readonly heartbeatMs: number;
  /** The longest message that is worth sending, in bytes of UTF-8. */
  readonly maxMessageBytes: number;
}

/** Why a client waits, or has stopped. */
export type Cause =
  /** `close()` was called. */
  | { readonly kind: "asked" }
  /** The connection was closed with this code and reason (see `CLOSE`). */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string }
  /** The server answered with this HTTP status: to the upgrade, at the check path, or when asked for a ticket. */
  | { readonly kind: "refused"; readonly status: number }
  /** The server could not be reached. */
  | { readonly kind: "unreachable" }
  /** In a page without a check path: the server refused, or could not be reached; a page is not told which. */
  | { readonly kind: "unclear" }
  /** The server was reached, and was not heard of within `connectTimeoutMs`. */
  | { readonly kind: "timeout" }
  /** The server was asked for a ticket, and answered with something else. */
  | { readonly kind: "no_ticket" }
  /** `getToken` failed, did not answer in time, or answered with something that is no token. */
  | { readonly kind: "token_failed" }
  /** `getToken` answered with a token that the server has refused already. */
  | { readonly kind: "token_refused" }
  /** This runtime (`unsupported`), or these options, can never connect. */
  | { readonly kind: "unusable"; readonly error: PortcullisError };

/** Where a client stands. */
export type ClientState =
  /** Made, and not opened yet. */
  | { readonly status: "idle" }
  /** Gets a token, connects, or waits for the server's `hello`. */
  | { readonly status: "connecting" }
  /** In a session. */
  | { readonly status: "open"; readonly session: SessionInfo }
  /** Will connect again, so many milliseconds after this state began. */
  | { readonly status: "waiting"; readonly delayMs: number; readonly why: Cause }
  /** For good: another client must be made. */
  | { readonly status: "stopped"; readonly why: Cause };
