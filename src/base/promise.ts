/**
 * Telling what will come later from what is there.
 *
 * @module
 */

/**
 * Tells whether a value is a promise of any make. Libraries for databases have their own.
 *
 * @param value What a function of the application returned.
 * @throws Whatever a getter of `then` throws.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
