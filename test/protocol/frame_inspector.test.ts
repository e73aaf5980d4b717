import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { honoursDictionary } from "../../src/protocol/deflate_options.ts";
import type { Side } from "../../src/protocol/frame.ts";
import { FrameInspector, type InspectionOptions } from "../../src/protocol/frame_inspector.ts";
import type { InspectedFrame } from "../../src/protocol/inspected_frame.ts";
import { CHUNKERS, cutEvery } from "../support/chunkers.ts";
import { frame, type FrameParts, hex, MASKING_KEY, xor } from "../support/frames.ts";
import { WIDE } from "../support/frames_endpoint.ts";
import {
  bytesFor,
  type Chapter,
  FRAME_CHAPTERS,
  type FrameVector,
  readChapter,
  rolesOf,
} from "../support/vectors.ts";

const KEPT_BYTES = 16;

function inspect(chunks: readonly Uint8Array[], options: Partial<InspectionOptions> = {}): InspectedFrame[] {
  const frames: InspectedFrame[] = [];
  const inspector = new FrameInspector(
    { from: "client", limits: WIDE, keptBytes: KEPT_BYTES, ...options },
    (frame) => frames.push(frame),
  );
  for (const chunk of chunks) inspector.take(chunk);
  inspector.end();
  return frames;
}

function other(side: Side): Side {
  return side === "server" ? "client" : "server";
}

for (const chapter of FRAME_CHAPTERS) {
  for (const vector of readChapter<Chapter<FrameVector>>(chapter).vectors) {
    // The rate of control frames is a matter of time, and no frame breaks it by itself.
    if (vector.breaks === "too_many_control_frames") continue;
    const skip = vector.needsContext === true && !honoursDictionary() && "this zlib takes no dictionary";
    for (const role of rolesOf(vector)) {
      test(
        `FrameInspector.take() finds what ${vector.name} breaks, read by a ${role} (${chapter})`,
        { skip },
        () => {
          const bytes = bytesFor(vector, role);
          for (const chunker of Object.values(CHUNKERS)) {
            for (const chunks of chunker(bytes)) {
              const { deflate: agreed, limits } = vector;
              const frames = inspect(chunks, {
                from: other(role),
                limits: { ...WIDE, ...limits },
                deflate: agreed,
              });
              const broken = frames.flatMap(({ rule }) => rule ?? []);
              assert.deepEqual(broken, vector.breaks === undefined ? [] : [vector.breaks]);
            }
          }
        },
      );
    }
  }
}

test("FrameInspector.take() gives every field of a masked frame", () => {
  const bytes = frame({ opcode: 1, masked: true, payload: "Hello" });
  const [only, ...others] = inspect([bytes]);
  assert.deepEqual(others, []);
  assert.deepEqual(only, {
    from: "client",
    fate: "read",
    header: bytes.subarray(0, 6),
    fin: true,
    rsv1: false,
    rsv2: false,
    rsv3: false,
    opcode: 1,
    masked: true,
    shortLength: 5,
    payloadBytes: 5,
    maskingKey: MASKING_KEY,
    wirePayload: xor(Buffer.from("Hello"), MASKING_KEY),
    payload: Buffer.from("Hello"),
    statusCode: undefined,
    extent: "whole",
    rule: undefined,
  });
});

test("FrameInspector.take() gives each reserved bit by itself", () => {
  for (
    const [rsv, wanted] of [[4, [true, false, false]], [2, [false, true, false]], [1, [
      false,
      false,
      true,
    ]]] as const
  ) {
    const [only] = inspect([frame({ rsv, masked: true })]);
    assert.deepEqual([only?.rsv1, only?.rsv2, only?.rsv3], wanted);
    assert.equal(only?.rule, "reserved_bits");
  }
});

test("FrameInspector.take() reads each of the three lengths, wherever the bytes are cut", () => {
  for (const [length, short] of [[125, 125], [126, 126], [65_536, 127]] as const) {
    const bytes = frame({ payload: Buffer.alloc(length, 7), masked: true });
    const cuts = [[bytes], [bytes.subarray(0, 3), bytes.subarray(3)], cutEvery(bytes.subarray(0, 200), 1)];
    for (const chunks of cuts) {
      const [only] = inspect(chunks);
      assert.deepEqual([only?.shortLength, only?.payloadBytes], [short, length]);
      assert.deepEqual(only?.payload, Buffer.alloc(KEPT_BYTES, 7));
    }
  }
});

test("FrameInspector.take() does not change what it is given, nor keep it", () => {
  const bytes = frame({ opcode: 1, masked: true, payload: "Hello" });
  const copy = Buffer.from(bytes);
  const [only] = inspect([bytes]);
  assert.deepEqual(bytes, copy);
  bytes.fill(0);
  assert.equal(only?.payload.toString(), "Hello");
  assert.equal(only?.header[0], 0x81);
});

