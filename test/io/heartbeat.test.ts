import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { Heartbeat, type HeartbeatLimits } from "../../src/io/heartbeat.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { type ConnectionUnderTest, startConnection } from "../support/server_connection.ts";

const INTERVAL_MS = 1_024;
/** A tick of the wheel: 1,024 / 64 ms. */
const TICK_MS = 16;
const LIMITS = { heartbeatMs: INTERVAL_MS, pongTimeoutMs: 512, idleTimeoutMs: 1_000_000 };

function startHeart(options: ConnectionUnderTest = {}, limits: Partial<HeartbeatLimits> = {}) {
  const made = startConnection(options);
  const beats = new ManualClock();
  const heartbeat = new Heartbeat(beats, { ...LIMITS, ...limits });
  heartbeat.add(made.connection);
  return { ...made, heartbeat, beats };
}

describe("Heartbeat", () => {
  test("asks a silent peer after an interval of silence, and gives it up with 3008 when no pong comes", async () => {
    const { beats, connection, said } = startHeart();
    beats.advance(2 * INTERVAL_MS - 1);
    assert.deepEqual(await said(), []);
    beats.advance(1);
    assert.deepEqual(await said(), ["ping"]);
    beats.advance(LIMITS.pongTimeoutMs - 1);
    assert.equal(connection.open, true);
    beats.advance(1);
    assert.deepEqual(await said(), ["ping", "close 3008 No answer to a ping"]);
    beats.advance(5 * INTERVAL_MS);
    assert.equal((await said()).length, 2, "it is said once");
  });

  const signs: Readonly<Record<string, Buffer>> = {
    "a pong": clientFrame(10, ""),
    "a message": text("x"),
    "a ping": clientFrame(9, ""),
    "one byte of a frame": Buffer.of(0x81),
  };
  for (const [name, bytes] of Object.entries(signs)) {
    test(`keeps a peer that answers with ${name}`, async () => {
      const { beats, connection, peer, settle, said } = startHeart();
      beats.advance(2 * INTERVAL_MS);
      await settle();
      peer.write(bytes);
      await settle();
      // The look at which a pong was due, and the next.
      beats.advance(LIMITS.pongTimeoutMs + INTERVAL_MS);
      assert.equal(connection.open, true);
      assert.equal((await said()).filter((line) => line === "ping").length, 2);
    });
  }

  test("has its answer counted against no limit, and nothing else", async () => {
    const { beats, connection, peer, settle } = startHeart({ limits: { maxControlFramesPerSecond: 1 } });
    for (const silenceMs of [2 * INTERVAL_MS, LIMITS.pongTimeoutMs + INTERVAL_MS]) {
      beats.advance(silenceMs);
      await settle();
      // Its own clock stands still: all of it comes in the same second.
      peer.write(clientFrame(10, ""));
      await settle();
      assert.equal(connection.open, true);
    }
    peer.write(clientFrame(10, ""));
    await settle();
    assert.equal(connection.open, true);
    peer.write(clientFrame(10, ""));
    await settle();
    assert.equal(connection.open, false);
  });

  test("asks nothing of a peer that speaks by itself", async () => {
    const { beats, peer, said, settle } = startHeart();
    for (let i = 0; i < 10; i++) {
      peer.write(text("x"));
      await settle();
      beats.advance(INTERVAL_MS);
    }
    assert.deepEqual(await said(), []);
  });

  test("does not give up a peer whose handler is at work, and asks again once it is done", async () => {
    const work = signal();
    const { beats, connection, peer, said, settle } = startHeart({ text: () => work.promise });
    peer.write(text("x"));
    await settle();
    beats.advance(20 * INTERVAL_MS);
    // Asked, as that shows whether the peer is still there; but its silence is not held against it.
    assert.deepEqual(await said(), Array(20).fill("ping"));
    work.resolve();
    await settle();
    beats.advance(2 * INTERVAL_MS);
    assert.deepEqual(await said(), Array(21).fill("ping"));
    assert.equal(connection.open, true);
    beats.advance(INTERVAL_MS);
    assert.equal(connection.open, false);
  });

  test("gives up a peer that reads nothing", async () => {
    const { beats, clock, connection, settle, socket } = startHeart();
    socket.stall();
    connection.send(Buffer.alloc(300_000));
    await settle();
    beats.advance(3 * INTERVAL_MS);
    assert.equal(connection.open, false);
    clock.advance(3_000);
    assert.equal(socket.destroyed, true);
  });

  test("keeps a peer that takes a long message bit by bit, until it stops", async () => {
    const { beats, connection, settle, socket } = startHeart();
    socket.stall();
    const handle = { writeQueueSize: 300_000 };
    Object.assign(socket, { _handle: handle });
    connection.send(Buffer.alloc(300_000));
    await settle();
    for (let i = 0; i < 20; i++) {
      handle.writeQueueSize -= 5_000;
      beats.advance(INTERVAL_MS);
      assert.equal(connection.open, true);
    }
    beats.advance(3 * INTERVAL_MS);
    assert.equal(connection.open, false);
  });

  test("lets a connection that is closing be", async () => {
    const { beats, connection, peer, said } = startHeart();
    connection.close(1000);
    beats.advance(10 * INTERVAL_MS);
    assert.deepEqual(await said(), ["close 1000"]);
    peer.write(close(1000));
    assert.deepEqual(await said(), ["close 1000"]);
  });

  test("gives up a connection on which nothing is said, though it answers pings", async () => {
    const idleTimeoutMs = 10 * INTERVAL_MS;
    const { beats, connection, peer, said, settle } = startHeart({}, { idleTimeoutMs });
    const live = async (ms: number) => {
      for (let i = 0; i < ms; i += TICK_MS) {
        peer.write(clientFrame(10, ""));
        await settle();
        beats.advance(TICK_MS);
      }
    };
    peer.write(text("x"));
    await live(idleTimeoutMs);
    assert.equal(connection.open, true);
    await live(INTERVAL_MS);
    assert.deepEqual((await said()).at(-1), "close 3008 Nothing was said for too long");
  });

  for (const pongTimeoutMs of [TICK_MS, 512, INTERVAL_MS]) {
    test(`gives up none before its idle time is over that answers each ping, due in ${pongTimeoutMs} ms`, async () => {
      const idleTimeoutMs = 10 * INTERVAL_MS;
      const { beats, connection, peer, settle, said } = startHeart({}, { idleTimeoutMs, pongTimeoutMs });
      let pings = 0;
      const live = async (ms: number) => {
        for (let i = 0; i < ms && connection.open; i += TICK_MS) {
          beats.advance(TICK_MS);
          const asked = (await said()).filter((line) => line === "ping").length;
          if (asked > pings) peer.write(clientFrame(10, ""));
          pings = asked;
          await settle();
        }
      };
      await live(idleTimeoutMs - TICK_MS);
      assert.equal(connection.open, true);
      await live(TICK_MS + 2 * INTERVAL_MS);
      assert.equal((await said()).at(-1), "close 3008 Nothing was said for too long");
    });
  }

  test("keeps a connection on which a message goes now and then, in either direction", async () => {
    const { beats, connection, peer, settle } = startHeart({}, { idleTimeoutMs: 2 * INTERVAL_MS });
    for (let i = 0; i < 10; i++) {
      if (i % 2 === 0) connection.send("x");
      else peer.write(text("x"));
      await settle();
      peer.write(clientFrame(10, ""));
      await settle();
      beats.advance(INTERVAL_MS);
    }
    assert.equal(connection.open, true);
  });

  test("looks as often as the idle time asks, where that is the shorter", () => {
    const { beats, connection } = startHeart({}, { idleTimeoutMs: 100 });
    beats.advance(200 + 2 * TICK_MS);
    assert.equal(connection.open, false);
  });

  test("has one timer for all connections, and none without any", () => {
    const beats = new ManualClock();
    const heartbeat = new Heartbeat(beats, LIMITS);
    const [first, second] = [startConnection().connection, startConnection().connection];
    assert.equal(beats.pending, 0);
    heartbeat.add(first);
    heartbeat.add(second);
    assert.equal(beats.pending, 1);
    assert.equal(heartbeat.connections.size, 2);
    heartbeat.remove(first);
    heartbeat.remove(first);
    assert.equal(beats.pending, 1);
    heartbeat.remove(second);
    assert.equal(beats.pending, 0);
    heartbeat.add(first);
    assert.equal(beats.pending, 1);
  });
});
