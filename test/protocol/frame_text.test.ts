import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { Side } from "../../src/protocol/frame.ts";
import { FrameInspector } from "../../src/protocol/frame_inspector.ts";
import type { InspectedFrame } from "../../src/protocol/inspected_frame.ts";
import {
  explainFrame,
  frameFields,
  framePayloadText,
  opcodeName,
  payloadText,
} from "../../src/protocol/frame_text.ts";
import { frame, type FrameParts, hex } from "../support/frames.ts";
import { WIDE } from "../support/frames_endpoint.ts";

function inspected(bytes: Uint8Array, from: Side = "client"): InspectedFrame {
  const frames: InspectedFrame[] = [];
  const inspector = new FrameInspector({ from, limits: WIDE, keptBytes: 200 }, (frame) => frames.push(frame));
  inspector.take(bytes);
  inspector.end();
  return frames.at(-1) as InspectedFrame;
}

function explained(parts: FrameParts, from?: Side): string {
  return explainFrame(inspected(frame(parts), from));
}

test("frameFields() lays a masked frame out as §5.2 does", () => {
  assert.deepEqual(frameFields(inspected(frame({ opcode: 1, masked: true, payload: "Hello" }))), [
    { name: "FIN", bits: "1", means: "the last frame of its message" },
    { name: "RSV1", bits: "0", means: "not compressed" },
    { name: "RSV2", bits: "0", means: "reserved" },
    { name: "RSV3", bits: "0", means: "reserved" },
    { name: "opcode", bits: "0001", means: "text" },
    { name: "MASK", bits: "1", means: "a masking key follows" },
    { name: "length", bits: "0000101", means: "5 bytes" },
    { name: "masking key", bits: "00110111 11111010 00100001 00111101", means: "37fa213d" },
  ]);
});

test("frameFields() lays the extended lengths out, and what is set in the first byte", () => {
  const fields = frameFields(
    inspected(frame({ fin: false, rsv: 7, opcode: 11, payload: Buffer.alloc(126) }), "server"),
  );
  assert.deepEqual(fields.slice(0, 5).map(({ bits }) => bits), ["0", "1", "1", "1", "1011"]);
  assert.deepEqual(fields.slice(0, 5).map(({ means }) => means), [
    "more fragments follow",
    "compressed, if that was agreed on",
    "reserved",
    "reserved",
    "reserved",
  ]);
  assert.deepEqual(fields.slice(5), [
    { name: "MASK", bits: "0", means: "not masked" },
    { name: "length", bits: "1111110", means: "the next 2 bytes are the length" },
    { name: "extended length", bits: "00000000 01111110", means: "126 bytes" },
  ]);
  const long = frameFields(inspected(frame({ declared: 65_536n }), "server"));
  assert.deepEqual(long.slice(6).map(({ means }) => means), [
    "the next 8 bytes are the length",
    "65536 bytes",
  ]);
  const longest = frameFields(inspected(frame({ declared: 2n ** 64n - 1n }), "server"));
  assert.equal(longest.at(-1)?.means, "18446744073709551615 bytes");
});

test("frameFields() leaves out what has not come, and says what has come in part", () => {
  assert.deepEqual(frameFields(inspected(hex("81"))).map(({ name }) => name).at(-1), "opcode");
  assert.deepEqual(frameFields(inspected(hex("81 81"))).map(({ name }) => name).at(-1), "length");
  const last = (bytes: string) => frameFields(inspected(hex(bytes))).at(-1);
  assert.deepEqual(last("81 fe 01"), { name: "extended length", bits: "00000001", means: "cut off" });
  assert.deepEqual(last("81 fe 01 00"), {
    name: "extended length",
    bits: "00000001 00000000",
    means: "256 bytes",
  });
  for (const bytes of ["81 fe 01 00 aa bb", "81 85 aa bb"]) {
    assert.deepEqual(last(bytes), { name: "masking key", bits: "10101010 10111011", means: "cut off" });
  }
});

test("opcodeName() names the six opcodes, and calls all others reserved", () => {
  assert.deepEqual([0, 1, 2, 8, 9, 10].map(opcodeName), [
    "continuation",
    "text",
    "binary",
    "close",
    "ping",
    "pong",
  ]);
  assert.deepEqual([3, 7, 11, 15].map(opcodeName), Array(4).fill("reserved"));
});

test("explainFrame() says what a frame is", () => {
  assert.equal(
    explained({ opcode: 1, masked: true, payload: "x" }),
    "The client sends a text message: masked, 1 byte of payload.",
  );
  assert.equal(
    explained({ opcode: 2, fin: false }, "server"),
    "The server sends a binary message, the first fragment of several: unmasked, 0 bytes of payload.",
  );
  const ping = "The server sends a ping: unmasked, 0 bytes of payload.";
  assert.equal(explained({ opcode: 9 }, "server"), `${ping} The other side answers with a pong.`);
  assert.doesNotMatch(explained({ opcode: 9, fin: false }, "server"), /pong/);
  assert.equal(explained({ opcode: 10 }, "server"), "The server sends a pong: unmasked, 0 bytes of payload.");
});

