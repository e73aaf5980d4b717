/**
 * Many deadlines of about the same length, with one timer for all of them: a wheel of slots that turns by one at each tick.
 *
 * Each connection is looked at every half a minute, and most looks lead to nothing. A heap would pay the logarithm of their number for each;
 * looking at all of them at once would hold everybody up for as long as it takes to ask twenty thousand peers. Here setting costs the same
 * for any number, and those that are due at a tick are those that came at about the same time.
 *
 * @module
 */

import type { Clock, Timer } from "./clock.ts";
import { type Listed, Roster } from "./roster.ts";

/** Something that is set on a wheel. Its fields belong to the wheel. */
export interface Spoke extends Listed {
  /** The slot that it is in, while it is on a roster. */
  wheelSlot: number;
}

/** How many ticks the longest delay has: a deadline is met at most one tick late. */
const TICKS_OF_LONGEST = 64;

/** Runs items when they are due, or up to a tick later. */
export class TimerWheel<Item extends Spoke> {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #run: (item: Item) => void;
  // Up to one tick more than the longest delay ahead, for what is set between two ticks; and the slot that is being run, into which nothing may be set.
  readonly #slots: readonly Roster<Item>[] = Array.from({ length: TICKS_OF_LONGEST + 2 }, () => new Roster());
  #position = 0;
  #tickedAtMs = 0;
  #size = 0;
  #timer: Timer | undefined;

  /**
   * @param clock Tells the time, and wakes.
   * @param longestMs The longest delay that is ever set, at least 1.
   * @param run Called once for each item that is due, which is on the wheel no more. Must not throw.
   */
  constructor(clock: Clock, longestMs: number, run: (item: Item) => void) {
    this.#clock = clock;
    this.#tickMs = Math.max(1, Math.ceil(longestMs / TICKS_OF_LONGEST));
    this.#run = run;
  }

  /** How many items there are. */
  get size(): number {
    return this.#size;
  }

  /** Lists the items there are now. */
  list(): Item[] {
    return this.#slots.flatMap((slot) => slot.list());
  }

  /**
   * Sets an item, or moves one that is set.
   *
   * @param item On this wheel, or on none.
   * @param delayMs How long from now, at most the longest that the wheel was made for.
   * @returns How long from now it is due in fact, at a tick.
   */
  set(item: Item, delayMs: number): number {
    this.delete(item);
    const nowMs = this.#clock.now();
    this.#start(nowMs);
    // A clock that was set back counts as no time since the tick, and one that was set forward as one tick.
    const fromTickMs = Math.min(Math.max(0, nowMs - this.#tickedAtMs), this.#tickMs);
    const ticks = Math.min(
      Math.max(1, Math.ceil((fromTickMs + delayMs) / this.#tickMs)),
      TICKS_OF_LONGEST + 1,
    );
    item.wheelSlot = (this.#position + ticks) % this.#slots.length;
    this.#slotOf(item).add(item);
    this.#size++;
    return ticks * this.#tickMs - fromTickMs;
  }

  /** Takes an item off, if it is on. */
  delete(item: Item): void {
    if (item.rosterIndex < 0) return;
    this.#slotOf(item).delete(item);
    this.#size--;
    if (this.#size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #start(nowMs: number): void {
    if (this.#timer !== undefined) return;
    this.#tickedAtMs = nowMs;
    this.#timer = this.#clock.after(this.#tickMs, () => this.#tick());
  }

  /** After the event loop was held up, no tick is made up for: the peers could not be heard meanwhile. */
  #tick(): void {
    this.#tickedAtMs = this.#clock.now();
    this.#timer = this.#clock.after(this.#tickMs, () => this.#tick());
    this.#position = (this.#position + 1) % this.#slots.length;
    for (const item of this.#slots[this.#position]?.list() ?? []) {
      // One that was run before may have taken it off, or set it anew.
      if (item.rosterIndex < 0 || item.wheelSlot !== this.#position) continue;
      this.#slotOf(item).delete(item);
      this.#size--;
      this.#run(item);
    }
    if (this.#size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #slotOf(item: Item): Roster<Item> {
    return this.#slots[item.wheelSlot] as Roster<Item>; // Always a place of the wheel.
  }
}
