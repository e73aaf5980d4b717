/**
 * The field `Retry-After` (RFC 9110 §10.2.3): when a server wants to be asked again.
 *
 * @module
 */

/** More seconds than this have too many digits to be meant; whoever uses the value bounds it further. */
const DELAY_SECONDS = /^\d{1,9}$/;

/**
 * Reads the field's value.
 *
 * @param value A number of seconds or a date, as it came; `null` or `undefined` without the field.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns Milliseconds from now, 0 for a date that is past; `undefined` for what is neither.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (DELAY_SECONDS.test(value)) return Number(value) * 1_000;
  // All three forms of an HTTP date end in a year or "GMT"; `Date.parse` alone would also take "1" for a date.
  if (!/^[A-Z][a-z]{2,8},? .{10,40}$/.test(value)) return undefined;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