test("explainFrame() says no more of a header than has come", () => {
  const sentence = (bytes: string) => explainFrame(inspected(hex(bytes)));
  assert.equal(
    sentence("81"),
    "The client sends a text message: no more than its first byte came. Its end was not read.",
  );
  assert.equal(
    sentence("81 fe 01"),
    "The client sends a text message: masked, its length did not come whole. Its end was not read.",
  );
  assert.equal(
    sentence("81 fe 01 00 aa"),
    "The client sends a text message: masked, 256 bytes of payload. Its end was not read.",
  );
});

test("explainFrame() names the rule that is broken, its clause and the answer", () => {
  assert.equal(
    explained({ opcode: 1, payload: "Hi" }),
    "The client sends a text message: unmasked, 2 bytes of payload. It breaks a rule (mask_required, §5.1): " +
      "Frames from a client must be masked. The answer is a Close frame with 1002.",
  );
  assert.match(
    explained({ opcode: 3, masked: true }),
    /sends a frame with a reserved opcode: .*\(reserved_opcode, §5\.2\)/,
  );
  assert.match(
    explained({ opcode: 0, fin: false, masked: true }),
    /sends the next fragment of a message: masked/,
  );
  assert.match(explained({ opcode: 1, rsv: 4, masked: true }), /: masked, compressed, 0 bytes/);
});

test("explainFrame() says what the code of a Close frame means", () => {
  const close = (payload: Buffer) => explained({ opcode: 8, masked: true, payload });
  assert.match(close(hex("03e8")), / Status code 1000: The purpose of the connection is fulfilled\.$/);
  assert.match(close(hex("0fa0")), / Status code 4000: A code of the application\.$/);
  assert.match(close(hex("")), /payload\. It has no status code\.$/);
  assert.doesNotMatch(close(hex("03")), /status code/i);
  assert.doesNotMatch(close(hex("03ed")), /Status code/);
  assert.match(explained({ opcode: 8, masked: true, declared: 2n }), /payload\. Its end was not read\.$/);
});

test("explainFrame() says that nobody reads what comes after a fault", () => {
  const bytes = Buffer.concat([frame({ opcode: 3, masked: true }), frame({ opcode: 9, masked: true })]);
  assert.match(explainFrame(inspected(bytes)), / Nobody reads it any more: the connection is closing\.$/);
});

test("payloadText() gives UTF-8 as text, and nothing else", () => {
  assert.equal(payloadText(Buffer.from("Grüße")), "Grüße");
  assert.equal(payloadText(hex("ff")), undefined);
});

test("framePayloadText() gives the text of a frame, and of a Close frame the reason behind its code", () => {
  const textOf = (parts: FrameParts) => framePayloadText(inspected(frame({ masked: true, ...parts })));
  assert.equal(textOf({ opcode: 1, payload: "Hello" }), "Hello");
  assert.equal(textOf({ opcode: 8, payload: Buffer.concat([hex("03e8"), Buffer.from("bye")]) }), "bye");
  assert.equal(textOf({ opcode: 8 }), "");
});

test("framePayloadText() leaves out a character that is not all there, where a payload may be cut", () => {
  const euro = Buffer.from("a€b");
  const kept = (keptBytes: number) => {
    const texts: unknown[] = [];
    const inspector = new FrameInspector({ from: "server", limits: WIDE, keptBytes }, (told) => {
      texts.push(framePayloadText(told));
    });
    inspector.take(frame({ opcode: 1, payload: euro }));
    return texts;
  };
  for (const [length, text] of [[1, "a"], [2, "a"], [3, "a"], [4, "a€"], [5, "a€b"]] as const) {
    assert.deepEqual(kept(length), [text]);
  }
  const textOf = (parts: FrameParts) => framePayloadText(inspected(frame({ masked: true, ...parts })));
  assert.equal(textOf({ opcode: 1, fin: false, payload: euro.subarray(0, 3) }), "a");
  assert.equal(textOf({ opcode: 1, payload: euro.subarray(0, 3) }), undefined);
  assert.equal(textOf({ opcode: 0, payload: euro.subarray(2) }), "b");
  assert.equal(textOf({ opcode: 0, payload: euro.subarray(2, 4) }), "");
  assert.equal(textOf({ opcode: 1, payload: euro.subarray(2) }), undefined);
  assert.equal(textOf({ opcode: 1, payload: "\ufeffa" }), "\ufeffa");
});
