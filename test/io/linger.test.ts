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

test("endAndLinger() leaves no timer on a socket that is gone already", () => {
  const clock = new ManualClock();
  const [socket] = MemorySocket.pair();
  socket.destroy();
  endAndLinger(socket, clock, 1_000);
  assert.equal(clock.pending, 0);
});
