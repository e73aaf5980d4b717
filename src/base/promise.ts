/**
 * Functions of the application: what they return may come later, and what they throw is not the peer's fault.
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

/**
 * Calls a function of the application for whose answer nobody waits. A promise that is rejected and not caught would end
 * the process.
 *
 * @param call The call.
 * @param reportError Gets what it throws, or what its promise is rejected with.
 */
export function callGuarded(call: () => unknown, reportError: (error: unknown) => void): void {
  try {
    const result = call();
    // By way of a promise of the runtime: one of another make, or of another realm, may know no `catch`.
    if (isThenable(result)) Promise.resolve(result).catch(reportError);
  } catch (error) {
    reportError(error);
  }
}
