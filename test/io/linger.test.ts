import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { endAndLinger } from "../../src/io/linger.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemorySocket } from "../support/memory_socket.ts";

test("endAndLinger() delivers the last words although the peer has sent much that nobody read", async () => {
  const clock = new ManualClock();
  let gone: Promise<unknown> | undefined;
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket: Socket) => {
    gone = once(socket, "close");
    socket.write("last words");
    endAndLinger(socket, clock, 1_000);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.write(Buffer.alloc(1_000_000));
  const words: Buffer[] = [];
  client.on("data", (chunk: Buffer) => words.push(chunk));
  await once(client, "end");
  assert.equal(Buffer.concat(words).toString(), "last words");
  assert.equal(clock.pending, 1);
  server.close();
  client.end();
  await gone;
  assert.equal(clock.pending, 0);
});

test("endAndLinger() cuts off at the deadline, and no earlier", async () => {
  const clock = new ManualClock();
  const [socket, peer] = MemorySocket.pair();
  peer.resume();
  endAndLinger(socket, clock, 1_000);
  await once(peer, "end");
  clock.advance(999);
  assert.equal(socket.destroyed, false);
  clock.advance(1);
  assert.equal(socket.destroyed, true);
});

test("endAndLinger() waits for a peer that takes a long write bit by bit, and not for one that stops", () => {
  const clock = new ManualClock();
  const [socket, peer] = MemorySocket.pair();
  peer.resume();
  socket.stall();
  socket.write(Buffer.alloc(1_000_000));
  const handle = { writeQueueSize: 900_000 };
  Object.assign(socket, { _handle: handle });
  endAndLinger(socket, clock, 1_000);
  for (let i = 0; i < 5; i++) {
    handle.writeQueueSize -= 20_000;
    clock.advance(1_000);
    assert.equal(socket.destroyed, false);
  }
  handle.writeQueueSize -= 1;
  clock.advance(1_000);
  assert.equal(socket.destroyed, true);
});

test("endAndLinger() leaves no timer on a socket that is gone already", () => {
  const clock = new ManualClock();
  const [socket] = MemorySocket.pair();
  socket.destroy();
  endAndLinger(socket, clock, 1_000);
  assert.equal(clock.pending, 0);
});

test("endAndLinger() lets go at once of a socket whose peer has ended, and the last words arrive", async () => {
  const clock = new ManualClock();
  let left: { destroyed: boolean; pending: number } | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    socket.resume();
    socket.on("end", () => {
      socket.write("last words");
      endAndLinger(socket, clock, 1_000);
      left = { destroyed: socket.destroyed, pending: clock.pending };
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.end("all that there is to say");
  const words: Buffer[] = [];
  client.on("data", (chunk: Buffer) => words.push(chunk));
  await once(client, "end");
  assert.equal(Buffer.concat(words).toString(), "last words");
  // Where the system has not taken them yet, as on a runtime that writes later, it waits.
  if (left?.destroyed === true) assert.equal(left.pending, 0);
  else assert.equal(left?.pending, 1);
  server.close();
  client.destroy();
});

test("endAndLinger() waits while something is queued for a peer that has ended its side", async () => {
  const clock = new ManualClock();
  const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
    server.close();
    socket.resume();
    socket.on("end", () => {
      // More than the system takes while nobody reads.
      socket.write(Buffer.alloc(16_000_000));
      assert.notEqual(socket.writableLength, 0);
      endAndLinger(socket, clock, 1_000);
      client.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.end("all that there is to say");
  let got = 0;
  client.on("data", (chunk: Buffer) => got += chunk.length);
  client.pause();
  await once(client, "close");
  assert.equal(got, 16_000_000);
});
