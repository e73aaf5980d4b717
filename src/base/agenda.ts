/**
 * What is to be done when, with one timer for all of it. A timer for each of ten thousand sessions would be ten thousand
 * objects in the runtime's lists, most of which never fire.
 *
 * @module
 */

import type { Clock, Timer } from "./clock.ts";
import { type Deadline, DeadlineQueue } from "./deadline_queue.ts";

/**
 * The longest wait before time is looked at again. Longer delays would overflow the runtime's timers (after 24.8 days), and
 * a clock that is set forward, or a machine that slept, is noticed within a minute.
 */
const MAX_WAIT_MS = 60_000;

/** No deadline is earlier. */
const RUNNING = -Infinity;

/** Runs items when they are due. */
export class Agenda<Item extends Deadline> {
  readonly #clock: Clock;
  readonly #run: (item: Item, nowMs: number) => void;
  readonly #queue = new DeadlineQueue<Item>();
  #timer: Timer | undefined;
  /** When the timer fires: never without one, and as good as now while items are run, as it is set anew after them. */
  #wakesAtMs = Infinity;

  /**
   * @param clock Tells the time, and wakes.
   * @param run Called once for each item that is due, which is in the agenda no more. Must not throw.
   */
  constructor(clock: Clock, run: (item: Item, nowMs: number) => void) {
    this.#clock = clock;
    this.#run = run;
  }

  /** How many items wait. */
  get size(): number {
    return this.#queue.size;
  }

  /**
   * Adds an item, or moves one that is there.
   *
   * @param item In this agenda, or in none.
   * @param atMs When it is due, in milliseconds since the Unix epoch.
   */
  set(item: Item, atMs: number): void {
    this.#queue.set(item, atMs);
    if (atMs < this.#wakesAtMs) this.#arm();
  }

  /** Takes an item out, if it is in. */
  delete(item: Item): void {
    this.#queue.delete(item);
    // While others wait, the timer stays as it is: to wake once for nothing is cheaper than to set it anew for each who leaves.
    if (this.#queue.size === 0 && this.#wakesAtMs !== RUNNING) this.#arm();
  }

  // #region arm
  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#wakesAtMs = Infinity;
    const { first } = this.#queue;
    if (first === undefined) return;
    const nowMs = this.#clock.now();
    // At least a millisecond: timers may fire a little early by the clock, and must not spin until it has caught up.
    const delayMs = Math.min(Math.max(Math.ceil(first.dueAtMs - nowMs), 1), MAX_WAIT_MS);
    this.#wakesAtMs = nowMs + delayMs;
    this.#timer = this.#clock.after(delayMs, () => this.#wake());
  }
  // #endregion

  #wake(): void {
    this.#wakesAtMs = RUNNING;
    const nowMs = this.#clock.now();
    try {
      for (let item = this.#nextDue(nowMs); item !== undefined; item = this.#nextDue(nowMs)) {
        this.#queue.delete(item);
        this.#run(item, nowMs);
      }
    } finally {
      // Also after a fault: nothing that is still to come may be lost for it.
      this.#arm();
    }
  }

  #nextDue(nowMs: number): Item | undefined {
    const { first } = this.#queue;
    return first !== undefined && first.dueAtMs <= nowMs ? first : undefined;
  }
}
