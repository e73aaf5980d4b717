import assert from "node:assert/strict";
import { test } from "node:test";
import { applyMask, readMaskingKey, rotateMaskingKey } from "../../src/protocol/mask.ts";
import { bytesOf, hex, MASKING_KEY, xor } from "../support/frames.ts";

const KEY = readMaskingKey(MASKING_KEY, 0);

test("applyMask() makes the frame of §5.7 out of Hello", () => {
  const hello = hex("48656c6c6f");
  applyMask(hello, 0, hello.length, readMaskingKey(hex("37fa213d"), 0));
  assert.equal(hello.toString("hex"), "7f9f4d5158");
});

for (let alignment = 0; alignment < 4; alignment++) {
  test(`applyMask() is the XOR of §5.3 for every length when memory begins at ${alignment} modulo 4`, () => {
    for (let start = 0; start < 5; start++) {
      for (let length = 0; length <= 140; length++) {
        const bytes = new Uint8Array(new ArrayBuffer(alignment + start + length + 8), alignment);
        bytes.set(bytesOf(bytes.length));
        const wanted = bytes.slice();
        wanted.set(xor(wanted.subarray(start, start + length), MASKING_KEY), start);
        applyMask(bytes, start, start + length, KEY);
        // The whole array: what lies around the part must stay as it was.
        assert.deepEqual(bytes, wanted, `${length} bytes from ${start}`);
      }
    }
  });
}

test("applyMask() is its own inverse", () => {
  for (const length of [3, 47, 48, 49, 65_536]) {
    const bytes = bytesOf(length);
    applyMask(bytes, 0, length, KEY);
    assert.ok(!bytes.equals(bytesOf(length)));
    applyMask(bytes, 0, length, KEY);
    assert.ok(bytes.equals(bytesOf(length)));
  }
});

test("readMaskingKey() reads from the given place", () => {
  assert.equal(readMaskingKey(hex("ffff 37fa213d ff"), 2), KEY);
});

test("rotateMaskingKey() lets a payload be masked in two parts, wherever it is cut", () => {
  const length = 150;
  const wanted = xor(bytesOf(length), MASKING_KEY);
  for (let cut = 0; cut <= length; cut++) {
    const bytes = bytesOf(length);
    applyMask(bytes, 0, cut, KEY);
    applyMask(bytes, cut, length, rotateMaskingKey(KEY, cut));
    assert.ok(bytes.equals(wanted), `cut at ${cut}`);
  }
});

test("rotateMaskingKey() counts on where numbers have no 32 bits any more", () => {
  for (const octets of [2 ** 32 + 1, 2 ** 53 - 3]) {
    const bytes = bytesOf(1);
    applyMask(bytes, 0, 1, rotateMaskingKey(KEY, octets));
    assert.equal(bytes[0], (bytesOf(1)[0] ?? 0) ^ (MASKING_KEY[octets % 4] ?? 0));
  }
});
