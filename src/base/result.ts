/**
 * A fault of the peer is a value: whatever a stranger sends, the code that judges it returns, and never throws.
 *
 * @module
 */

/** Either the value that was asked for, or the fault that stood in the way. */
export type Result<Value, Fault> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: Fault };

/**
 * Wraps a value as a success.
 *
 * @param value What was asked for.
 * @returns The success.
 *
 * @example
 * ```ts
 * import { ok } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * const result = ok(7);
 * strictEqual(result.ok && result.value, 7);
 * ```
 */
export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/**
 * Wraps a fault of the peer.
 *
 * @param why What was wrong, in a form that the caller can branch on.
 * @returns The failure.
 *
 * @example
 * ```ts
 * import { fault } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * const result = fault("expired");
 * strictEqual(result.ok, false);
 * ```
 */
export function fault<Fault>(why: Fault): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: why };
}
