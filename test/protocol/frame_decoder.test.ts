import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { Side } from "../../src/protocol/frame.ts";
import { FrameDecoder } from "../../src/protocol/frame_decoder.ts";
import { cutAt, cutEvery } from "../support/chunkers.ts";
import { bytesOf, frame, framesTo, frameTo, hex, SIZES } from "../support/frames.ts";
import { ROLES } from "../support/frames_endpoint.ts";

const LIMIT = 1_048_576;

/** Reads on until nothing is left, and says each step in one line. */
function steps(decoder: FrameDecoder): string[] {
  const said: string[] = [];
  for (let step = decoder.next(); step !== "more"; step = decoder.next()) {
    if (step === "fault") return [...said, `fault ${decoder.fault}`];
    const { fin, opcode, first, remaining, bytes, start, end } = decoder;
    const where = `${first ? "first" : "later"}, ${remaining} to come`;
    const payload = bytes.subarray(start, end).toString("hex");
    said.push(`${fin ? "FIN " : ""}${opcode} ${where}: ${payload}`.trimEnd());
  }
  return said;
}

function read(role: Side, limit: number, ...chunks: Buffer[]): string[] {
  const decoder = new FrameDecoder(role, limit);
  return chunks.flatMap((chunk) => {
    decoder.feed(Buffer.from(chunk));
    return steps(decoder);
  });
}

for (const role of ROLES) {
  const sender = role === "server" ? "client" : "server";

  test(`FrameDecoder reads all frames of a ${sender}'s chunk`, () => {
    const chunk = framesTo(
      role,
      { opcode: 1, fin: false, payload: "ab" },
      { opcode: 9 },
      { opcode: 0, payload: "c" },
      { opcode: 10, payload: "d" },
      { opcode: 8, payload: hex("03e8") },
    );
    assert.deepEqual(read(role, LIMIT, chunk), [
      "1 first, 0 to come: 6162",
      "FIN 9 first, 0 to come:",
      "FIN 0 first, 0 to come: 63",
      "FIN 10 first, 0 to come: 64",
      "FIN 8 first, 0 to come: 03e8",
    ]);
  });

  for (const size of SIZES) {
    test(`FrameDecoder finds a ${sender}'s payload of ${size} bytes wherever its header is cut`, () => {
      const chunk = frameTo(role, { payload: bytesOf(size) });
      for (let cut = 1; cut <= chunk.length - size; cut++) {
        const decoder = new FrameDecoder(role, LIMIT);
        const parts: Buffer[] = [];
        for (const piece of cutAt(chunk, cut)) {
          decoder.feed(piece);
          while (decoder.next() === "part") {
            parts.push(decoder.bytes.subarray(decoder.start, decoder.end));
            assert.equal(decoder.remaining, size - Buffer.concat(parts).length);
          }
        }
        assert.ok(Buffer.concat(parts).equals(bytesOf(size)), `cut at ${cut}`);
      }
    });
  }

  test(`FrameDecoder hands a ${sender}'s payload on as it arrives, in parts`, () => {
    const chunks = cutEvery(frameTo(role, { payload: "abcdef" }), role === "server" ? 8 : 4);
    assert.deepEqual(read(role, LIMIT, ...chunks), [
      "FIN 2 first, 4 to come: 6162",
      "FIN 2 later, 0 to come: 63646566",
    ]);
  });
}

test("FrameDecoder leaves a payload where it lies", () => {
  const decoder = new FrameDecoder("server", LIMIT);
  const chunk = frameTo("server", { payload: "Hello" });
  decoder.feed(chunk);
  assert.equal(decoder.next(), "part");
  assert.equal(decoder.bytes, chunk);
  assert.equal(chunk.subarray(decoder.start, decoder.end).toString(), "Hello");
});

test("FrameDecoder leaves alone what it has handed over, when the rest of the frame comes", () => {
  const decoder = new FrameDecoder("server", LIMIT);
  const [first, second] = cutAt(frameTo("server", { payload: bytesOf(200) }), 108) as [Buffer, Buffer];
  decoder.feed(first);
  steps(decoder);
  decoder.feed(second);
  steps(decoder);
  assert.ok(Buffer.concat([first.subarray(8), second]).equals(bytesOf(200)));
});

test("FrameDecoder lets go of a chunk when it has read it, one that ends in a header too", () => {
  for (const behind of ["", "82", "82 fe 01"]) {
    const decoder = new FrameDecoder("server", LIMIT);
    decoder.feed(Buffer.concat([frameTo("server", { payload: "x" }), hex(behind)]));
    assert.equal(decoder.next(), "part");
    assert.ok(decoder.bytes.length > 0);
    assert.equal(decoder.next(), "more");
    assert.equal(decoder.bytes.length, 0, `"${behind}" behind`);
  }
});

test("FrameDecoder reads chunks in their order when they come faster than they are read", () => {
  const letters = [..."abcdefgh"];
  const chunks = letters.map((letter) => frameTo("server", { payload: letter }));
  for (let early = 0; early < letters.length; early++) {
    const decoder = new FrameDecoder("server", LIMIT);
    const said: string[] = [];
    const next = () => {
      if (decoder.next() === "part") said.push(decoder.bytes.toString("latin1", decoder.start, decoder.end));
    };
    // A few come before any is read; from then on one comes and one is read, so that some always wait.
    chunks.forEach((chunk, i) => {
      decoder.feed(Buffer.from(chunk));
      if (i >= early) next();
    });
    for (let i = 0; i <= early; i++) next();
    assert.equal(said.join(""), letters.join(""), `${early} wait`);
  }
});

