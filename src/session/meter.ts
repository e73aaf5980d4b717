/**
 * What is worth counting in the sessions of a gate. What counts is in `io/`, and has a clock for it; here is only what it is
 * told, so that the sessions need neither.
 *
 * @module
 */

import type { DenialCode } from "./envelope.ts";

/** What became of a message whose receiver does not keep up. */
export type SlowOutcome = "dropped" | "kept" | "replaced";

/** Told of what happens. None of it may throw. */
export interface SessionMeter {
  /** Tells the time, in seconds, by a clock that is never set back. */
  seconds(): number;
  /** A message of a client was denied. @param type A row of the table, or `undefined`: never text of a stranger. */
  denied(type: string | undefined, code: DenialCode): void;
  /** A delivery was not sent at once, or not at all. */
  slow(type: string, outcome: SlowOutcome): void;
  /** A message has gone to a group. @param startedAt What `seconds` said when it began. */
  groupSent(startedAt: number): void;
  /** Sessions have been ended by a revocation. @param startedAt What `seconds` said when it began. */
  revoked(startedAt: number): void;
}

/** Counts nothing. */
export const NO_METER: SessionMeter = {
  seconds: () => 0,
  denied: () => undefined,
  slow: () => undefined,
  groupSent: () => undefined,
  revoked: () => undefined,
};
