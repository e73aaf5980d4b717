import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { connect } from "../../src/io/client.ts";
import type { ClientTraceOptions } from "../../src/io/trace.ts";
import type { CloseStatus } from "../../src/protocol/close.ts";
import { ManualClock } from "../support/manual_clock.ts";
import {
  clientFrame,
  closePayload,
  describeFrame,
  parseFrames,
  serverFrame,
} from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { startRawServer, switching } from "../support/server_raw.ts";

describe("A client", () => {
  test("masks each frame with a key of its own", async () => {
    const server = await startRawServer((accept) => switching(accept));
    const here = signal<CloseStatus>();
    const connection = await connect(`ws://127.0.0.1:${server.port}`, { closed: here.resolve });
    const socket = await server.asked;
    for (let i = 0; i < 2_000; i++) connection.send("the same text");
    connection.ping();
    connection.close(1000);
    // The last frame is a Close of 8 bytes.
    const complete = 2_000 * 19 + 6 + 8;
    while (server.received().length < complete) {
      await new Promise<void>((resolve) => socket.once("data", () => resolve()));
    }
    const frames = parseFrames(server.received());
    assert.equal(frames.length, 2_002);
    assert.ok(frames.every(({ masked }) => masked));
    assert.equal(new Set(frames.map(({ key }) => key.toString("hex"))).size, 2_002);
    assert.deepEqual(frames.slice(0, 1).map(describeFrame), ['text "the same text"']);
    await server.stop();
    await here.promise;
  });

  test("gets messages that came with the 101, and only after connect() has resolved", async () => {
    const order: string[] = [];
    const early = signal();
    const server = await startRawServer((accept) =>
      Buffer.concat([Buffer.from(switching(accept)), serverFrame(1, "early")])
    );
    const connection = await connect(`ws://127.0.0.1:${server.port}`, {
      text: (message) => {
        order.push(message);
        early.resolve();
      },
    });
    order.push("connected");
    await early.promise;
    assert.deepEqual(order, ["connected", "early"]);
    connection.destroy();
    await server.stop();
  });

  const endings: Readonly<Record<string, readonly [Buffer, number]>> = {
    "a masked frame": [clientFrame(1, "x"), 1002],
    "a reserved bit": [Buffer.of(0xc1, 0), 1002],
    "text that is not UTF-8": [serverFrame(1, [0xff]), 1007],
    "a message over its limit": [serverFrame(2, Buffer.alloc(2_000)), 1009],
  };
  for (const [name, [bytes, code]] of Object.entries(endings)) {
    test(`closes with ${code} for ${name}, and goes although the server stays`, async () => {
      const here = signal<CloseStatus>();
      const clock = new ManualClock();
      const server = await startRawServer((accept) => Buffer.concat([Buffer.from(switching(accept)), bytes]));
      await connect(`ws://127.0.0.1:${server.port}`, {
        clock,
        closed: here.resolve,
        limits: { maxMessageBytes: 1_000 },
      });
      const socket = await server.asked;
      const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      assert.equal((await here.promise).code, code);
      while (server.received().length === 0) {
        await new Promise<void>((resolve) => socket.once("data", () => resolve()));
      }
      const [frame] = parseFrames(server.received());
      assert.deepEqual([frame?.opcode, frame?.payload.readUInt16BE(0), frame?.masked], [8, code, true]);
      clock.advance(3_000);
      await gone;
      assert.equal(clock.pending, 0);
      await server.stop();
    });
  }

  test("handles all that came before a FIN, in order, although each takes its time", async () => {
    const said = [serverFrame(1, "a"), serverFrame(1, "b"), serverFrame(8, closePayload(1001))];
    const server = await startRawServer((accept) => Buffer.concat([Buffer.from(switching(accept)), ...said]));
    void server.asked.then((socket) => socket.end());
    const [here, work, started] = [signal<CloseStatus>(), signal(), signal()];
    const got: string[] = [];
    await connect(`ws://127.0.0.1:${server.port}`, {
      closed: here.resolve,
      text: async (message) => {
        started.resolve();
        await work.promise;
        got.push(message);
      },
    });
    await started.promise;
    // By now the FIN has come; a turn or two later it has been noticed.
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    work.resolve();
    assert.equal((await here.promise).code, 1001);
    assert.deepEqual(got, ["a", "b"]);
    await server.stop();
  });

  test("is told of a reset with 1006, and survives it", async () => {
    const here = signal<CloseStatus>();
    const clock = new ManualClock();
    const server = await startRawServer((accept) => switching(accept));
    const connection = await connect(`ws://127.0.0.1:${server.port}`, { clock, closed: here.resolve });
    (await server.asked).resetAndDestroy();
    assert.deepEqual(await here.promise, { code: 1006, reason: "", by: "transport", rule: undefined });
    assert.equal(connection.send("too late"), false);
    await setImmediate();
    assert.equal(clock.pending, 0);
    await server.stop();
  });

  test("answers a Close, and waits for the server to end TCP", async () => {
    const here = signal<CloseStatus>();
    const server = await startRawServer((accept) =>
      Buffer.concat([Buffer.from(switching(accept)), serverFrame(8, closePayload(1001, "bye"))])
    );
    await connect(`ws://127.0.0.1:${server.port}`, { closed: here.resolve });
    assert.deepEqual(await here.promise, { code: 1001, reason: "bye", by: "peer", rule: undefined });
    const socket = await server.asked;
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.end();
    await ended;
    assert.deepEqual(parseFrames(server.received()).map(describeFrame), ["close 1001"]);
    await server.stop();
  });

  test("tells its observer of its frames and its end, under a number that no other client of his has", async () => {
    const told: unknown[] = [];
    const trace: ClientTraceOptions = {
      tell: (event) => void told.push([event.kind, "connection" in event && event.connection]),
    };
    for (let i = 0; i < 2; i++) {
      const server = await startRawServer((accept) => switching(accept));
      const here = signal<CloseStatus>();
      const connection = await connect(`ws://127.0.0.1:${server.port}`, { trace, closed: here.resolve });
      connection.send("hi");
      await setImmediate();
      connection.destroy();
      await here.promise;
      await server.stop();
    }
    assert.deepEqual(told, [["frame", 1], ["end", 1], ["frame", 2], ["end", 2]]);
  });

  test("is asked for nothing when its observer is none", async () => {
    const server = await startRawServer((accept) => switching(accept));
    const trace = {} as ClientTraceOptions;
    await assert.rejects(connect(`ws://127.0.0.1:${server.port}`, { trace }), { code: "invalid_argument" });
    assert.equal(server.received().length, 0);
    await server.stop();
  });
});
