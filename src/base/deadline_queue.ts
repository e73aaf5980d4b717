/**
 * Things that fall due, the earliest first. A binary heap in which each item knows its place, so that one that is no
 * longer wanted is taken out at once, and does not lie there until its time has come.
 *
 * @module
 */

/** Something with a deadline. The two fields belong to the queue. */
export interface Deadline {
  /** When it is due, in milliseconds since the Unix epoch. */
  dueAtMs: number;
  /** Its place in the queue; {@link NOT_QUEUED} when it is in none. */
  queueIndex: number;
}

/** The place of an item that is in no queue. */
export const NOT_QUEUED = -1;

/** A queue of deadlines: adding, moving and removing cost the logarithm of its size. */
export class DeadlineQueue<Item extends Deadline> {
  readonly #heap: Item[] = [];

  /** How many items wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** The item that is due first. */
  get first(): Item | undefined {
    return this.#heap[0];
  }

  /**
   * Adds an item, or moves one that is there.
   *
   * @param item In this queue, or in none.
   * @param dueAtMs When it is due, in milliseconds since the Unix epoch.
   */
  set(item: Item, dueAtMs: number): void {
    item.dueAtMs = dueAtMs;
    if (item.queueIndex === NOT_QUEUED) item.queueIndex = this.#heap.push(item) - 1;
    this.#settle(item);
  }

  /** Takes an item out, if it is in. */
  delete(item: Item): void {
    const index = item.queueIndex;
    if (index === NOT_QUEUED) return;
    item.queueIndex = NOT_QUEUED;
    const last = this.#heap.pop();
    // The queue was not empty, as the item was in it.
    if (last === undefined || last === item) return;
    this.#put(last, index);
    this.#settle(last);
  }

  /** Moves an item to where its time belongs: towards the front, or else towards the back. */
  #settle(item: Item): void {
    const heap = this.#heap;
    let index = item.queueIndex;
    for (let up = (index - 1) >> 1; index > 0; up = (index - 1) >> 1) {
      const parent = heap[up] as Item; // Between 0 and a place that is taken.
      if (parent.dueAtMs <= item.dueAtMs) break;
      this.#put(parent, index);
      index = up;
    }
    for (let down = this.#earlierChild(index); down !== undefined; down = this.#earlierChild(index)) {
      if (item.dueAtMs <= down.dueAtMs) break;
      const next = down.queueIndex;
      this.#put(down, index);
      index = next;
    }
    this.#put(item, index);
  }

  #earlierChild(index: number): Item | undefined {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    return right !== undefined && left !== undefined && right.dueAtMs < left.dueAtMs ? right : left;
  }

  #put(item: Item, index: number): void {
    this.#heap[index] = item;
    item.queueIndex = index;
  }
}
