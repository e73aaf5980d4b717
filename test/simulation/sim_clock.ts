/**
 * Time that jumps from one event to the next: whatever is due happens in its order, and the event loop comes to rest in between.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Clock, Timer } from "../../src/base/clock.ts";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "../../src/base/deadline_queue.ts";

class Pending implements Deadline, Timer {
  dueAtMs = 0;
  queueIndex: number = NOT_QUEUED;
  readonly run: () => void;
  readonly #queue: DeadlineQueue<Pending>;

  constructor(run: () => void, queue: DeadlineQueue<Pending>) {
    this.run = run;
    this.#queue = queue;
  }

  cancel(): void {
    this.#queue.delete(this);
  }
}

/** The clock of a simulation. */
export class SimClock implements Clock {
  readonly #queue = new DeadlineQueue<Pending>();
  #nowMs = 1_800_000_000_000;

  /** How many calls wait. */
  get pending(): number {
    return this.#queue.size;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const pending = new Pending(run, this.#queue);
    this.#queue.set(pending, this.#nowMs + delayMs);
    return pending;
  }

  /** Time passes, and nothing happens in it, as when the event loop is held up: what was due is late. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (
      let next = this.#queue.first;
      next !== undefined && next.dueAtMs <= untilMs;
      next = this.#queue.first
    ) {
      const { dueAtMs } = next;
      this.#nowMs = Math.max(this.#nowMs, dueAtMs);
      // What is due at the same moment happens in the same turn.
      for (
        let one = this.#queue.first;
        one !== undefined && one.dueAtMs <= dueAtMs;
        one = this.#queue.first
      ) {
        this.#queue.delete(one);
        one.run();
      }
      await settle();
    }
    this.#nowMs = untilMs;
  }
}

/** Lets everything happen that is already on its way: promises, and what is written at the end of a turn. */
export async function settle(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
