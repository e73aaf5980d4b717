import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRetryAfter } from "../../src/client/retry_after.ts";

const NOW_MS = Date.UTC(2030, 0, 1, 12, 0, 0);

const VALUES: readonly (readonly [value: string | null | undefined, wanted: number | undefined])[] = [
  ["0", 0],
  ["5", 5_000],
  ["999999999", 999_999_999_000],
  ["Tue, 01 Jan 2030 12:00:30 GMT", 30_000],
  ["Tuesday, 01-Jan-30 12:00:30 GMT", 30_000],
  ["Tue Jan  1 12:00:30 2030 GMT", 30_000],
  ["Tue, 01 Jan 2030 11:00:00 GMT", 0],
  ["1000000000", undefined],
  ["-5", undefined],
  ["5.5", undefined],
  ["5 s", undefined],
  ["soon", undefined],
  ["Tomorrow, at the latest, perhaps", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
];

for (const [value, wanted] of VALUES) {
  test(`parseRetryAfter() reads ${JSON.stringify(value)} as ${wanted}`, () => {
    assert.equal(parseRetryAfter(value, NOW_MS), wanted);
  });
}
