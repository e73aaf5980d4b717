import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import {
  BIT,
  headerBytes,
  OPCODE,
  writeFrame,
  writeHeader,
  writeTextFrame,
} from "../../src/protocol/frame.ts";
import { COPY_BELOW_BYTES, SendBuffer } from "../../src/protocol/send_buffer.ts";
import { bytesOf, frame, hex, MASKING_KEY, SIZES, textOf } from "../support/frames.ts";

function whole(out: SendBuffer): Buffer {
  const taken = out.take();
  return Array.isArray(taken) ? Buffer.concat(taken) : Buffer.from(taken);
}

const HEADERS: readonly (readonly [payloadBytes: number, header: string])[] = [
  [0, "82 00"],
  [1, "82 01"],
  [125, "82 7d"],
  [126, "82 7e 007e"],
  [127, "82 7e 007f"],
  [65_535, "82 7e ffff"],
  [65_536, "82 7f 00000000 00010000"],
  [2 ** 32 - 1, "82 7f 00000000 ffffffff"],
  [2 ** 32, "82 7f 00000001 00000000"],
  [2 ** 53 - 1, "82 7f 001fffff ffffffff"],
];

for (const [payloadBytes, digits] of HEADERS) {
  test(`writeHeader() tells ${payloadBytes} bytes with the fewest bytes`, () => {
    const wanted = hex(digits);
    const target = Buffer.alloc(20, 0xee);
    assert.equal(headerBytes(payloadBytes, false), wanted.length);
    assert.equal(writeHeader(target, 3, OPCODE.binary, payloadBytes, undefined), 3 + wanted.length);
    assert.ok(
      target.equals(Buffer.concat([Buffer.alloc(3, 0xee), wanted, Buffer.alloc(17 - wanted.length, 0xee)])),
    );
  });

  test(`writeHeader() puts mask bit and key into the header of a client's ${payloadBytes} bytes`, () => {
    const wanted = Buffer.concat([hex(digits), MASKING_KEY]);
    wanted[1] = (wanted[1] ?? 0) | 0x80;
    const target = Buffer.alloc(wanted.length);
    assert.equal(headerBytes(payloadBytes, true), wanted.length);
    assert.equal(writeHeader(target, 0, OPCODE.binary, payloadBytes, MASKING_KEY), wanted.length);
    assert.ok(target.equals(wanted));
  });
}

for (const [name, opcode] of Object.entries(OPCODE)) {
  test(`writeHeader() writes the opcode of ${name} with FIN and without reserved bits`, () => {
    const target = Buffer.alloc(2);
    writeHeader(target, 0, opcode, 0, undefined);
    assert.equal(target[0], 0x80 | opcode);
  });
}

for (const masked of [false, true]) {
  const key = masked ? MASKING_KEY : undefined;
  const who = masked ? "client" : "server";

  for (const size of [...SIZES, 16_383, 16_384]) {
    test(`writeFrame() writes a ${who}'s frame of ${size} bytes, and leaves the payload as it was`, () => {
      const out = new SendBuffer();
      const payload = bytesOf(size);
      writeFrame(out, OPCODE.binary, payload, key);
      assert.ok(whole(out).equals(frame({ payload, masked })));
      assert.ok(payload.equals(bytesOf(size)));
    });

    test(`writeTextFrame() writes a ${who}'s text of ${size} bytes`, () => {
      const out = new SendBuffer();
      writeTextFrame(out, textOf(size), key);
      assert.ok(whole(out).equals(frame({ payload: textOf(size), opcode: 1, masked })));
    });
  }

  test(`writeFrame() and writeTextFrame() put a ${who}'s frames behind each other`, () => {
    const out = new SendBuffer();
    writeTextFrame(out, "é€😀", key);
    writeFrame(out, OPCODE.pong, hex("00ff"), key);
    writeFrame(out, OPCODE.binary, bytesOf(20_000), key);
    writeTextFrame(out, "", key);
    const wanted = [
      { opcode: 1, payload: "é€😀" },
      { opcode: 10, payload: hex("00ff") },
      { opcode: 2, payload: bytesOf(20_000) },
      { opcode: 1 },
    ];
    assert.ok(whole(out).equals(Buffer.concat(wanted.map((parts) => frame({ ...parts, masked })))));
  });
}

test("writeFrame() sends a server's large payload from where it lies", () => {
  const out = new SendBuffer();
  const payload = new Uint8Array(COPY_BELOW_BYTES);
  writeFrame(out, OPCODE.binary, payload, undefined);
  const taken = out.take();
  assert.ok(Array.isArray(taken));
  assert.equal(taken.length, 2);
  assert.equal(taken[1], payload);
});

test("writeFrame() copies a payload one byte smaller, and any payload of a client", () => {
  for (const [size, key] of [[-1, undefined], [0, MASKING_KEY]] as const) {
    const out = new SendBuffer();
    writeFrame(out, OPCODE.binary, bytesOf(COPY_BELOW_BYTES + size), key);
    assert.ok(!Array.isArray(out.take()));
  }
});

test("writeTextFrame() writes half a character as U+FFFD", () => {
  const out = new SendBuffer();
  writeTextFrame(out, "a\ud83d", undefined);
  assert.equal(whole(out).toString("hex"), "810461efbfbd");
});

test("writeFrame() sets RSV1 when it is told to, and nothing else", () => {
  const out = new SendBuffer();
  writeFrame(out, OPCODE.text, hex("f24805"), undefined, BIT.rsv1);
  writeFrame(out, OPCODE.text, hex("f24805"), undefined);
  assert.equal(whole(out).toString("hex"), "c103f24805" + "8103f24805");
});
