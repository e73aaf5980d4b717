import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import { Deflate } from "../../src/protocol/deflate.ts";
import { compressAfter } from "../../src/protocol/deflate_compress.ts";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import {
  DEFLATE_DEFAULTS,
  type DeflateOptions,
  honoursDictionary,
} from "../../src/protocol/deflate_options.ts";
import type { Side } from "../../src/protocol/frame.ts";
import { seededRandom } from "../support/chunkers.ts";
import { bytesOf, hex, textOf } from "../support/frames.ts";
import { WHOLE_WINDOWS } from "../support/frames_endpoint.ts";

const ALONE: DeflateParameters = {
  ...WHOLE_WINDOWS,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};
/** What holds where zlib takes no dictionary. */
const AGREED = honoursDictionary() ? WHOLE_WINDOWS : ALONE;
const ANY_LENGTH: DeflateOptions = { ...DEFLATE_DEFAULTS, minBytes: 0 };

function codec(
  role: Side,
  agreed: DeflateParameters = AGREED,
  options: DeflateOptions = ANY_LENGTH,
): Deflate {
  return new Deflate(role, agreed, options);
}

function inflate(deflate: Deflate, packed: Buffer, maxBytes = 1_000_000) {
  // With something in front and behind, as in a chunk that holds more than one frame.
  const chunk = Buffer.concat([hex("ff"), packed, hex("ff")]);
  return deflate.decompress(chunk, 1, chunk.length - 1, maxBytes);
}

/** The message as text, or the rule that it breaks. */
function read(deflate: Deflate, packed: Buffer, maxBytes?: number): string {
  const result = inflate(deflate, packed, maxBytes);
  return result.ok ? result.value.toString() : result.fault;
}

describe("Deflate.decompress() reads the examples of RFC 7692 §7.2.3", () => {
  const examples = {
    "7.2.3.1, one block": "f248cdc9c90700",
    "7.2.3.3, without compression": "000500faff48656c6c6f00",
    "7.2.3.4, the last block of a stream": "f348cdc9c9070000",
    "7.2.3.5, two blocks": "f248050000 00ffff cac9c90700",
  };
  for (const [name, packed] of Object.entries(examples)) {
    test(name, () => assert.equal(read(codec("server"), hex(packed)), "Hello"));
  }
  test("7.2.3.6, nothing", () => assert.equal(read(codec("server"), hex("00")), ""));
});

test("Deflate.decompress() reads what refers to the message before when that was agreed on", {
  skip: !honoursDictionary(),
}, () => {
  // §7.2.3.2.
  const second = hex("f200110000");
  const taking = codec("server");
  assert.equal(read(taking, hex("f248cdc9c90700")), "Hello");
  assert.equal(read(taking, second), "Hello");
  const alone = codec("server", ALONE);
  assert.equal(read(alone, hex("f248cdc9c90700")), "Hello");
  assert.equal(read(alone, second), "compressed_data");
});

test("Deflate.decompress() names compressed_data when a message is damaged or cut off", () => {
  const whole = hex("f248cdc9c90700");
  const damaged = [
    hex(""),
    hex("07"),
    hex("ffffffff"),
    whole.subarray(1),
    hex("f248cdc9c907"),
    hex("000500faff48656c"),
  ];
  for (const packed of damaged) {
    assert.equal(read(codec("server"), packed), "compressed_data", packed.toString("hex"));
  }
  for (let end = 0; end < whole.length; end++) {
    assert.equal(read(codec("server"), whole.subarray(0, end)), "compressed_data", `cut at ${end}`);
  }
  assert.equal(read(codec("server"), whole), "Hello");
});

test("Deflate.decompress() names compressed_data when a block would take what is appended for its own", () => {
  // A last block without compression, of 10 bytes, of which one is there and nine are appended.
  assert.equal(read(codec("server"), hex("010a00f5ff61")), "compressed_data");
  assert.equal(read(codec("server"), hex("010900f6ff")), "compressed_data");
  const nine = hex("0000ffff010000ffff");
  const whole = Buffer.concat([hex("000a00f5ff61"), nine, hex("00")]);
  const result = inflate(codec("server"), whole);
  assert.ok(result.ok && result.value.equals(Buffer.concat([hex("61"), nine])));
});

