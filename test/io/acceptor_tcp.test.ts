import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Connection } from "../../src/io/connection.ts";
import { clientFrame, closePayload, text } from "../support/raw_http_frames.ts";
import { assertNothingLeft, signal, startAcceptor } from "../support/server.ts";

describe("Over TCP", () => {
  const violations: Readonly<Record<string, readonly [Buffer, string]>> = {
    "no mask": [clientFrame(1, "x", { key: undefined }), "close 1002 Frames from a client must be masked"],
    "UTF-8": [clientFrame(1, [0xc0]), "close 1007 Text is not valid UTF-8"],
    "size": [Buffer.of(0x82, 0xff, 0, 0, 0, 0, 0xff, 0, 0, 0, 1, 2, 3, 4), "close 1009 Message is too big"],
    "close code": [clientFrame(8, closePayload(1005)), "close 1002 Invalid status code in a Close frame"],
  };
  for (const [name, [bytes, answer]] of Object.entries(violations)) {
    test(`a violation (${name}) gets its Close frame whole and then FIN, though more is on its way`, async () => {
      const target = await startAcceptor();
      const client = await target.enter();
      client.write(Buffer.concat([bytes, Buffer.alloc(300_000, 1)]));
      assert.equal(await client.said(), answer);
      const { how, rest } = await client.finished;
      assert.deepEqual([how, rest.length], ["end", 0]);
      await assertNothingLeft(target);
      await target.stop();
    });
  }

  test("FIN without a Close ends the connection with 1006", async () => {
    const ended = signal<number>();
    const target = await startAcceptor({ events: { closed: ({ code }) => ended.resolve(code) } });
    const client = await target.enter();
    client.end();
    assert.equal(await ended.promise, 1006);
    assert.equal((await client.finished).how, "end");
    await assertNothingLeft(target);
    await target.stop();
  });

  test("messages before a FIN are all handled, in order, although each takes its time", async () => {
    const got: string[] = [];
    const ended = signal();
    const target = await startAcceptor({
      events: {
        text: async (message) => {
          await setImmediate();
          got.push(message);
        },
        closed: () => ended.resolve(),
      },
    });
    const client = await target.enter();
    client.write(Buffer.concat(["a", "b", "c"].map(text)));
    client.end();
    await ended.promise;
    assert.deepEqual(got, ["a", "b", "c"]);
    await target.stop();
  });

  test("a peer that sends and never reads is no longer read, and costs a bounded queue", async () => {
    let connection: Connection | undefined;
    let handled = 0;
    const target = await startAcceptor({
      connected: (made) => {
        connection = made;
        return {
          message: (data, kind) => {
            handled++;
            made.send(data, kind);
          },
        };
      },
    });
    const client = await target.enter();
    client.socket.pause();
    const held = new Promise<void>((resolve) => target.sockets[0]?.once("pause", resolve));
    const frame = clientFrame(2, Buffer.alloc(64 * 1_024));
    for (let i = 0; i < 1_000; i++) client.write(frame);
    await held;
    const handledWhenHeld = handled;
    assert.ok(handledWhenHeld < 1_000);
    assert.ok((connection?.queuedBytes ?? Infinity) < 1_048_576);
    await setImmediate();
    assert.equal(handled, handledWhenHeld);
    client.reset();
    assert.equal(connection?.open, true, "nobody reads, so nobody knows");
    await target.stop();
  });

  test("a peer that is sent more than it reads is given up with 1013", async () => {
    let connection: Connection | undefined;
    const target = await startAcceptor({
      limits: { maxQueuedBytes: 2_000_000 },
      connected: (made) => (connection = made, {}),
    });
    const client = await target.enter();
    client.socket.pause();
    const bytes = Buffer.alloc(500_000);
    while (connection?.send(bytes) === true) await setImmediate();
    assert.equal(connection?.open, false);
    assert.ok((connection?.queuedBytes ?? Infinity) < 3_000_000);
    target.clock.advance(3_000);
    await assertNothingLeft(target);
    client.socket.destroy();
    await target.stop();
  });
});
