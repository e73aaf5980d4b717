/**
 * How a session ends: one row for each way, with what the peer is told and what is written down.
 *
 * @module
 */

import { CLOSE, type CloseRow } from "../protocol/close_codes.ts";

/** One way to end. */
export interface SessionEndRow {
  /** The status code with which the connection is closed; `undefined` where it is closed already. */
  readonly close: CloseRow | undefined;
  /** What the peer is told besides the code. */
  readonly tells: string;
}

/** Why a session is over: it left, or what ended it. */
export type SessionEnd =
  | "left"
  | "removed"
  | "expired"
  | "key_withdrawn"
  | "revoked"
  | "replaced"
  | "insistent"
  | "restart"
  | "stopped";

/** Every way in which a session ends. */
export const SESSION_ENDS: Readonly<Record<SessionEnd, SessionEndRow>> = {
  left: { close: undefined, tells: "" },
  removed: { close: CLOSE.forbidden, tells: "Removed" },
  expired: { close: CLOSE.unauthenticated, tells: "Your token has expired." },
  key_withdrawn: { close: CLOSE.unauthenticated, tells: "The key of your token is not valid any more." },
  revoked: { close: CLOSE.forbidden, tells: "Your token has been revoked." },
  insistent: { close: CLOSE.tryLater, tells: "You were told to wait, and did not." },
  restart: { close: CLOSE.restart, tells: "The server restarts." },
  stopped: { close: CLOSE.goingAway, tells: "" },
  replaced: { close: CLOSE.forbidden, tells: "A newer session of yours has taken this one's place." },
};
