import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { constants, createDeflateRaw, createInflateRaw, deflateRawSync } from "node:zlib";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { DEFLATE_DEFAULTS, honoursDictionary } from "../../src/protocol/deflate_options.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { CHUNKERS, seededRandom } from "../support/chunkers.ts";
import { framesTo, frameTo, hex, textOf } from "../support/frames.ts";
import { Endpoint, ROLES, WHOLE_WINDOWS } from "../support/frames_endpoint.ts";
import { parseFrames } from "../support/raw_http_frames.ts";

const HELLO = hex("f248cdc9c90700");
const RSV1 = 4;
const ALONE: DeflateParameters = {
  ...WHOLE_WINDOWS,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
};
const AGREED = honoursDictionary() ? WHOLE_WINDOWS : ALONE;

const pack = (data: string | Buffer) =>
  deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

for (const role of ROLES) {
  const told = (...frames: Parameters<typeof frameTo>[1][]) => {
    const bytes = framesTo(role, ...frames);
    const diaries = Object.values(CHUNKERS).flatMap((chunker) =>
      [...chunker(bytes)].map((chunks) => new Endpoint(role, {}, AGREED).receive(...chunks).events)
    );
    for (const diary of diaries) assert.deepEqual(diary, diaries[0]);
    return diaries[0];
  };

  test(`Protocol of a ${role} reads compressed and plain messages in a row`, () => {
    assert.deepEqual(
      told({ opcode: 1, rsv: RSV1, payload: HELLO }, { opcode: 1, payload: "Hello" }, {
        opcode: 2,
        rsv: RSV1,
        payload: HELLO,
      }),
      ['text "Hello"', 'text "Hello"', "binary 48656c6c6f"],
    );
  });

  test(`Protocol of a ${role} reads a compressed message in fragments, with a ping in between`, () => {
    const first = { opcode: 1, rsv: RSV1, fin: false, payload: HELLO.subarray(0, 3) };
    const last = { opcode: 0, payload: HELLO.subarray(3) };
    assert.deepEqual(told(first, { opcode: 9 }, last), ['text "Hello"']);
    assert.deepEqual(told(first, { ...last, fin: false }, { opcode: 0 }), ['text "Hello"']);
  });

  test(`Protocol of a ${role} closes with 1002 when RSV1 is on a frame that begins no message`, () => {
    const closed = ["closed 1002 by local compressed_bit Compressed bit on a frame that begins no message"];
    const first = { opcode: 1, rsv: RSV1, fin: false, payload: HELLO.subarray(0, 3) };
    assert.deepEqual(told(first, { opcode: 0, rsv: RSV1, payload: HELLO.subarray(3) }), closed);
    for (const opcode of [8, 9, 10]) assert.deepEqual(told({ opcode, rsv: RSV1 }), closed);
  });

  test(`Protocol of a ${role} closes with 1002 when another bit is set, or RSV1 without agreement`, () => {
    const closed = ["closed 1002 by local reserved_bits Reserved bits must be 0"];
    for (const rsv of [1, 2, 3, 5, 6, 7]) assert.deepEqual(told({ opcode: 1, rsv, payload: HELLO }), closed);
    const without = new Endpoint(role).receive(frameTo(role, { opcode: 1, rsv: RSV1, payload: HELLO }));
    assert.deepEqual(without.events, closed);
  });

  test(`Protocol of a ${role} closes with 1007 when text inflates to what is not UTF-8`, () => {
    const closed = ["closed 1007 by local utf8_message Text is not valid UTF-8"];
    assert.deepEqual(told({ opcode: 1, rsv: RSV1, payload: pack(hex("c080")) }), closed);
    assert.deepEqual(told({ opcode: 2, rsv: RSV1, payload: pack(hex("c080")) }), ["binary c080"]);
    const packed = pack(hex("61c3"));
    assert.deepEqual(
      told({ opcode: 1, rsv: RSV1, fin: false, payload: packed.subarray(0, 2) }, {
        opcode: 0,
        payload: packed.subarray(2),
      }),
      closed,
    );
  });

  test(`Protocol of a ${role} judges the plain text, not the compressed bytes`, () => {
    const text = "é€😀".repeat(3);
    assert.deepEqual(told({ opcode: 1, rsv: RSV1, payload: pack(text) }), [`text ${JSON.stringify(text)}`]);
  });

  test(`Protocol of a ${role} closes with 1009 when a message inflates beyond the limit`, () => {
    const endpoint = (bytes: number) =>
      new Endpoint(role, { maxMessageBytes: 1_000 }, AGREED)
        .receive(frameTo(role, { opcode: 2, rsv: RSV1, payload: pack(Buffer.alloc(bytes)) }));
    assert.deepEqual(endpoint(1_001).events, ["closed 1009 by local message_too_big Message is too big"]);
    assert.match(endpoint(1_000).events[0] ?? "", /^binary 1000 /);
  });

  test(`Protocol of a ${role} takes a message of the largest size that compressing made longer`, () => {
    const random = seededRandom(3);
    const noise = Buffer.from(Array.from({ length: 1_000 }, () => Math.floor(random() * 256)));
    const packed = pack(noise);
    assert.ok(packed.length > noise.length);
    const limits = { maxMessageBytes: 1_000 };
    const whole = frameTo(role, { opcode: 2, rsv: RSV1, payload: packed });
    assert.match(new Endpoint(role, limits, AGREED).receive(whole).events[0] ?? "", /^binary 1000 /);
    const plain = frameTo(role, { opcode: 2, payload: Buffer.alloc(1_001) });
    const tooBig = ["closed 1009 by local message_too_big Message is too big"];
    assert.deepEqual(new Endpoint(role, limits, AGREED).receive(plain).events, tooBig);
    const declared = frameTo(role, { opcode: 2, rsv: RSV1, declared: 1_190n });
    assert.deepEqual(new Endpoint(role, limits, AGREED).receive(declared).events, tooBig);
  });

  test(`Protocol of a ${role} inflates nothing behind its own Close`, () => {
    const endpoint = new Endpoint(role, {}, AGREED);
    endpoint.protocol.close(1000, "");
    // What cannot be inflated would end the connection.
    endpoint.receive(framesTo(role, { opcode: 1, rsv: RSV1, payload: hex("ffff") }, { opcode: 9 }));
    endpoint.receive(frameTo(role, { opcode: 2, rsv: RSV1, payload: hex("ffff") }));
    assert.deepEqual(endpoint.events, []);
    endpoint.receive(frameTo(role, { opcode: 8, payload: hex("03e8") }));
    assert.deepEqual(endpoint.events, ["closed 1000 by local"]);
  });

  test(`Protocol of a ${role} sends what is worth it with RSV1, and what is not without`, () => {
    const endpoint = new Endpoint(role, {}, AGREED, { ...DEFLATE_DEFAULTS, minBytes: 100 });
    endpoint.protocol.sendText(textOf(99));
    endpoint.protocol.sendText(textOf(100));
    endpoint.protocol.sendBytes(Buffer.alloc(500), "binary");
    endpoint.protocol.sendBytes(Buffer.from(textOf(500)), "text");
    endpoint.protocol.ping(Buffer.alloc(100));
    const bytes = endpoint.output();
    assert.equal(bytes[0], 0x81);
    assert.deepEqual(parseFrames(bytes).map(({ rsv, opcode }) => [rsv, opcode]), [[0, 1], [4, 1], [4, 2], [
      4,
      1,
    ], [0, 9]]);
    assert.ok(bytes.length < 99 + 100 + 3 * 60);
  });

  test(`Protocol of a ${role} reads what a persistent stream of zlib wrote, and the other way round`, async () => {
    const messages = Array.from({ length: 30 }, (_, i) => JSON.stringify({ id: i, text: textOf(20 * i) }));
    // What any other implementation does with context takeover.
    const stream = createDeflateRaw();
    const packed: Buffer[] = [];
    for (const message of honoursDictionary() ? messages : messages.slice(0, 1)) {
      packed.push((await flush(stream, Buffer.from(message))).subarray(0, -4));
    }
    const endpoint = new Endpoint(role, {}, AGREED, { ...DEFLATE_DEFAULTS, minBytes: 0 });
    const got: string[] = [];
    endpoint.during = () => got.push("told");
    for (const payload of packed) endpoint.receive(frameTo(role, { opcode: 1, rsv: RSV1, payload }));
    assert.equal(got.length, packed.length);
    assert.ok(endpoint.events.every((event) => event.startsWith("text ")));

    for (const message of messages) endpoint.protocol.sendText(message);
    const inflater = createInflateRaw();
    for (const [i, { payload, rsv }] of parseFrames(endpoint.output()).entries()) {
      const plain = rsv === RSV1 ? await flush(inflater, Buffer.concat([payload, hex("0000ffff")])) : payload;
      assert.equal(plain.toString(), messages[i]);
    }
  });
}