test("FrameDecoder loses nothing when the rest of a header waits together with its payload", () => {
  const [start, rest] = cutAt(frameTo("server", { payload: "abc" }), 3) as [Buffer, Buffer];
  const decoder = new FrameDecoder("server", LIMIT);
  decoder.feed(start);
  decoder.feed(rest);
  assert.deepEqual(steps(decoder), ["FIN 2 first, 0 to come: 616263"]);
});

test("FrameDecoder reads on through waiting chunks when a header is cut by each of them", () => {
  const decoder = new FrameDecoder("server", LIMIT);
  for (const byte of cutEvery(frameTo("server", { payload: bytesOf(126), extension: 2 }), 1)) {
    decoder.feed(byte);
  }
  const said = steps(decoder);
  // The header, as soon as it is complete, then each byte.
  assert.equal(said.length, 1 + 126);
  assert.equal(said[0], "FIN 2 first, 126 to come:");
  assert.equal(said[126], `FIN 2 later, 0 to come: ${bytesOf(126).subarray(125).toString("hex")}`);
});

test("FrameDecoder takes empty chunks for nothing, in a header and in a payload", () => {
  const bytes = cutEvery(frameTo("server", { payload: "ab" }), 1);
  const chunks = bytes.flatMap((byte) => [Buffer.alloc(0), byte]);
  assert.deepEqual(read("server", LIMIT, ...chunks), [
    "FIN 2 first, 2 to come:",
    "FIN 2 later, 1 to come: 61",
    "FIN 2 later, 0 to come: 62",
  ]);
});

/** What a server makes of the first bytes of a client, none of which is a payload. */
const HEADERS: readonly (readonly [what: string, bytes: string, wanted: string[]])[] = [
  ["the shortest length of 2 bytes", "82 fe 007e 00000000", ["FIN 2 first, 126 to come:"]],
  ["a length of 2 bytes that fits into 7 bits", "82 fe 007d", ["fault length_minimal"]],
  ["the shortest length of 8 bytes", "82 ff 0000000000010000 00000000", ["FIN 2 first, 65536 to come:"]],
  ["a length of 8 bytes that fits into 2", "82 ff 000000000000ffff", ["fault length_minimal"]],
  ["a length of 8 bytes that is 0", "82 ff 0000000000000000", ["fault length_minimal"]],
  ["a length at the limit", "82 ff 0000000000100000 00000000", ["FIN 2 first, 1048576 to come:"]],
  ["a length one above the limit", "82 ff 0000000000100001", ["fault message_too_big"]],
  ["a length of 2^32, whose lower half is 0", "82 ff 0000000100000000", ["fault message_too_big"]],
  ["a length of 2^53 + 1", "82 ff 0020000000000001", ["fault message_too_big"]],
  ["a length of 2^63 - 1", "82 ff 7fffffffffffffff", ["fault message_too_big"]],
  ["a length of 2^63", "82 ff 8000000000000000", ["fault length_top_bit"]],
  ["a length of 2^64 - 1", "82 ff ffffffffffffffff", ["fault length_top_bit"]],
  ["a ping of 125 bytes", "89 fd 00000000", ["FIN 9 first, 125 to come:"]],
  ["a ping of 126 bytes, before its length", "89 fe", ["fault control_length"]],
  ["a ping whose length needs 8 bytes, before its length", "89 ff", ["fault control_length"]],
  ["a ping without FIN", "09 80", ["fault control_fragmented"]],
];

for (const [what, bytes, wanted] of HEADERS) {
  test(`FrameDecoder judges ${what}, in one chunk and byte by byte`, () => {
    assert.deepEqual(read("server", LIMIT, hex(bytes)), wanted);
    assert.deepEqual(read("server", LIMIT, ...cutEvery(hex(bytes), 1)), wanted);
    // The last byte decides: nothing is said before it, and nothing more is waited for.
    assert.deepEqual(read("server", LIMIT, hex(bytes).subarray(0, -1)), []);
  });
}

test("FrameDecoder holds no control frame to the limit of messages", () => {
  const ping = frameTo("server", { opcode: 9, payload: bytesOf(125) });
  assert.match(read("server", 1, ping).join(), /^FIN 9 first, 0 to come/);
  assert.deepEqual(read("server", 1, frameTo("server", { payload: "ab" })), ["fault message_too_big"]);
});

for (let opcode = 0; opcode < 16; opcode++) {
  const known = [0, 1, 2, 8, 9, 10].includes(opcode);
  test(`FrameDecoder ${known ? "reads" : "refuses"} opcode ${opcode} from either side`, () => {
    const wanted = known ? `FIN ${opcode} first, 0 to come:` : "fault reserved_opcode";
    for (const role of ROLES) assert.deepEqual(read(role, LIMIT, frameTo(role, { opcode })), [wanted]);
  });

  test(`FrameDecoder refuses reserved bits on opcode ${opcode}`, () => {
    for (let rsv = 1; rsv < 8; rsv++) {
      for (const role of ROLES) {
        assert.deepEqual(read(role, LIMIT, frameTo(role, { opcode, rsv })), ["fault reserved_bits"]);
      }
    }
  });

  if (!known) continue;
  test(`FrameDecoder wants opcode ${opcode} masked from a client, and bare from a server`, () => {
    assert.deepEqual(read("server", LIMIT, frame({ opcode, masked: false })), ["fault mask_required"]);
    assert.deepEqual(read("client", LIMIT, frame({ opcode, masked: true })), ["fault mask_forbidden"]);
  });
}
