import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { bytesOf, frame, hex, SIZES, textOf } from "../support/frames.ts";
import { parseFrames } from "../support/raw_http_frames.ts";

test("shareMessage() encodes a string as text, and bytes as what they are said to be", () => {
  for (const text of [...SIZES.map(textOf), "é€😀", "\0"]) {
    assert.ok(shareMessage(text).frame.bytes.equals(frame({ opcode: 1, payload: text })));
    assert.ok(
      shareMessage(Buffer.from(text), "text").frame.bytes.equals(frame({ opcode: 1, payload: text })),
    );
  }
  assert.ok(shareMessage(bytesOf(300)).frame.bytes.equals(frame({ opcode: 2, payload: bytesOf(300) })));
  assert.equal(shareMessage("a\ud83d").frame.bytes.toString("hex"), "810461efbfbd");
});

test("SharedMessage.payload is what lies in the frame", () => {
  for (const size of SIZES) assert.ok(shareMessage(bytesOf(size)).payload.equals(bytesOf(size)));
});

test("SharedMessage.compressed() makes one frame for each window, with RSV1, that refers to nothing else", () => {
  const message = shareMessage(textOf(600));
  const packed = message.compressed(15)?.bytes;
  assert.ok(packed !== undefined && packed.length < 100);
  assert.equal(message.compressed(15)?.bytes, packed);
  const [parsed] = parseFrames(packed);
  assert.equal(packed[0], 0xc1);
  assert.ok(parsed !== undefined);
  const rest = Buffer.concat([parsed.payload, hex("0000ffff010000ffff")]);
  assert.equal(inflateRawSync(rest).toString(), textOf(600));
  assert.equal(shareMessage(bytesOf(1_000)).compressed(9)?.bytes[0], 0xc2);
});

test("SharedMessage.compressed() returns nothing when the message does not shrink, or zlib has no such window", () => {
  assert.equal(shareMessage("x").compressed(15), undefined);
  assert.equal(shareMessage(textOf(600)).compressed(8), undefined);
});