test("Deflate.decompress() names compressed_data when a message has more last blocks than anybody needs", () => {
  const lastBlock = hex("010100feff78");
  const blocks = (count: number) =>
    Buffer.concat([...Array.from({ length: count }, () => lastBlock), hex("00")]);
  assert.equal(read(codec("server"), blocks(1)), "x");
  assert.equal(read(codec("server"), blocks(8)), "x".repeat(8));
  assert.equal(read(codec("server"), blocks(9)), "compressed_data");
});

test("Deflate.decompress() lets what is behind a last block refer to what is before it", {
  skip: !honoursDictionary(),
}, () => {
  const first = deflateRawSync(Buffer.from("Hello, hello, hello"));
  const second = deflateRawSync(Buffer.from("Hello, hello"), {
    dictionary: Buffer.from("Hello, hello, hello"),
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const message = Buffer.concat([first, second.subarray(0, -4)]);
  assert.equal(read(codec("server"), message), "Hello, hello, helloHello, hello");
});

test("Deflate.decompress() names message_too_big when a message inflates beyond the limit, and takes one at it", () => {
  const bomb = (bytes: number) =>
    deflateRawSync(Buffer.alloc(bytes), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
  assert.equal(read(codec("server"), bomb(1_001), 1_000), "message_too_big");
  assert.equal(read(codec("server"), bomb(1_000), 1_000).length, 1_000);
  assert.equal(read(codec("server"), bomb(100_000_000), 1_000), "message_too_big");
});

test("Deflate.decompress() stops a bomb where the limit is, not when all of it has been inflated", () => {
  const bomb = deflateRawSync(Buffer.alloc(20_000_000), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(
    0,
    -4,
  );
  const { allocUnsafe } = Buffer;
  let allocated = 0;
  // Where zlib puts its output; a runtime that puts it elsewhere passes.
  Buffer.allocUnsafe = (size: number) => {
    allocated += size;
    return allocUnsafe(size);
  };
  try {
    assert.equal(read(codec("server"), bomb, 1_000), "message_too_big");
  } finally {
    Buffer.allocUnsafe = allocUnsafe;
  }
  assert.ok(allocated < 500_000, `${allocated}`);
});

test("Deflate.decompress() counts all blocks of a message against the limit", () => {
  const twice = hex("010200fdff7878 010200fdff7878 00");
  assert.equal(read(codec("server"), twice, 3), "message_too_big");
  assert.equal(read(codec("server"), twice, 4), "xxxx");
  assert.equal(read(codec("server"), hex("010200fdff7878 010100feff78 00"), 2), "message_too_big");
});

for (const role of ["server", "client"] as const) {
  const peer = role === "server" ? "client" : "server";
  for (const bits of [9, 10, 12, 15]) {
    for (const alone of [false, true]) {
      const agreed = { ...(alone ? ALONE : AGREED), serverMaxWindowBits: bits, clientMaxWindowBits: bits };
      test(`Deflate of a ${peer} reads what that of a ${role} wrote, with ${bits} bits, ${alone ? "each alone" : "in a row"}`, () => {
        const [sender, receiver] = [codec(role, agreed), codec(peer, agreed)];
        for (const message of conversation()) {
          const packed = sender.compress(message);
          if (packed === undefined) continue;
          const result = inflate(receiver, packed);
          assert.ok(result.ok && result.value.equals(message));
        }
      });
    }
  }
}

/** Messages of all sizes that resemble each other, some of which do not shrink. */
function conversation(): Buffer[] {
  const random = seededRandom(7);
  const messages: Buffer[] = [];
  for (let i = 0; i < 60; i++) {
    const size = Math.floor(random() * (i % 20 === 0 ? 70_000 : 400));
    messages.push(i % 7 === 3 ? noise(random, size) : Buffer.from(`${i} ${textOf(size)}`));
  }
  return messages;
}

function noise(random: () => number, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
}

test("Deflate.decompress() hands messages over in memory of their own", () => {
  const deflate = codec("server");
  for (const packed of ["f248cdc9c90700", "f348cdc9c9070000", "00"]) {
    const result = inflate(deflate, hex(packed));
    assert.ok(result.ok && result.value.buffer.byteLength <= 2 * result.value.length);
  }
});

test("Deflate.decompress() copies no more for a message of many last blocks than for one", () => {
  const block = deflateRawSync(Buffer.alloc(1_000_000));
  const message = Buffer.concat([block, ...Array.from({ length: 7 }, () => hex("0300")), hex("00")]);
  const { concat } = Buffer;
  let copied = 0;
  Buffer.concat = (list: readonly Uint8Array[], total?: number) => {
    const joined = concat(list, total);
    copied += joined.length;
    return joined;
  };
  try {
    assert.equal(read(codec("server"), message).length, 1_000_000);
  } finally {
    Buffer.concat = concat;
  }
  // zlib joins its own output once; a dictionary is at most 32 KiB.
  assert.ok(copied < 1_500_000, `${copied}`);
});

test("Deflate.compress() makes a message that resembles the one before shorter, when that was agreed on", {
  skip: !honoursDictionary(),
}, () => {
  const message = Buffer.from(
    JSON.stringify({ type: "chat.said", user: "ada", text: "What is the same costs nothing." }),
  );
  const sizes = [WHOLE_WINDOWS, ALONE].map((agreed) => {
    const sender = codec("server", agreed);
    return [sender.compress(message)?.length ?? 0, sender.compress(message)?.length ?? 0] as const;
  });
  const [[first, second], [alone, again]] = sizes as [readonly [number, number], readonly [number, number]];
  assert.ok(second < first / 4, `${second} of ${first}`);
  assert.equal(again, alone);
});

test("compressAfter() looks less hard for repetitions the longer a message is", () => {
  const random = seededRandom(5);
  const noise = Buffer.from(Array.from({ length: 8_193 }, () => (random() < 0.5 ? 97 : 98)));
  for (const [length, level] of [[1_024, 7], [1_025, 6], [8_192, 6], [8_193, 4]] as const) {
    const neededBits = Math.ceil(Math.log2(length + 262));
    const options = {
      windowBits: neededBits,
      memLevel: Math.min(neededBits - 7, 8),
      level,
      finishFlush: constants.Z_SYNC_FLUSH,
    };
    const wanted = deflateRawSync(noise.subarray(0, length), options).subarray(0, -4);
    assert.deepEqual(compressAfter(Buffer.alloc(0), noise.subarray(0, length), 15), wanted, `${length}`);
  }
});

test("Deflate.compress() returns nothing when a message is too short, or would not shrink", () => {
  const sender = codec("server", AGREED, { ...DEFLATE_DEFAULTS, minBytes: 20 });
  assert.equal(sender.compress(Buffer.alloc(19)), undefined);
  assert.ok(sender.compress(Buffer.alloc(20)));
  assert.equal(sender.compress(noise(seededRandom(1), 100)), undefined);
  assert.equal(codec("server").compress(Buffer.alloc(0)), undefined);
});

test("Deflate.compress() returns nothing when it was asked for a window that zlib does not have", () => {
  const sender = codec("client", { ...AGREED, clientMaxWindowBits: 8 });
  assert.equal(sender.sendWindowBits, 8);
  assert.equal(sender.compress(Buffer.alloc(1_000)), undefined);
});

test("Deflate.compress() refers to no message that it did not compress", () => {
  const [sender, receiver] = [codec("server"), codec("client")];
  const random = noise(seededRandom(2), 300);
  assert.equal(sender.compress(random), undefined);
  const packed = sender.compress(Buffer.concat([random, Buffer.alloc(300)]));
  assert.ok(packed !== undefined);
  assert.equal(inflate(receiver, packed).ok, true);
});

test("Deflate.remember() lets later messages refer to what was sent by other means", {
  skip: !honoursDictionary(),
}, () => {
  const message = bytesOf(200);
  const [plain, told] = [codec("server"), codec("server")];
  told.remember(message);
  assert.equal(plain.compress(message), undefined);
  assert.ok((told.compress(message)?.length ?? Infinity) < 30);
});
