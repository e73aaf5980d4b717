/**
 * Time as a parameter. Nothing below `io/` reads a clock by itself, so a test can stand at any moment it likes and no
 * test ever sleeps.
 *
 * @module
 */

/** A pending call; `cancel` is safe to call at any time, more than once too. */
export interface Timer {
  /** Takes the pending call back. */
  cancel(): void;
}

/**
 * What the library needs to know of time.
 *
 * @example
 * ```ts
 * import type { Clock } from "portcullis";
 *
 * const stopped: Clock = { now: () => 1_700_000_000_000, after: () => ({ cancel() {} }) };
 * stopped.now();
 * ```
 */
export interface Clock {
  /** Tells the time. @returns Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Calls `run` once, later. A pending call must not keep the process alive.
   *
   * @param delayMs Milliseconds from now, 0 to 2^31 − 1: a longer delay would overflow the timer and fire at once.
   * @param run What to call.
   */
  after(delayMs: number, run: () => void): Timer;
}

/** The longest delay that a timer of the runtime can hold, in milliseconds (24.8 days). */
export const MAX_TIMER_MS = 2_147_483_647;
