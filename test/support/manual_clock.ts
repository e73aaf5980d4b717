/**
 * A clock that stands still until a test moves it.
 *
 * @module
 */

import { type Clock, MAX_TIMER_MS, type Timer } from "../../src/base/clock.ts";

interface Pending extends Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time moved by hand: what is due runs within {@link ManualClock.advance}, in its order. */
export class ManualClock implements Clock {
  readonly #pending = new Set<Pending>();
  #nowMs: number;

  /** @param nowMs Where time stands at first. */
  constructor(nowMs = 1_800_000_000_000) {
    this.#nowMs = nowMs;
  }

  /** How many calls wait: 0 once everything has been put in order. */
  get pending(): number {
    return this.#pending.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    // The runtime's timers would take it for one millisecond; here it is a fault that no test overlooks.
    if (!(delayMs >= 0 && delayMs <= MAX_TIMER_MS)) {
      throw new RangeError(`A timer of ${delayMs} ms overflows.`);
    }
    const timer: Pending = {
      atMs: this.#nowMs + delayMs,
      run,
      cancel: () => void this.#pending.delete(timer),
    };
    this.#pending.add(timer);
    return timer;
  }

  /** Moves time on and runs nothing, as when the event loop is busy, or the clock is set. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves time on. Timers that are set meanwhile run too, if they become due. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#pending.delete(next);
      // Behind a jump, timers are late; time does not go back for them.
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }

  /** The earliest that is due; of two at the same moment, the one that was set first. */
  #next(untilMs: number): Pending | undefined {
    let earliest: Pending | undefined;
    for (const timer of this.#pending) {
      if (timer.atMs <= untilMs && (earliest === undefined || timer.atMs < earliest.atMs)) earliest = timer;
    }
    return earliest;
  }
}
