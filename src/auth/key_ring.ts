/**
 * Which keys verify at this moment (RFC 7515 §4.1.4, RFC 8725 §3.10): a fixed list, or a ring whose current key is
 * replaced while the server runs.
 *
 * A `kid` is text of whoever sends the token. It is compared with the ids of the keys that are here and nothing else: it
 * is never a path, a query or a URL, and no other key is tried when none has that id.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { FIRST_MOMENT_MS } from "./claims.ts";
import type { HmacKey } from "./key.ts";

/** Where a verifier finds its keys. */
export interface KeySource {
  /**
   * Finds the key of an id.
   *
   * @param id The `kid` of a token, or `undefined` for a token without one.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns The one key that may verify it, if there is one and its time is not over.
   */
  keyFor(id: string | undefined, nowMs: number): HmacKey | undefined;
  /**
   * Tells until when a key vouches for what it has signed.
   *
   * @param id The key's id.
   * @returns Milliseconds since the Unix epoch; `Infinity` for a key that stays, `-Infinity` for one that is not here.
   */
  validUntilMs(id: string | undefined): number;
  /**
   * Has a function called whenever a key's time has changed.
   *
   * @param listener Called within {@link KeyRing.rotate}. Must not throw.
   * @returns Ends that: keys outlive the gates that use them.
   */
  watch(listener: () => void): () => void;
}

/** The keys of a {@link KeyRing}. */
export interface KeyRingOptions {
  /** Signs from now on, and verifies. */
  readonly current: HmacKey;
  /** Signed before; still verifies for a while. */
  readonly previous?: HmacKey;
  /** When the previous key stops to verify, in milliseconds since the Unix epoch. Must be there if `previous` is. */
  readonly previousValidUntilMs?: number;
}

/**
 * A current key and the one before it, which still verifies for a while.
 *
 * @example Rotate without a restart: tokens of the old key are good for ten minutes more, sessions too.
 * ```ts
 * import { randomBytes } from "node:crypto";
 * import { strictEqual } from "node:assert";
 * import { hmacKey, KeyRing } from "portcullis";
 *
 * const ring = new KeyRing({ current: hmacKey(randomBytes(32), { id: "2026-10" }) });
 * ring.rotate(hmacKey(randomBytes(32), { id: "2026-11" }), { previousValidUntilMs: Date.now() + 600_000 });
 * strictEqual(ring.current.id, "2026-11");
 * ```
 */
export class KeyRing implements KeySource {
  #current: HmacKey;
  #previous: HmacKey | undefined;
  #previousValidUntilMs: number;
  readonly #listeners = new Set<() => void>();

  /**
   * Makes a ring.
   *
   * @param options The keys.
   * @throws {PortcullisError} `invalid_argument` for two keys of one id, or a previous key without an end.
   */
  constructor({ current, previous, previousValidUntilMs }: KeyRingOptions) {
    // A key that is missing, as a variable of the environment is one day, must end the start and not the protection.
    if (typeof current?.mac !== "function") refuse("There is no current key.");
    this.#current = current;
    this.#previous = previous;
    this.#previousValidUntilMs = previousValidUntilMs ?? -Infinity;
    if (previous === undefined) return;
    checkIds(current, previous);
    checkEnd(previousValidUntilMs);
  }

  /** The key that signs. */
  get current(): HmacKey {
    return this.#current;
  }

  keyFor(id: string | undefined, nowMs: number): HmacKey | undefined {
    if (id === this.#current.id) return this.#current;
    const previous = this.#previous;
    return previous !== undefined && id === previous.id && nowMs < this.#previousValidUntilMs
      ? previous
      : undefined;
  }

  validUntilMs(id: string | undefined): number {
    if (id === this.#current.id) return Infinity;
    return this.#previous !== undefined && id === this.#previous.id ? this.#previousValidUntilMs : -Infinity;
  }

  watch(listener: () => void): () => void {
    // One of its own, as two may watch with the same function.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * Makes another key the current one. The key that was current before verifies until the given time; the one before that
   * no longer. A session ends, with 3000, when the key that vouched for it does, so that its client gets a new token.
   *
   * @param next The new key; its id must differ from that of the current one.
   * @param options `previousValidUntilMs`: when the old key stops to verify, in milliseconds since the Unix epoch. The
   * present moment withdraws it at once, as for a secret that has leaked.
   * @throws {PortcullisError} `invalid_argument` when the ids are the same, or the time is none.
   */
  rotate(next: HmacKey, { previousValidUntilMs }: { readonly previousValidUntilMs: number }): void {
    checkIds(next, this.#current);
    checkEnd(previousValidUntilMs);
    this.#previous = this.#current;
    this.#previousValidUntilMs = previousValidUntilMs;
    this.#current = next;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Makes a source of whatever a policy says.
 *
 * @param keys A list, of which all verify for as long as the server runs, or a source.
 * @returns The source.
 * @throws {PortcullisError} `invalid_argument` for an empty list, or two keys of one id.
 */
export function keySourceOf(keys: readonly HmacKey[] | KeySource): KeySource {
  if (isSource(keys)) return keys;
  const byId = new Map(keys?.map((key) => [key.id, key]));
  // A list that comes from the environment may be missing one day: that must end the start, and not the protection.
  if (byId.size === 0) refuse("There are no keys.");
  if (byId.size !== keys.length) refuse("Two keys have the same id.");
  return {
    keyFor: (id) => byId.get(id),
    validUntilMs: (id) => (byId.has(id) ? Infinity : -Infinity),
    // A list never changes.
    watch: () => () => undefined,
  };
}

/**
 * Finds the key of an id.
 *
 * @param keys A list or a source.
 * @param id The `kid` of a token, or `undefined` for a token without one.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 */
export function findKey(
  keys: readonly HmacKey[] | KeySource,
  id: string | undefined,
  nowMs: number,
): HmacKey | undefined {
  return isSource(keys) ? keys.keyFor(id, nowMs) : keys.find((key) => key.id === id);
}

function isSource(keys: readonly HmacKey[] | KeySource | undefined): keys is KeySource {
  return keys !== undefined && "keyFor" in keys;
}

function checkIds(one: HmacKey, other: HmacKey): void {
  if (one.id === other.id) {
    refuse("Two keys have the same id, so that no token could say which of them it means.");
  }
}

function checkEnd(validUntilMs: number | undefined): void {
  // What was meant in seconds lies before any key, and would end every session at once.
  if (!(typeof validUntilMs === "number" && validUntilMs >= FIRST_MOMENT_MS)) {
    refuse(`previousValidUntilMs is ${validUntilMs}; it must be in milliseconds since the Unix epoch.`);
  }
}

function refuse(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}
