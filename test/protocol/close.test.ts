import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  encodeClosePayload,
  isWireCode,
  MAX_REASON_BYTES,
  parseClosePayload,
} from "../../src/protocol/close.ts";
import { hex } from "../support/frames.ts";

/** The registry of IANA: what may be in a Close frame, from one code to another. */
const ON_THE_WIRE: readonly (readonly [first: number, last: number])[] = [
  [1000, 1003],
  [1007, 1014],
  [3000, 4999],
];

test("isWireCode() agrees with §7.4 on every number of 16 bits", () => {
  for (let code = 0; code <= 0xffff; code++) {
    assert.equal(
      isWireCode(code),
      ON_THE_WIRE.some(([first, last]) => code >= first && code <= last),
      `${code}`,
    );
  }
});

test("isWireCode() refuses what is no whole number", () => {
  for (const code of [1000.5, 3000.1, NaN, Infinity, -1000]) assert.equal(isWireCode(code), false, `${code}`);
});

test("parseClosePayload() reads back what encodeClosePayload() writes, for every code", () => {
  for (const [first, last] of ON_THE_WIRE) {
    for (let code = first; code <= last; code++) {
      const read = parseClosePayload(encodeClosePayload(code, "gute Nacht ☾"));
      assert.deepEqual(read, { ok: true, value: { code, reason: "gute Nacht ☾" } });
    }
  }
});

const PAYLOADS: readonly (readonly [what: string, digits: string, wanted: unknown])[] = [
  ["nothing", "", { ok: true, value: { code: 1005, reason: "" } }],
  ["one byte", "03", { ok: false, fault: "close_payload_length" }],
  ["a code", "03e8", { ok: true, value: { code: 1000, reason: "" } }],
  ["a code and a reason", "03e8 627965", { ok: true, value: { code: 1000, reason: "bye" } }],
  ["a reason that begins with a byte order mark", "03e8 efbbbf", {
    ok: true,
    value: { code: 1000, reason: "\ufeff" },
  }],
  ["a reason that is cut", "03e8 e282", { ok: false, fault: "utf8_close_reason" }],
  ["a reason with a surrogate", "03e8 eda080", { ok: false, fault: "utf8_close_reason" }],
  ["a reserved code", "03ed", { ok: false, fault: "close_code" }],
  ["a reserved code in front of a bad reason", "03ed ff", { ok: false, fault: "close_code" }],
];

for (const [what, digits, wanted] of PAYLOADS) {
  test(`parseClosePayload() judges ${what}`, () => assert.deepEqual(parseClosePayload(hex(digits)), wanted));
}

test("encodeClosePayload() writes nothing when there is neither code nor reason", () => {
  assert.equal(encodeClosePayload(undefined, "").length, 0);
  assert.equal(encodeClosePayload(1000, "").toString("hex"), "03e8");
});

test("encodeClosePayload() throws when the code must not be sent", () => {
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_536, 3000.5, NaN]) {
    const message = new RegExp(`^Status code ${code} `);
    assert.throws(() => encodeClosePayload(code, ""), { code: "invalid_argument", message });
  }
});

test("encodeClosePayload() throws when there is a reason without a code", () => {
  assert.throws(() => encodeClosePayload(undefined, "bye"), { code: "invalid_argument" });
});

test("encodeClosePayload() takes a reason of 123 bytes, and none of 124", () => {
  for (const [fits, character] of [[MAX_REASON_BYTES, "x"], [41, "€"]] as const) {
    assert.equal(encodeClosePayload(1000, character.repeat(fits)).length, 125);
    const long = character.repeat(fits) + "x";
    assert.throws(() => encodeClosePayload(1000, long), {
      code: "invalid_argument",
      message: /is 124 bytes/,
    });
  }
});

test("encodeClosePayload() writes half a character as U+FFFD", () => {
  assert.equal(encodeClosePayload(1000, "\ud83d").toString("hex"), "03e8efbfbd");
  assert.ok(parseClosePayload(Buffer.from(encodeClosePayload(1000, "\ud83d".repeat(41)))).ok);
});
