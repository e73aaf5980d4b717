/**
 * What a call costs, counted and not timed: the characters and bytes that pass through the functions of the language.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** The functions that go through a text from end to end, or through what they are given. */
const COUNTED: readonly (readonly [owner: object, name: string])[] = [
  ...["charCodeAt", "codePointAt", "indexOf", "lastIndexOf", "includes", "slice", "split", "trim", "replace"]
    .map((name) => [String.prototype, name] as const),
  [RegExp.prototype, "test"],
  [RegExp.prototype, "exec"],
  [JSON, "parse"],
  [JSON, "stringify"],
  [Object, "keys"],
  [Object, "entries"],
  [Object, "assign"],
  [Array.prototype, "every"],
  [Array.prototype, "includes"],
  [Buffer, "from"],
  [Buffer.prototype, "toString"],
];

/** Looking at one place costs one, however long the text is. */
const AT_ONE_PLACE: ReadonlySet<string> = new Set(["charCodeAt", "codePointAt"]);

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return 0;
}

/**
 * Counts what a call costs.
 *
 * @param call Synchronous; nothing else must run meanwhile.
 * @returns The sum of the lengths of all that was gone through, what was made of it included.
 */
export function costOf(call: () => unknown): number {
  let cost = 0;
  const originals = COUNTED.map(([owner, name]) =>
    [owner, name, Reflect.get(owner, name) as (...given: unknown[]) => unknown] as const
  );
  for (const [owner, name, original] of originals) {
    Reflect.set(owner, name, function (this: unknown, ...given: unknown[]): unknown {
      const made: unknown = Reflect.apply(original, this, given);
      cost += 1;
      if (!AT_ONE_PLACE.has(name)) {
        cost += [this, ...given, made].reduce<number>((sum, value) => sum + sizeOf(value), 0);
      }
      return made;
    });
  }
  try {
    call();
  } finally {
    for (const [owner, name, original] of originals) Reflect.set(owner, name, original);
  }
  return cost;
}