test("FrameInspector.take() keeps the beginning of a payload, whatever becomes of the chunk that brought it", () => {
  const frames: InspectedFrame[] = [];
  const inspector = new FrameInspector({ from: "server", limits: WIDE, keptBytes: KEPT_BYTES }, (told) => {
    frames.push(told);
  });
  const chunk = frame({ payload: "Hello" });
  inspector.take(chunk.subarray(0, 4));
  inspector.take(chunk.subarray(4, 6));
  chunk.fill(0, 0, 6);
  inspector.take(chunk.subarray(6));
  assert.equal(frames[0]?.payload.toString(), "Hello");
});

test("FrameInspector.take() shows the payload of a frame whose header breaks a rule, and marks what nobody reads", () => {
  const unmasked = frame({ opcode: 1, payload: "Hi" });
  const frames = inspect([Buffer.concat([unmasked, frame({ opcode: 9, masked: true })])]);
  assert.deepEqual(
    frames.map(({ rule, fate, extent, payload }) => [rule, fate, extent, payload.toString()]),
    [["mask_required", "read", "whole", "Hi"], [undefined, "not read", "whole", ""]],
  );
});

test("FrameInspector.take() marks what comes after a Close frame, and not what comes after a ping", () => {
  const chunks = [9, 8, 9].map((opcode) => frame({ opcode, masked: true }));
  assert.deepEqual(inspect(chunks).map(({ fate }) => fate), ["read", "read", "not read"]);
});

test("FrameInspector.end() tells of a frame that was cut, in its header or in its payload", () => {
  const bytes = frame({ opcode: 2, masked: true, payload: Buffer.alloc(300, 7) });
  const cut = (length: number) => inspect([bytes.subarray(0, length)]);
  for (
    const [length, shown] of [
      [1, [false, undefined, 0]],
      [3, [true, undefined, 0]],
      [5, [true, 300, 0]],
      [8, [true, 300, 0]],
      [10, [true, 300, 2]],
    ] as const
  ) {
    const [only, ...others] = cut(length);
    assert.deepEqual([only?.masked, only?.payloadBytes, only?.payload.length], shown, String(length));
    assert.equal(only?.extent, "cut");
    assert.equal(others.length, 0);
  }
  assert.deepEqual(inspect([]), []);
});

test("FrameInspector.take() tells the code of a Close frame, however little is kept, and of no other frame", () => {
  const codeOf = (parts: FrameParts, keptBytes: number) =>
    inspect([frame({ masked: true, ...parts })], { keptBytes }).map((
      { statusCode, payload, wirePayload },
    ) => [
      statusCode,
      payload.length,
      wirePayload.length,
    ]);
  const payload = Buffer.concat([hex("0bbb"), Buffer.from("reason")]);
  assert.deepEqual(codeOf({ opcode: 8, payload }, 0), [[3003, 0, 0]]);
  assert.deepEqual(codeOf({ opcode: 8, payload }, 1), [[3003, 1, 1]]);
  assert.deepEqual(codeOf({ opcode: 8, payload }, 8), [[3003, 8, 8]]);
  assert.deepEqual(codeOf({ opcode: 8, payload: payload.subarray(0, 1) }, 0), [[undefined, 0, 0]]);
  assert.deepEqual(codeOf({ opcode: 9, payload }, 0), [[undefined, 0, 0]]);
});

test("FrameInspector.discardData() marks data as what nobody reads, and no control frame", () => {
  const fates: string[] = [];
  const inspector = new FrameInspector({ from: "client", limits: WIDE, keptBytes: 0 }, ({ fate }) => {
    fates.push(fate);
  });
  const take = (opcode: number) => inspector.take(frame({ opcode, masked: true }));
  take(1);
  inspector.discardData();
  for (const opcode of [1, 2, 9, 8, 9]) take(opcode);
  assert.deepEqual(fates, ["read", "not read", "not read", "read", "read", "not read"]);
});

test("FrameInspector.end() finds the rule that the first bytes of a header break, before the rest has come", () => {
  const [only] = inspect([frame({ opcode: 3, masked: true, payload: Buffer.alloc(300) }).subarray(0, 2)]);
  assert.deepEqual([only?.rule, only?.extent], ["reserved_opcode", "cut"]);
});

test("FrameInspector.take() takes the largest length for what it says, and waits for no such payload", () => {
  const bytes = frame({ opcode: 2, masked: true, declared: 2n ** 63n });
  const [only] = inspect([bytes, Buffer.alloc(1_000)]);
  assert.deepEqual([only?.payloadBytes, only?.rule, only?.extent], [2 ** 63, "length_top_bit", "cut"]);
});

test("FrameInspector.take() reads frames of a server, which are not masked", () => {
  const [only] = inspect([hex("8205 48656c6c6f")], { from: "server" });
  assert.deepEqual([only?.from, only?.masked, only?.maskingKey, only?.rule], [
    "server",
    false,
    undefined,
    undefined,
  ]);
});
