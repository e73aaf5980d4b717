import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  asBuffer,
  ByteAccumulator,
  decodeBase64url,
  encodeBase64url,
  giveBack,
} from "../../src/base/bytes.ts";
import { bytesOf } from "../support/frames.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

test("ByteAccumulator puts pieces of any size together in order", () => {
  const whole = bytesOf(1000);
  for (const size of [1, 7, 256, 999, 1000]) {
    const accumulator = new ByteAccumulator();
    for (let at = 0; at < whole.length; at += size) {
      const end = Math.min(at + size, whole.length);
      const piece = accumulator.append(whole, at, end, 0);
      assert.equal(piece.start, at);
      assert.ok(piece.bytes.subarray(at, end).equals(whole.subarray(at, end)));
      assert.equal(accumulator.length, end);
    }
    assert.ok(accumulator.take().equals(whole));
  }
});

test("ByteAccumulator starts afresh after take(), and leaves alone what it handed over", () => {
  const accumulator = new ByteAccumulator();
  accumulator.append(Buffer.from("first"), 0, 5, 0);
  const first = accumulator.take();
  assert.equal(accumulator.length, 0);
  accumulator.append(Buffer.from("other"), 0, 5, 0);
  assert.equal(first.toString(), "first");
  assert.equal(accumulator.take().toString(), "other");
  assert.equal(accumulator.take().length, 0);
});

test("ByteAccumulator copies, so that the chunk that brought a piece can go", () => {
  const accumulator = new ByteAccumulator();
  const chunk = Buffer.from("piece");
  accumulator.append(chunk, 0, 5, 0);
  chunk.fill(0);
  assert.equal(accumulator.take().toString(), "piece");
});

test("ByteAccumulator allocates for what has arrived, not for what is announced", () => {
  const accumulator = new ByteAccumulator();
  assert.equal(accumulator.append(Buffer.alloc(0), 0, 0, 1 << 30).bytes.length, 0);
  for (let arrived = 100; arrived <= 100_000; arrived += 100) {
    const { bytes } = accumulator.append(Buffer.alloc(100), 0, 100, 1 << 30);
    assert.ok(bytes.buffer.byteLength <= 4 * arrived, `${bytes.buffer.byteLength} for ${arrived}`);
  }
});

test("ByteAccumulator allocates no more than is announced when that is near", () => {
  const accumulator = new ByteAccumulator();
  assert.equal(accumulator.append(Buffer.alloc(100), 0, 100, 20).bytes.length, 120);
});

test("ByteAccumulator moves to a larger buffer seldom, so that many pieces cost no more than few", () => {
  for (const announced of [0, 1 << 20]) {
    const accumulator = new ByteAccumulator();
    const buffers = new Set<Buffer>();
    for (let i = 0; i < 65_536; i++) buffers.add(accumulator.append(Buffer.of(1), 0, 1, announced).bytes);
    assert.ok(buffers.size <= 17, `${buffers.size} buffers`);
  }
});

const VECTORS: readonly (readonly [bytes: string, text: string])[] = [
  // RFC 4648 §10, without the padding.
  ["", ""],
  ["f", "Zg"],
  ["fo", "Zm8"],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg"],
  ["fooba", "Zm9vYmE"],
  ["foobar", "Zm9vYmFy"],
  // The two characters in which the alphabets differ.
  ["\u07fb\u07ff", "37vfvw"],
];

for (const [bytes, text] of VECTORS) {
  test(`encodeBase64url() and decodeBase64url() agree on "${text}"`, () => {
    assert.equal(encodeBase64url(bytes), text);
    assert.equal(encodeBase64url(new Uint8Array(Buffer.from(bytes))), text);
    assert.equal(decodeBase64url(text)?.toString(), bytes);
  });
}

const NOT_CANONICAL: readonly (readonly [what: string, text: string, neighbour: string])[] = [
  ["padding", "Zg==", "Zg"],
  ["the alphabet of base64", "+/+/", "-_-_"],
  ["a space", "Zm 9v", "Zm9v"],
  ["a line's end", "Zm9v\n", "Zm9v"],
  ["a character beyond ASCII", "Zm9\u017f", "Zm9f"],
  ["a dot", "Zm.v", "Zm9v"],
  ["one character alone", "Z", "Zg"],
  ["one character too many", "Zm9vZ", "Zm9vZg"],
  ["4 surplus bits", "Zh", "Zg"],
  ["2 surplus bits", "Zm9", "Zm8"],
];

for (const [what, text, neighbour] of NOT_CANONICAL) {
  test(`decodeBase64url() answers undefined when there is ${what}`, () => {
    assert.equal(decodeBase64url(text), undefined);
    assert.notEqual(decodeBase64url(neighbour), undefined);
  });
}

test("decodeBase64url() takes one text for each sequence of bytes", () => {
  const texts = [...ALPHABET].flatMap((a) => [...ALPHABET].map((b) => a + b));
  for (const [prefix, wanted] of [["", 256], ["x", 1024], ["xy", 4096]] as const) {
    const decoded = texts.map((text) => decodeBase64url(prefix + text)?.toString("hex"));
    const taken = decoded.filter((bytes) => bytes !== undefined);
    assert.equal(taken.length, wanted);
    assert.equal(new Set(taken).size, wanted);
  }
});

test("asBuffer() views the same memory, from the same place", () => {
  const memory = new Uint8Array([1, 2, 3, 4, 5]);
  const view = asBuffer(memory.subarray(1, 4));
  assert.deepEqual([...view], [2, 3, 4]);
  view[0] = 9;
  assert.equal(memory[1], 9);
});

test("asBuffer() returns a Buffer itself", () => {
  const buffer = Buffer.from("x");
  assert.equal(asBuffer(buffer), buffer);
});

const canGiveBack = "transfer" in ArrayBuffer.prototype;

test("giveBack() gives up a large memory that the bytes have for themselves", { skip: !canGiveBack }, () => {
  const bytes = Buffer.allocUnsafeSlow(16_384);
  giveBack(bytes);
  assert.equal(bytes.length, 0);
});

test("giveBack() leaves small memory alone, and memory in which others lie", () => {
  const small = Buffer.allocUnsafeSlow(16_383);
  giveBack(small);
  assert.equal(small.length, 16_383);
  const memory = Buffer.allocUnsafeSlow(32_769);
  giveBack(memory.subarray(0, 32_768));
  giveBack(memory.subarray(1));
  assert.equal(memory.length, 32_769);
});

test("ByteAccumulator gives up what it has grown out of", { skip: !canGiveBack }, () => {
  const accumulator = new ByteAccumulator();
  const { bytes } = accumulator.append(Buffer.alloc(20_000, "a"), 0, 20_000, 0);
  accumulator.append(Buffer.alloc(20_000, "b"), 0, 20_000, 0);
  assert.equal(bytes.length, 0);
  assert.equal(accumulator.take().toString(), "a".repeat(20_000) + "b".repeat(20_000));
});
