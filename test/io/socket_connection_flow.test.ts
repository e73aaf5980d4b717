import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import { SocketConnection } from "../../src/io/socket_connection.ts";
import { resolveLimits } from "../../src/base/limits.ts";
import { type SharedMessage, shareMessage } from "../../src/protocol/shared_message.ts";
import { frameTo } from "../support/frames.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemorySocket } from "../support/memory_socket.ts";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { NOTHING_AGREED, startConnection } from "../support/server_connection.ts";

const KIB = 1_024;
const large = Buffer.alloc(300 * KIB);
const maskingKey = () => Buffer.from([1, 2, 3, 4]);

describe("SocketConnection, closed while its peer does not read,", () => {
  test("delivers what was queued, and then the Close frame, once the peer reads", async () => {
    const { connection, frames, peer, closed, settle, socket } = startConnection();
    socket.stall();
    connection.send(large);
    await settle();
    // Enough to be flushed within the turn, if it were not kept back.
    for (let i = 0; i < 3; i++) connection.send(Buffer.alloc(40 * KIB, i));
    connection.close(4000, "bye");
    await settle();
    socket.release();
    const said = (await frames()).map(({ opcode, payload }) => [opcode, payload.length]);
    assert.deepEqual(said, [[2, 300 * KIB], [2, 40 * KIB], [2, 40 * KIB], [2, 40 * KIB], [8, 5]]);
    peer.write(close(4000));
    await settle();
    assert.deepEqual(closed.map(({ code, by }) => [code, by]), [[4000, "local"]]);
  });

  test("gives it the time again whenever it has taken something, and not when it has not", async () => {
    const { clock, connection, settle, socket } = startConnection({ limits: { closeTimeoutMs: 1_000 } });
    socket.stall();
    connection.send(large);
    await settle();
    connection.send(large);
    connection.close(4000);
    clock.advance(600);
    socket.release();
    socket.stall();
    await settle();
    clock.advance(400);
    assert.equal(socket.destroyed, false, "the first part was taken");
    clock.advance(999);
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    assert.equal(socket.destroyed, true, "the second was not");
  });
});

describe("SocketConnection tells that what was kept back has left", () => {
  for (const role of ["server", "client"] as const) {
    test(`on the ${role}'s side`, async () => {
      let drained = 0;
      const { connection, settle, socket } = startConnection({
        role,
        maskingKey,
        drained: () => void drained++,
      });
      connection.send("short");
      await settle();
      socket.stall();
      connection.send(large);
      await settle();
      assert.equal(drained, 0);
      socket.release();
      await settle();
      assert.equal(drained, 1);
    });
  }
});

test("SocketConnection of a client reads on while its peer does not, or two of them would wait for each other", async () => {
  const got: string[] = [];
  const { connection, peer, settle, socket } = startConnection({
    role: "client",
    maskingKey,
    text: (message) => void got.push(message),
  });
  socket.stall();
  connection.send(large);
  await settle();
  peer.write(shareMessage("read").frame.bytes);
  await settle();
  assert.deepEqual(got, ["read"]);
});

const invalid = (code: string) => (error: unknown) => error instanceof PortcullisError && error.code === code;

test("SocketConnection.send() throws for what is neither text nor bytes, and goes on unharmed", async () => {
  const { connection, said } = startConnection();
  connection.send("before");
  // What JavaScript lets through.
  for (const data of [new ArrayBuffer(8), new DataView(new ArrayBuffer(8)), 42, {}, null, undefined]) {
    assert.throws(() => connection.send(data as string), invalid("invalid_argument"));
    assert.throws(() => connection.ping((data ?? 1) as Uint8Array), invalid("invalid_argument"));
    assert.throws(() => connection.sendShared(data as SharedMessage), invalid("invalid_argument"));
  }
  connection.send("after");
  assert.equal((await said()).length, 2);
});

test("SocketConnection.sendShared() throws on a client, which masks each frame with a key of its own", () => {
  const { connection } = startConnection({ role: "client", maskingKey });
  assert.throws(() => connection.sendShared(shareMessage("x")), invalid("invalid_state"));
});

test("SocketConnection waits for a promise of any make", async () => {
  const order: string[] = [];
  const resolve: ((value: unknown) => void)[] = [];
  const thenable = (name: string) => ({
    // A promise of another make is what is tested here.
    then: (done: (value: unknown) => void) => {
      order.push(`start ${name}`);
      resolve.push(done);
    },
  });
  const { peer, settle } = startConnection({ text: (message) => thenable(message) });
  peer.write(Buffer.concat([text("a"), text("b")]));
  await settle();
  assert.deepEqual(order, ["start a"]);
  resolve[0]?.(undefined);
  await settle();
  assert.deepEqual(order, ["start a", "start b"]);
});

test("SocketConnection.start() tells of nothing but the end when the socket is gone already", () => {
  const [socket] = MemorySocket.pair();
  socket.on("error", () => undefined);
  const told: string[] = [];
  const clock = new ManualClock();
  const options = {
    role: "server",
    limits: resolveLimits(),
    clock,
    reportError: (error: unknown) => void error,
  } as const;
  const connection = new SocketConnection(socket, options, NOTHING_AGREED);
  connection.destroy();
  connection.start(clientFrame(1, Buffer.from("in the head")), {
    text: (message) => told.push(message),
    closed: ({ code }) => void told.push(String(code)),
  });
  assert.deepEqual(told, ["1006"]);
});

const ALONE = {
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

test("SocketConnection lets others have their turn between many compressed messages, and loses none", async () => {
  const compressed = frameTo("server", { opcode: 1, rsv: 4, payload: Buffer.from("f248cdc9c90700", "hex") });
  let told = 0;
  const { connection, peer, settle } = startConnection({
    deflate: ALONE,
    text: (message) => void (told += message === "Hello" ? 1 : 0),
  });
  connection.received(Buffer.concat(Array.from({ length: 600 }, () => compressed)));
  assert.equal(told, 256);
  await settle();
  assert.equal(told, 600);
  peer.write(compressed);
  await settle();
  assert.equal(told, 601);
});

test("SocketConnection reads on when messages are not compressed, however many there are", () => {
  let told = 0;
  const { connection } = startConnection({ text: () => void told++ });
  connection.received(Buffer.concat(Array.from({ length: 600 }, () => text("Hello"))));
  assert.equal(told, 600);
});

test("SocketConnection ends as it should when the peer's Close comes behind many compressed messages", async () => {
  const compressed = frameTo("server", { opcode: 1, rsv: 4, payload: Buffer.from("f248cdc9c90700", "hex") });
  const messages = Array.from({ length: 300 }, () => compressed);
  const { connection, said, closed } = startConnection({ deflate: ALONE, text: () => {} });
  connection.received(Buffer.concat([...messages, close(1000)]));
  assert.deepEqual(await said(), ["close 1000"]);
  assert.deepEqual(closed.map(({ code }) => code), [1000]);
});
