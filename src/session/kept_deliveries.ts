/**
 * What a session is to get when it reads again: of each type, and for each group of recipients, the latest delivery.
 *
 * It is in no queue of the connection, and so has a bound of its own, `maxKeptBytes`: a session may be in many rooms, and there may be many
 * types.
 *
 * @module
 */

import type { Delivery } from "./delivery.ts";
import { recipientsKey } from "./recipients.ts";

/** What is kept for one session. */
export class KeptDeliveries {
  readonly #byKey = new Map<string, Delivery>();
  #bytes = 0;

  /** How many there are. */
  get size(): number {
    return this.#byKey.size;
  }

  /**
   * Keeps a delivery in place of an older one of its type for the same recipients.
   *
   * @param delivery What is kept.
   * @param maxBytes How many bytes of messages may be kept in all.
   * @returns What became of it; `undefined` when there is no room for it; the older one of its kind, if any, is gone all the same.
   */
  add(delivery: Delivery, maxBytes: number): "kept" | "replaced" | undefined {
    // The latest in one room is not that of another.
    const key = JSON.stringify([delivery.type, recipientsKey(delivery.to)]);
    // Taken out first, so that the order is that of the messages that are there.
    const replaces = this.#delete(key);
    const bytes = sizeOf(delivery);
    if (this.#bytes + bytes > maxBytes) return undefined;
    this.#byKey.set(key, delivery);
    this.#bytes += bytes;
    return replaces ? "replaced" : "kept";
  }

  /** Forgets what was for a room that the session has left. */
  leave(room: string): void {
    for (const [key, { to }] of this.#byKey) {
      if (to !== "everyone" && to.room === room) this.#delete(key);
    }
  }

  /** Lists what is kept, the oldest first. */
  list(): Iterable<Delivery> {
    return this.#byKey.values();
  }

  #delete(key: string): boolean {
    const old = this.#byKey.get(key);
    if (old === undefined) return false;
    this.#bytes -= sizeOf(old);
    return this.#byKey.delete(key);
  }
}

function sizeOf({ message }: Delivery): number {
  return message.payload.length;
}
