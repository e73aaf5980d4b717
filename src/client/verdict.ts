/**
 * What to do after an attempt or a session has ended: two tables, one for close codes and one for HTTP statuses.
 *
 * @module
 */

import { type ClientAction, clientActionFor } from "../protocol/close_codes.ts";
import type { Cause } from "./client_state.ts";
import type { TransportEnd } from "./transport.ts";

/** What follows from an end. */
export interface Verdict {
  /** What to do. */
  readonly action: ClientAction;
  /** Why. */
  readonly why: Cause;
  /** Whether the token must never be sent again. */
  readonly refusesToken: boolean;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly hintMs: number;
}

/** What each HTTP status means for a client that comes with a token. */
const ACTION_OF_STATUS: ReadonlyMap<number, ClientAction> = new Map<number, ClientAction>([
  // The same request would be refused again, whatever the token.
  ...[400, 404, 405, 426, 431].map((status) => [status, "stop"] as const),
  // Known, and not allowed here: a page that comes back will be refused again.
  [403, "stop"],
  // The token is bad, expired or revoked.
  [401, "refresh"],
  // Too many, or a server or proxy in trouble.
  ...[429, 500, 502, 503, 504].map((status) => [status, "backoff"] as const),
]);

/**
 * Judges an HTTP status with which a server, or something in front of it, refused.
 *
 * @param status The status.
 * @param retryAfterMs When to try again, if the answer said so.
 * @returns What to do; for a status without a row `backoff`, as a proxy or a captive portal may mean anything by it.
 */
export function judgeStatus(status: number, retryAfterMs: number | undefined): Verdict {
  const action = ACTION_OF_STATUS.get(status) ?? "backoff";
  return verdict(action, { kind: "refused", status }, retryAfterMs);
}

/**
 * Judges how a connection ended.
 *
 * @param end What the transport told.
 * @param tokenWasShown Whether the upgrade itself carried the token: then an end that is unclear may have been its refusal.
 * @returns What to do.
 */
export function judgeEnd(end: TransportEnd, tokenWasShown: boolean): Verdict {
  // #region judge_end
  switch (end.kind) {
    case "closed":
      return verdict(clientActionFor(end.code), { kind: "closed", code: end.code, reason: end.reason });
    case "refused":
      return judgeStatus(end.status, end.retryAfterMs);
    case "unreachable":
      return verdict("backoff", end);
    case "unclear":
      // Perhaps only the network is gone. But to show a refused token again is the one thing that must not happen.
      return { ...verdict("backoff", end), refusesToken: tokenWasShown };
    case "unusable":
      return verdict("stop", end);
  }
  // #endregion
}

/**
 * Makes a verdict.
 *
 * @param action What to do; `refresh` says that the token was refused.
 * @param why Why.
 * @param hintMs How long the server wants to be left alone, in milliseconds.
 * @returns The verdict.
 */
export function verdict(action: ClientAction, why: Cause, hintMs = 0): Verdict {
  return { action, why, refusesToken: action === "refresh", hintMs };
}
