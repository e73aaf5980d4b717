import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { prepareMac } from "../../src/auth/hmac.ts";
import { ALGORITHMS } from "../../src/auth/key.ts";

const octets = (length: number, start: number) =>
  Buffer.from(Array.from({ length }, (_, index) => (start + 7 * index) & 0xff));

for (const [algorithm, { hash, blockBytes, macBytes }] of Object.entries(ALGORITHMS)) {
  test(`prepareMac() computes for ${algorithm} what the runtime's own HMAC does, whatever the lengths`, () => {
    for (const keyBytes of [1, macBytes, blockBytes - 1, blockBytes, blockBytes + 1, 3 * blockBytes]) {
      const key = octets(keyBytes, keyBytes);
      const mac = prepareMac(hash, blockBytes, macBytes, key);
      const older = prepareMac(hash, blockBytes, macBytes, key, null);
      for (const text of ["", "a", "x".repeat(blockBytes - 1), "x".repeat(300), "é€😀", "\0"]) {
        const wanted = createHmac(hash, key).update(text, "utf8").digest();
        assert.deepEqual(mac(text), wanted, `${keyBytes} ${text}`);
        assert.deepEqual(older(text), wanted, `${keyBytes} ${text}`);
      }
    }
  });
}

// RFC 4231 §4.3: test case 2, a key shorter than the output.
test("prepareMac() computes what RFC 4231 says", () => {
  const mac = prepareMac("sha256", 64, 32, Buffer.from("Jefe"));
  assert.equal(
    mac("what do ya want for nothing?").toString("hex"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
});

test("prepareMac() keeps nothing of one text for the next", () => {
  const mac = prepareMac("sha512", 128, 64, octets(64, 1));
  const [first, again] = [mac("one"), (mac("two"), mac("one"))];
  assert.deepEqual(first, again);
  assert.notEqual(first, again);
});

test("prepareMac() is not moved by a key that is changed later", () => {
  const key = octets(32, 9);
  const mac = prepareMac("sha256", 64, 32, key);
  const before = mac("text");
  key.fill(0);
  assert.deepEqual(mac("text"), before);
});

test("prepareMac() leaves the key in no memory that is handed out again", () => {
  const mac = prepareMac("sha256", 64, 32, Buffer.alloc(32, 0x41));
  const pad = Buffer.alloc(32, 0x41 ^ 0x36);
  for (let round = 0; round < 300; round++) {
    for (let times = 0; times < 100; times++) mac("x".repeat(100));
    for (let times = 0; times < 50; times++) {
      assert.equal(Buffer.allocUnsafe(1_000).includes(pad), false);
    }
  }
});
