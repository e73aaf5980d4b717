import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { FrameDecoder } from "../../src/protocol/frame_decoder.ts";
import { bytesOf, frameTo } from "../support/frames.ts";

const canGiveBack = "transfer" in ArrayBuffer.prototype;

/** Memory of its own, as a chunk of a socket has. */
function chunkOf(...parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const chunk = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(chunk);
  return chunk;
}

function decoder(ownsChunks: boolean): FrameDecoder {
  const made = new FrameDecoder("server", 1_048_576);
  made.ownsChunks = ownsChunks;
  return made;
}

function readAll(reading: FrameDecoder): void {
  while (reading.next() === "part");
}

const large = frameTo("server", { payload: bytesOf(100_000) });

test(
  "FrameDecoder gives a chunk's memory back when it held no frame as a whole",
  { skip: !canGiveBack },
  () => {
    const reading = decoder(true);
    const [start, middle, end] = [
      chunkOf(large.subarray(0, 30_000)),
      chunkOf(large.subarray(30_000, 60_000)),
      chunkOf(large.subarray(60_000), large.subarray(0, 20_000)),
    ];
    for (const chunk of [start, middle, end]) {
      reading.feed(chunk);
      assert.equal(reading.next(), "part");
      assert.ok(chunk.length > 0);
      readAll(reading);
      assert.equal(chunk.length, 0);
    }
  },
);

test("FrameDecoder keeps a chunk in which a frame lies as a whole, also behind a part of another", () => {
  const reading = decoder(true);
  const small = frameTo("server", { opcode: 9, payload: "still here" });
  const end = chunkOf(large.subarray(30_000), small, large.subarray(0, 20_000));
  for (const chunk of [chunkOf(large.subarray(0, 30_000)), end]) {
    reading.feed(chunk);
    readAll(reading);
  }
  assert.ok(end.includes("still here"));
});

test("FrameDecoder looks at each chunk by itself", { skip: !canGiveBack }, () => {
  const reading = decoder(true);
  const first = chunkOf(frameTo("server", { payload: "whole" }), large.subarray(0, 30_000));
  const second = chunkOf(large.subarray(30_000));
  reading.feed(first);
  reading.feed(second);
  readAll(reading);
  assert.ok(first.length > 0);
  assert.equal(second.length, 0);
});

test("FrameDecoder leaves the memory of chunks alone that are not its own", () => {
  const reading = decoder(false);
  const chunk = chunkOf(large.subarray(0, 30_000));
  reading.feed(chunk);
  readAll(reading);
  assert.equal(chunk.length, 30_000);
});

test("FrameDecoder is at rest between two frames, and nowhere else", () => {
  const reading = decoder(true);
  const frame = frameTo("server", { payload: "Hello" });
  assert.ok(reading.atRest);
  for (let cut = 1; cut <= frame.length; cut++) {
    reading.feed(Buffer.from(frame.subarray(0, cut)));
    assert.ok(!reading.atRest);
    readAll(reading);
    assert.equal(reading.atRest, cut === frame.length);
    reading.feed(Buffer.from(frame.subarray(cut)));
    readAll(reading);
    assert.ok(reading.atRest);
  }
});
