/**
 * The real time for the client, from what a page, Node and Deno all have.
 *
 * Its timers do keep a process alive, other than those of the server: a program that does nothing but wait for its
 * server to come back would otherwise end in the middle of that. A client that was closed has no timer left.
 *
 * @module
 */

import { type Clock, MAX_TIMER_MS, type Timer } from "../base/clock.ts";

/** The clock of the machine. */
export const pageClock: Clock = {
  now: () => Date.now(),
  after(delayMs: number, run: () => void): Timer {
    // A longer delay would overflow the timer and fire at once.
    const handle = globalThis.setTimeout(run, Math.min(delayMs, MAX_TIMER_MS));
    return { cancel: () => globalThis.clearTimeout(handle) };
  },
};
