/**
 * How many of each kind there are.
 *
 * @module
 */

/** Counts by key, and forgets a key whose count is 0: keys come from outside, and would pile up. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** How many keys have a count. */
  get size(): number {
    return this.#counts.size;
  }

  /** How many there are in all. */
  get total(): number {
    return this.#total;
  }

  /** How many of a key there are. */
  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** One more. */
  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1);
    this.#total++;
  }

  /** One less; never less than none. */
  remove(key: string): void {
    const left = this.of(key) - 1;
    if (left < 0) return;
    this.#total--;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}
