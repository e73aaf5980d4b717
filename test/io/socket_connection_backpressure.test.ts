import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { startConnection } from "../support/server_connection.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";

const KIB = 1_024;
const large = Buffer.alloc(300 * KIB);

describe("SocketConnection, while its peer does not read,", () => {
  test("reads no more either, and goes on when the peer does", async () => {
    const got: string[] = [];
    const { connection, peer, said, settle, socket } = startConnection({
      text: (message) => void got.push(message),
    });
    socket.stall();
    connection.send(large);
    await settle();
    assert.equal(socket.isPaused(), true);
    peer.write(text("a"));
    peer.write(text("b"));
    await settle();
    assert.deepEqual(got, []);
    socket.release();
    await said();
    assert.deepEqual(got, ["a", "b"]);
    assert.equal(socket.isPaused(), false);
    assert.equal(connection.queuedBytes, 0);
  });

  test("reads on below the mark at which it counts as congested", async () => {
    const got: string[] = [];
    const { connection, peer, settle, socket } = startConnection({
      text: (message) => void got.push(message),
    });
    socket.stall();
    connection.send(Buffer.alloc(200 * KIB));
    peer.write(text("a"));
    await settle();
    assert.deepEqual(got, ["a"]);
  });

  test("is congested with half of what may wait for it, however little that is", async () => {
    const { connection, settle, socket } = startConnection({ limits: { maxQueuedBytes: 128 * KIB } });
    socket.stall();
    connection.send(Buffer.alloc(60 * KIB));
    await settle();
    assert.equal(connection.congested, false);
    connection.send(Buffer.alloc(6 * KIB));
    await settle();
    assert.deepEqual([connection.congested, connection.open], [true, true]);
  });

  test("echoes no more of a flood than the mark, whatever came in one chunk", async () => {
    let calls = 0;
    const message = (data: Uint8Array, _kind: unknown, connection: { send(data: Uint8Array): boolean }) => {
      calls++;
      connection.send(data);
    };
    const { connection, frames, peer, settle, socket } = startConnection({ message });
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => clientFrame(2, Buffer.alloc(KIB))));
    socket.stall();
    peer.write(flood);
    await settle();
    const heldAt = calls;
    assert.ok(connection.queuedBytes < 400 * KIB, `${connection.queuedBytes} bytes wait`);
    peer.write(flood);
    await settle();
    assert.equal(calls, heldAt, "nothing more is handled");
    socket.release();
    // Congested again and again: each release lets some more through.
    for (let i = 0; i < 20; i++) await settle();
    assert.equal((await frames()).length, 2_000);
    assert.equal(connection.queuedBytes, 0);
  });

  test("is closed with 1013 beyond maxQueuedBytes, and queues nothing after that", async () => {
    const { clock, closed, connection, settle, socket } = startConnection({
      limits: { maxQueuedBytes: 1_000 * KIB, closeTimeoutMs: 500 },
    });
    socket.stall();
    const message = shareMessage("x".repeat(10 * KIB));
    const { length } = message.frame;
    let accepted = 0;
    while (connection.sendShared(message)) if (++accepted % 10 === 0) await settle();
    assert.equal(accepted, Math.floor(1_000 * KIB / length) + 1);
    await settle();
    const queued = connection.queuedBytes;
    assert.ok(queued <= 1_000 * KIB + 2 * length);
    for (let i = 0; i < 100; i++) assert.equal(connection.send("more"), false);
    assert.equal(connection.queuedBytes, queued);
    assert.equal(connection.open, false);
    clock.advance(500);
    await settle();
    assert.equal(socket.destroyed, true);
    assert.deepEqual(closed.map(({ by, code }) => [by, code]), [["transport", 1006]]);
    assert.equal(clock.pending, 0);
  });

  test("is told 1013 when it reads in time", async () => {
    const { connection, closed, peer, said, settle, socket } = startConnection({
      limits: { maxQueuedBytes: 1_024 },
    });
    socket.stall();
    connection.send("x".repeat(2_000));
    assert.equal(connection.send("one too many"), false);
    await settle();
    socket.release();
    assert.deepEqual((await said()).slice(1), ["close 1013 Reads too slowly"]);
    peer.write(close(1013));
    await settle();
    assert.deepEqual(closed.map(({ by, code }) => [by, code]), [["local", 1013]]);
  });

  test("is closed only for what it does not take, however much is said in one turn", async () => {
    const { connection, frames } = startConnection({ limits: { maxQueuedBytes: 1_024 } });
    for (let sent = 0; sent < 100; sent++) assert.equal(connection.send("x".repeat(100)), true);
    assert.equal((await frames()).length, 100);
    assert.equal(connection.open, true);
  });

  test("is not closed by one message larger than maxQueuedBytes", async () => {
    const { connection, frames } = startConnection({ limits: { maxQueuedBytes: 1_024 } });
    assert.equal(connection.send(large), true);
    assert.equal((await frames())[0]?.payload.length, large.length);
    assert.equal(connection.send("next"), true);
  });

  test("is answered no more pings than the mark allows, and every one once it reads", async () => {
    const { connection, peer, said, settle, socket } = startConnection();
    const ping = clientFrame(9, Buffer.alloc(125));
    socket.stall();
    for (let i = 0; i < 100; i++) peer.write(Buffer.concat(Array<Buffer>(100).fill(ping)));
    await settle();
    assert.ok(connection.queuedBytes < 400 * KIB, `${connection.queuedBytes} bytes wait`);
    socket.release();
    for (let i = 0; i < 20; i++) await settle();
    assert.equal((await said()).length, 10_000);
  });

  test("resets, and everything that waited is let go", async () => {
    const { clock, closed, connection, ended, peer, settle, socket } = startConnection();
    socket.stall();
    connection.send(large);
    await settle();
    connection.send("waits in the buffer");
    peer.destroy();
    await settle();
    assert.equal(connection.queuedBytes, socket.writableLength, "what the connection itself held");
    assert.deepEqual([closed.length, ended(), clock.pending], [1, 1, 0]);
    assert.equal(connection.send("x"), false);
  });

  test("sends, and is closed for it, only once: a handler that never stops sending ends", async () => {
    const { connection, peer, settle, socket } = startConnection({
      limits: { maxQueuedBytes: 100 * KIB },
      text: (_message, connection) => {
        while (connection.send("flood".repeat(100)));
      },
    });
    socket.stall();
    peer.write(text("go"));
    await settle();
    assert.equal(connection.open, false);
    assert.ok(connection.queuedBytes < 102 * KIB);
  });
});

test("SocketConnection hears a peer's Close although it was congested, once it reads again", async () => {
  const { closed, connection, peer, said, settle, socket } = startConnection();
  socket.stall();
  connection.send(large);
  await settle();
  peer.write(close(1000));
  await settle();
  assert.equal(closed.length, 0);
  socket.release();
  assert.deepEqual((await said()).slice(1), ["close 1000"]);
  assert.deepEqual(closed.map(({ by, code }) => [by, code]), [["peer", 1000]]);
});
