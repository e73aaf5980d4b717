import assert from "node:assert/strict";
import { test } from "node:test";
import { readCount, readSeconds } from "../../src/cli/options.ts";

test("readSeconds() takes seconds, minutes, hours and days, and what is usual", () => {
  const cases: Readonly<Record<string, number>> = {
    "90": 90,
    "90s": 90,
    "1.5m": 90,
    "2h": 7_200,
    "1d": 86_400,
    "0": 0,
  };
  for (const [text, seconds] of Object.entries(cases)) {
    assert.equal(readSeconds("wait", text, 7), seconds, text);
  }
  assert.equal(readSeconds("wait", undefined, 7), 7);
});

test("readSeconds() refuses what is no time, and says how one is written", () => {
  for (const text of ["", "s", "-1", "1w", "1 s", "1e9", "٣"]) {
    assert.throws(() => readSeconds("wait", text, 7), {
      message: `--wait is "${text}"; it must be a time as 90, 90s, 15m, 2h or 1d.`,
    });
  }
});

test("readCount() takes whole numbers, and refuses all else", () => {
  assert.equal(readCount("payload", "12", 7), 12);
  assert.equal(readCount("payload", undefined, 7), 7);
  for (const text of ["", "-1", "1.5", "0x10", "12345678901"]) {
    assert.throws(() => readCount("payload", text, 7), {
      message: `--payload is "${text}"; it must be a whole number.`,
    });
  }
});
