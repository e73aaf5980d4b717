import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { test } from "node:test";
import { borrowReader } from "../../src/protocol/message_reader.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { CHUNKERS, cutAt, cutEvery, seededRandom } from "../support/chunkers.ts";
import { bytesOf, frame, framesTo, frameTo, hex, type Sent, SIZES, textOf } from "../support/frames.ts";
import { describeMessage, Endpoint, ROLES, WIDE } from "../support/frames_endpoint.ts";

for (const role of ROLES) {
  for (const size of SIZES) {
    for (const [name, chunker] of Object.entries(CHUNKERS)) {
      test(`Protocol of a ${role} tells of ${size} bytes when they come ${name}`, () => {
        const [payload, text] = [bytesOf(size), textOf(size)];
        const wanted = [describeMessage(payload, "binary"), describeMessage(Buffer.from(text), "text")];
        for (const chunks of chunker(frameTo(role, { payload }))) {
          assert.deepEqual(new Endpoint(role).receive(...chunks).events, wanted.slice(0, 1));
        }
        for (const chunks of chunker(frameTo(role, { opcode: 1, payload: text }))) {
          assert.deepEqual(new Endpoint(role).receive(...chunks).events, wanted.slice(1));
        }
      });
    }
  }

  test(`Protocol of a ${role} tells of messages of all sizes that come in one chunk`, () => {
    const frames = SIZES.flatMap((size) => [{ payload: bytesOf(size) }, { opcode: 9, payload: `${size}` }]);
    const endpoint = new Endpoint(role).receive(framesTo(role, ...frames));
    assert.deepEqual(endpoint.events, SIZES.map((size) => describeMessage(bytesOf(size), "binary")));
    assert.deepEqual(endpoint.sent(), SIZES.map((size) => `pong ${Buffer.from(`${size}`).toString("hex")}`));
  });

  test(`Protocol of a ${role} tells of pongs, and answers none`, () => {
    const pongs = framesTo(role, { opcode: 10 }, { opcode: 10, payload: hex("00ff") });
    const endpoint = new Endpoint(role).receive(pongs);
    assert.deepEqual(endpoint.events, ["pong", "pong 00ff"]);
    assert.deepEqual(endpoint.sent(), []);
  });

  test(`Protocol of a ${role} answers each of 50 pings in one chunk, in their order, in one buffer`, () => {
    const pings = Array.from({ length: 50 }, (_, i) => ({ opcode: 9, payload: Buffer.of(i) }));
    const endpoint = new Endpoint(role).receive(framesTo(role, ...pings));
    assert.deepEqual(endpoint.events, []);
    const taken = endpoint.protocol.output.take();
    assert.ok(!Array.isArray(taken));
    const pongs = pings.map(({ payload }) => frame({ opcode: 10, masked: role === "client", payload }));
    assert.ok(Buffer.concat(pongs).equals(taken));
    assert.equal(endpoint.protocol.output.length, 0);
  });

  test(`Protocol of a ${role} answers a ping of 125 bytes with all of them`, () => {
    const endpoint = new Endpoint(role).receive(frameTo(role, { opcode: 9, payload: bytesOf(125) }));
    assert.deepEqual(endpoint.sent(), [`pong ${bytesOf(125).toString("hex")}`]);
  });

  test(`Protocol of a ${role} answers a ping between fragments before the message is complete`, () => {
    const endpoint = new Endpoint(role);
    endpoint.receive(framesTo(role, { opcode: 1, fin: false, payload: "a" }, { opcode: 9, payload: "p" }));
    assert.deepEqual(endpoint.sent(), ["pong 70"]);
    assert.deepEqual(endpoint.events, []);
    endpoint.receive(frameTo(role, { opcode: 0, payload: "b" }));
    assert.deepEqual(endpoint.events, ['text "ab"']);
  });

  test(`Protocol of a ${role} sends each kind of frame ${role === "client" ? "masked" : "bare"}`, () => {
    const { protocol } = new Endpoint(role);
    assert.ok(protocol.sendText("é"));
    assert.ok(protocol.sendBytes(hex("00ff"), "binary"));
    assert.ok(protocol.sendBytes(Buffer.from("t"), "text"));
    assert.ok(protocol.ping(hex("01")));
    const frames = [
      { opcode: 1, payload: "é" },
      { opcode: 2, payload: hex("00ff") },
      { opcode: 1, payload: "t" },
      { opcode: 9, payload: hex("01") },
    ];
    const taken = protocol.output.take();
    const wanted = frames.map((parts) => frame({ ...parts, masked: role === "client" }));
    assert.ok(!Array.isArray(taken) && Buffer.concat(wanted).equals(taken));
  });

  for (let seed = 1; seed <= 25; seed++) {
    test(`Protocol of a ${role} tells the same however the bytes are cut (seed ${seed})`, () => {
      const random = seededRandom(seed);
      const bytes = framesTo(role, ...randomFrames(random));
      const whole = new Endpoint(role, { maxMessageBytes: 3_000 }).receive(bytes);
      const wanted = [whole.events, whole.sent()];
      assert.notEqual(wanted[0]?.length, 0);
      for (
        const [name, chunks] of Object.entries({ ...randomCuts(bytes, random), byte: cutEvery(bytes, 1) })
      ) {
        const cut = new Endpoint(role, { maxMessageBytes: 3_000 }).receive(...chunks);
        assert.deepEqual([cut.events, cut.sent()], wanted, name);
      }
    });
  }
}

