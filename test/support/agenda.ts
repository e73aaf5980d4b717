/**
 * An agenda, and a clock whose timers run when a test says so.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Agenda } from "../../src/base/agenda.ts";
import type { Clock, Timer } from "../../src/base/clock.ts";
import { type Deadline, NOT_QUEUED } from "../../src/base/deadline_queue.ts";

/** An item of the agenda. */
export interface Named extends Deadline {
  readonly name: string;
}

/** Makes an item that is in no agenda. */
export function named(name: string): Named {
  return { name, dueAtMs: 0, queueIndex: NOT_QUEUED };
}

/** Where time stands at first. */
export const START_MS = 1_800_000_000_000;

/** A clock whose timers run when the test says so: early, late, or while time goes backwards. */
export class LooseClock implements Clock {
  nowMs = START_MS;
  /** The delays asked for, in their order. */
  readonly delays: number[] = [];
  readonly #timers = new Map<Timer, { readonly delayMs: number; readonly run: () => void }>();

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const timer: Timer = { cancel: () => void this.#timers.delete(timer) };
    this.#timers.set(timer, { delayMs, run });
    this.delays.push(delayMs);
    return timer;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Runs the only timer, at whatever time it is now. */
  fire(): void {
    for (const [timer, { run }] of [...this.#timers]) {
      this.#timers.delete(timer);
      run();
    }
  }

  /** Moves on to the moment of the only timer, less what it is early, and runs it. */
  wake(earlyMs = 0): void {
    const [{ delayMs } = { delayMs: NaN }] = [...this.#timers.values()];
    this.nowMs += delayMs - earlyMs;
    this.fire();
  }
}

/** An agenda, and what came of it. */
export interface TestAgenda {
  readonly clock: LooseClock;
  /** What ran: `name at 17`, in milliseconds from the start. */
  readonly ran: string[];
  readonly made: Agenda<Named>;
  /** Adds a new item, due so many milliseconds from now. */
  set(name: string, afterMs: number): Named;
}

/**
 * Sets an agenda up.
 *
 * @param react What else is done when an item runs.
 */
export function testAgenda(react?: (item: Named, nowMs: number) => void): TestAgenda {
  const clock = new LooseClock();
  const ran: string[] = [];
  const made: Agenda<Named> = new Agenda<Named>(clock, (item, nowMs) => {
    assert.equal(item.queueIndex, NOT_QUEUED);
    ran.push(`${item.name} at ${nowMs - START_MS}`);
    react?.(item, nowMs);
  });
  const set = (name: string, afterMs: number) => {
    const item = named(name);
    made.set(item, clock.nowMs + afterMs);
    return item;
  };
  return { clock, ran, made, set };
}
