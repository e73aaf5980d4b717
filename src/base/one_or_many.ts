/**
 * An index in which most keys have one value, as most subjects have one session: a set for each would be larger than what is in it.
 *
 * @module
 */

const NOTHING: ReadonlySet<never> = new Set<never>();

/** Values by key, any number for each. A key without values takes no room: keys may come from outside, and would pile up. */
export class OneOrMany<Value extends object> {
  readonly #values = new Map<string, Value | Set<Value>>();

  /**
   * Adds a value, if it is not there yet.
   *
   * @param key Any text.
   * @param value Not a set itself.
   */
  add(key: string, value: Value): void {
    const known = this.#values.get(key);
    if (known instanceof Set) known.add(value);
    else if (known === undefined) this.#values.set(key, value);
    else if (known !== value) this.#values.set(key, new Set([known, value]));
  }

  /**
   * Removes a value, if it is there.
   *
   * @param key The key under which it was added.
   * @param value This very object.
   */
  delete(key: string, value: Value): void {
    const known = this.#values.get(key);
    if (known instanceof Set) {
      known.delete(value);
      if (known.size === 0) this.#values.delete(key);
    } else if (known === value) {
      this.#values.delete(key);
    }
  }

  /**
   * @returns The values that a key has now, in the order in which they were added. Later changes do not show in it.
   */
  of(key: string): ReadonlySet<Value> {
    const known = this.#values.get(key);
    if (known === undefined) return NOTHING;
    return new Set(known instanceof Set ? known : [known]);
  }

  /** @returns How many values a key has. */
  countOf(key: string): number {
    const known = this.#values.get(key);
    return known instanceof Set ? known.size : known === undefined ? 0 : 1;
  }

  /** @returns The keys that have a value. */
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }
}