/** Writes to a stream of zlib, and reads what that brings. */
function flush(
  stream: ReturnType<typeof createDeflateRaw> | ReturnType<typeof createInflateRaw>,
  data: Buffer,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  const onData = (part: Buffer) => parts.push(part);
  stream.on("data", onData);
  return new Promise((resolve) => {
    stream.write(data);
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off("data", onData);
      resolve(Buffer.concat(parts));
    });
  });
}

test("Protocol sends a shared message compressed to those who agreed on it, made once, and refers to it later", () => {
  const message = shareMessage(textOf(300));
  const [one, other, plain] = [
    new Endpoint("server", {}, AGREED),
    new Endpoint("server", {}, AGREED),
    new Endpoint("server"),
  ];
  for (const { protocol } of [one, other, plain]) assert.ok(protocol.sendShared(message));
  const packed = one.protocol.output.take();
  assert.equal(packed, message.compressed(15)?.bytes);
  assert.equal(other.protocol.output.take(), packed);
  assert.equal(plain.protocol.output.take(), message.frame.bytes);
  const receiver = new Endpoint("client", {}, AGREED).receive(Buffer.from(packed as Buffer));
  one.protocol.sendText(`${textOf(300)}!`);
  receiver.receive(one.output());
  assert.equal(receiver.events.length, 2);
  assert.ok(receiver.events.every((event) => event.startsWith("text 30")));
});

test("Protocol counts a shared message among those that later ones refer back to", () => {
  const heardBy = (agreed?: DeflateParameters) => {
    const server = new Endpoint("server", {}, agreed);
    server.protocol.sendText(textOf(300));
    server.protocol.sendShared(shareMessage(`shared ${textOf(500)}`));
    for (const text of [`${textOf(300)}!`, `shared ${textOf(500)}!`]) server.protocol.sendText(text);
    return new Endpoint("client", {}, agreed).receive(server.output()).events;
  };
  assert.deepEqual(heardBy(AGREED), heardBy());
  assert.equal(heardBy().length, 4);
});

test("Protocol sends a shared message as it is when it is too short, or does not shrink", () => {
  const endpoint = new Endpoint("server", {}, AGREED, { ...DEFLATE_DEFAULTS, minBytes: 100 });
  for (
    const message of [
      shareMessage(textOf(99)),
      shareMessage("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ]
  ) {
    endpoint.protocol.sendShared(message);
    assert.equal(endpoint.protocol.output.take(), message.frame.bytes);
  }
});
