/**
 * A map whose entries are forgotten when their time is over, without a timer: a lookup does not see an entry that is
 * over, and a sweep removes such entries whenever the map has grown to twice of what the last sweep left.
 *
 * @module
 */

interface Entry<Value> {
  readonly value: Value;
  readonly untilMs: number;
}

/** Below this size a sweep is not worth its while. */
const MIN_SWEEP_SIZE = 64;

/** A bounded map of entries that end. */
export class ExpiringMap<Key, Value> {
  readonly #entries = new Map<Key, Entry<Value>>();
  readonly #maxEntries: number;
  #sweepAtSize = MIN_SWEEP_SIZE;

  /** @param maxEntries How many entries there may be whose time is not over. */
  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** How many entries are held, those included that are over and not swept away yet. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Looks an entry up.
   *
   * @param key Its key.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns Its value, for as long as its time is not over.
   */
  get(key: Key, nowMs: number): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.untilMs > nowMs ? entry.value : undefined;
  }

  /**
   * Adds an entry, or replaces it.
   *
   * @param key Its key.
   * @param value Its value.
   * @param untilMs When its time is over, in milliseconds since the Unix epoch.
   * @param nowMs The time.
   * @returns Whether there was room for it.
   */
  set(key: Key, value: Value, untilMs: number, nowMs: number): boolean {
    const isNew = !this.#entries.has(key);
    if (isNew && this.#entries.size >= Math.min(this.#sweepAtSize, this.#maxEntries)) this.#sweep(nowMs);
    if (isNew && this.#entries.size >= this.#maxEntries) return false;
    this.#entries.set(key, { value, untilMs });
    return true;
  }

  /** Forgets an entry. @returns Whether it was there. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  /** Forgets all entries. */
  clear(): void {
    this.#entries.clear();
    this.#sweepAtSize = MIN_SWEEP_SIZE;
  }

  #sweep(nowMs: number): void {
    for (const [key, { untilMs }] of this.#entries) if (untilMs <= nowMs) this.#entries.delete(key);
    this.#sweepAtSize = Math.max(MIN_SWEEP_SIZE, 2 * this.#entries.size);
  }
}