/** Some messages, whole and fragmented, with control frames between; now and then a fault, and what follows it. */
function randomFrames(random: () => number): Sent[] {
  const upTo = (count: number) => Math.floor(random() * count);
  const frames: Sent[] = [{ opcode: 10, payload: "first" }];
  for (let messages = 2 + upTo(8); messages > 0; messages--) {
    const opcode = 1 + upTo(2);
    const fragments = 1 + (random() < 0.5 ? 0 : upTo(5));
    for (let i = 0; i < fragments; i++) {
      const payload = opcode === 1 ? "é€😀".repeat(upTo(30)) : bytesOf(upTo(random() < 0.2 ? 1_000 : 130));
      frames.push({ opcode: i === 0 ? opcode : 0, fin: i === fragments - 1, payload });
      if (random() < 0.3) frames.push({ opcode: 9 + upTo(2), payload: bytesOf(upTo(126)) });
    }
    if (random() < 0.05) frames.push({ opcode: upTo(16), rsv: upTo(2), fin: random() < 0.5 });
    if (random() < 0.05) frames.push({ opcode: 1, payload: bytesOf(200) });
  }
  frames.push({ opcode: 8, payload: hex("03e8") }, { payload: "never told" });
  return frames;
}

function randomCuts(bytes: Buffer, random: () => number): Record<string, Buffer[]> {
  const cuts: Record<string, Buffer[]> = {};
  for (const most of [3, 20, 500]) {
    const places: number[] = [];
    for (let at = 0; at < bytes.length; at += 1 + Math.floor(random() * most)) places.push(at);
    cuts[`up to ${most} bytes`] = cutAt(bytes, ...places);
  }
  return cuts;
}

test("Protocol puts a shared frame behind what is there, and hands a lone one over as it is", () => {
  const shared = shareMessage("to all");
  const endpoint = new Endpoint("server");
  assert.ok(endpoint.protocol.sendShared(shared));
  assert.equal(endpoint.protocol.output.take(), shared.frame.bytes);
  endpoint.protocol.sendText("to one");
  endpoint.protocol.sendShared(shared);
  endpoint.protocol.sendText("to one again");
  assert.deepEqual(endpoint.sent(), ['text "to one"', 'text "to all"', 'text "to one again"']);
});

test("Protocol of a server sends a large message from where it lies", () => {
  const { protocol } = new Endpoint("server");
  const payload = bytesOf(65_536);
  protocol.sendBytes(payload, "binary");
  const taken = protocol.output.take();
  assert.equal(Array.isArray(taken) && taken[1], payload);
});

test("Protocol allocates nothing for what is only declared", () => {
  const head = frameTo("server", { declared: 1n << 30n, payload: "x" });
  const before = process.memoryUsage().arrayBuffers;
  const endpoints = Array.from(
    { length: 100 },
    () => new Endpoint("server", { maxMessageBytes: 1 << 30 }).receive(head),
  );
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(grown < 1_048_576, `${grown} bytes`);
  for (const { events } of endpoints) assert.deepEqual(events, []);
});

test("Protocol reads what comes while a handler is at work behind it, and its reader is lent to nobody meanwhile", () => {
  const endpoint = new Endpoint("server");
  const [first, second] = ["first", "second"].map((payload) => frameTo("server", { opcode: 1, payload }));
  // As a peer in the same process does, that answers before the handler has returned.
  endpoint.during = (event) => {
    if (event === 'text "first"') endpoint.protocol.receive(second as Buffer);
    if (event === 'text "first"') assert.equal(endpoint.events.length, 1);
  };
  endpoint.protocol.receive(first as Buffer);
  assert.deepEqual(endpoint.events, ['text "first"', 'text "second"']);
  // Were it returned twice, two connections would read with it, and each get the other's fragments.
  const readers = [
    borrowReader({ role: "server", limits: WIDE }),
    borrowReader({ role: "server", limits: WIDE }),
  ];
  assert.notEqual(readers[0], readers[1]);
});
