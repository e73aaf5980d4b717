/**
 * Who wants to be told what. A listener that fails harms nobody else.
 *
 * @module
 */

import { callGuarded } from "../base/promise.ts";

/** Called with what it listens for. */
export type Listener<Value> = (value: Value) => unknown;

/** Listeners by the name of what they listen for. */
export class Listeners {
  /** A `Map`: `__proto__` and `constructor` are names like any other. */
  readonly #byName = new Map<string, Set<{ readonly call: Listener<never> }>>();
  readonly #reportError: (error: unknown) => void;

  /** @param reportError Gets what listeners throw. */
  constructor(reportError: (error: unknown) => void) {
    this.#reportError = reportError;
  }

  /**
   * Adds a listener. The same function may be added twice, and is then called twice.
   *
   * @param name What it listens for.
   * @param call The listener.
   * @returns Takes it away again.
   */
  add<Value>(name: string, call: Listener<Value>): () => void {
    const entry = { call };
    const entries = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, entries.add(entry));
    return () => {
      entries.delete(entry);
      if (entries.size === 0 && this.#byName.get(name) === entries) this.#byName.delete(name);
    };
  }

  /**
   * Calls all listeners of a name.
   *
   * @param name What has happened.
   * @param value What they are told.
   * @param stillTrue Asked before each: a listener may itself make something else happen, which the others hear first then.
   */
  tell(name: string, value: unknown, stillTrue: () => boolean = () => true): void {
    for (const { call } of [...this.#byName.get(name) ?? []]) {
      if (!stillTrue()) return;
      callGuarded(() => (call as Listener<unknown>)(value), this.#reportError);
    }
  }
}
