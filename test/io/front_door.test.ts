import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createServer, type Server, type ServerOptions } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { after, describe, test } from "node:test";
import { Acceptor } from "../../src/io/acceptor.ts";
import { putFrontDoor } from "../../src/io/front_door.ts";
import { readRequestHead } from "../../src/protocol/request_head.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { closed } from "../support/server.ts";

const servers: Server[] = [];
after(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** An echo behind a front door; other requests are answered with 204. */
async function openDoor(options: ServerOptions = {}) {
  const clock = new ManualClock();
  let seenByHttp = 0;
  const server = createServer(options, (_request, response) => {
    seenByHttp++;
    response.writeHead(204).end();
  });
  servers.push(server);
  const acceptor = new Acceptor({
    insecureAllowAnonymous: true,
    clock: new ManualClock(),
    connected: () => ({ text: (message, connection) => void connection.send(message) }),
  });
  acceptor.attach(server);
  const door = putFrontDoor(acceptor, server, { clock, limits: { handshakeTimeoutMs: 1_000 } });
  server.on("upgrade", () => seenByHttp++);
  const accepted: Socket[] = [];
  server.on("connection", (socket: Socket) => accepted.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { clock, door, port, accepted, server, seenByHttp: () => seenByHttp };
}

test("putFrontDoor() answers an upgrade, and the frames behind it, without node:http", async () => {
  const { port, seenByHttp } = await openDoor();
  const client = await RawClient.open(port);
  client.write(Buffer.concat([Buffer.from(handshake()), text("at once")]));
  assert.equal((await client.response()).status, 101);
  assert.equal(await client.said(), 'text "at once"');
  client.write(text("later"));
  assert.equal(await client.said(), 'text "later"');
  assert.equal(seenByHttp(), 0);
  client.socket.destroy();
});

test("putFrontDoor() hands an ordinary request over, and an upgrade behind it on the same connection", async () => {
  const { port, seenByHttp } = await openDoor();
  const client = await RawClient.open(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const { status, fields } = await client.response();
  assert.deepEqual([status, seenByHttp()], [204, 1]);
  assert.equal(fields["connection"], "keep-alive");
  client.write(handshake());
  assert.equal((await client.response()).status, 101);
  client.write(text("through http"));
  assert.equal(await client.said(), 'text "through http"');
  client.socket.destroy();
});

test("putFrontDoor() hands a handshake over that comes in two pieces, wherever it is cut", async () => {
  const { port } = await openDoor();
  const request = Buffer.from(handshake());
  for (const cut of [1, 10, 40, request.length - 3, request.length - 1]) {
    const client = await RawClient.open(port);
    client.write(request.subarray(0, cut));
    await new Promise((resolve) => setImmediate(resolve));
    client.write(request.subarray(cut));
    assert.equal((await client.response()).status, 101);
    client.socket.destroy();
  }
});

test("putFrontDoor() cuts off who says nothing, after once to twice the time, and nobody else", async () => {
  const { port, clock, accepted } = await openDoor();
  const silent = await RawClient.open(port);
  while (accepted.length < 1) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(999);
  const late = await RawClient.open(port);
  while (accepted.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const spoke = await RawClient.open(port);
  spoke.write(handshake());
  await spoke.response();
  clock.advance(1);
  assert.ok(accepted.every((socket) => !socket.destroyed));
  clock.advance(1_000);
  await closed(accepted[0]);
  await silent.finished;
  // Who came in the middle has been here for less than twice the time, but was there when they were looked through.
  await late.finished;
  spoke.write(text("still here"));
  assert.equal(await spoke.said(), 'text "still here"');
  spoke.socket.destroy();
  clock.advance(1_000);
  assert.equal(clock.pending, 0);
});

test("putFrontDoor() forgets who leaves without a word", async () => {
  const { port, accepted, clock } = await openDoor();
  const [ending, resetting] = [await RawClient.open(port), await RawClient.open(port)];
  while (accepted.length < 2) await new Promise((resolve) => setImmediate(resolve));
  ending.socket.end();
  resetting.socket.resetAndDestroy();
  await Promise.all(accepted.map(closed));
  clock.advance(3_000);
  assert.equal(clock.pending, 0);
});

test("putFrontDoor() forgets who says nothing, also when somebody took the listeners off", async () => {
  const { port, accepted, clock, server } = await openDoor();
  server.prependListener(
    "connection",
    (socket: Socket) => setImmediate(() => socket.removeAllListeners("close")),
  );
  const silent = await RawClient.open(port);
  while (accepted.length < 1) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(2_000);
  await silent.finished;
  assert.equal(clock.pending, 0);
});

test("putFrontDoor() leaves the timeouts of node:http for those who are slow with their request", async () => {
  const { port } = await openDoor({
    headersTimeout: 50,
    requestTimeout: 60,
    connectionsCheckingInterval: 20,
  });
  const client = await RawClient.open(port);
  client.write("G");
  const { rest } = await client.finished;
  assert.match(rest.toString(), /^HTTP\/1\.1 408/);
});

test("putFrontDoor() lets server.close() end what is idle", async () => {
  const { port, server } = await openDoor();
  const client = await RawClient.open(port);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await client.response();
  await new Promise((resolve) => server.close(resolve));
  await client.finished;
});

test("putFrontDoor() wants a gate that is attached, and nobody else for upgrades", () => {
  const gate = { handleUpgrade: () => undefined };
  const server = createServer();
  const refused = { name: "PortcullisError", code: "invalid_argument" };
  assert.throws(() => putFrontDoor(gate, server), refused);
  server.on("upgrade", () => undefined);
  putFrontDoor(gate, server);
  server.on("upgrade", () => undefined);
  assert.throws(() => putFrontDoor(gate, server), refused);
});

test("putFrontDoor() tells other listeners of every connection, who may end it", async () => {
  const { port, accepted, server } = await openDoor();
  server.on("connection", (socket: Socket) => socket.destroy());
  const client = await RawClient.open(port);
  client.write(handshake());
  await client.finished;
  assert.equal(accepted.length, 1);
});

test("putFrontDoor() does not read on from who does not take what he was sent at once", async () => {
  const server = createServer();
  servers.push(server);
  let received = 0;
  const acceptor = new Acceptor({
    insecureAllowAnonymous: true,
    clock: new ManualClock(),
    limits: { maxQueuedBytes: 64 * 1024 * 1024 },
    connected: (connection) => {
      for (let n = 0; n < 32; n++) connection.send(Buffer.alloc(1024 * 1024));
      return { message: () => void received++ };
    },
  });
  acceptor.attach(server);
  putFrontDoor(acceptor, server);
  let accepted: Socket | undefined;
  server.on("connection", (socket: Socket) => accepted = socket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const client = await RawClient.open((server.address() as AddressInfo).port);
  client.socket.pause();
  client.write(handshake());
  while (acceptor.size === 0) await new Promise((resolve) => setImmediate(resolve));
  client.write(Buffer.concat(Array.from({ length: 1_000 }, () => clientFrame(2, Buffer.alloc(10_000)))));
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(received, 0);
  // What the socket's own buffer takes before it stops, and no more.
  assert.ok((accepted as unknown as Socket).bytesRead < 1_000_000, String(accepted?.bytesRead));
  client.socket.destroy();
});

test("FrontDoor.closeSilent() cuts off who has said nothing yet, and nobody else", async () => {
  const { accepted, door, port } = await openDoor();
  const [silent, open] = [await RawClient.open(port), await RawClient.open(port)];
  open.write(handshake());
  assert.equal((await open.response()).status, 101);
  assert.equal(accepted.length, 2);
  door.closeSilent();
  await silent.finished;
  open.write(text("x"));
  assert.equal(await open.said(), 'text "x"');
  open.socket.destroy();
});

const more = (lines: string) => handshake().replace("\r\n\r\n", `\r\n${lines}\r\n\r\n`);

/** Heads on which parsers disagree, and what becomes of each. */
const ODD: readonly (readonly [by: "taken" | "left", head: string])[] = [
  ["taken", handshake()],
  ["taken", more("X-Odd: \t a \t")],
  ["taken", more("X-Odd: a:b, c")],
  ["taken", more("X-Odd:")],
  ["taken", handshake({ fields: { Connection: "keep-alive, Upgrade" } })],
  ["taken", handshake({ fields: { Upgrade: "WebSocket" } })],
  ["taken", handshake({ line: "GET /a?b=%20;c HTTP/1.1" })],
  ["taken", handshake({ line: "GET http://a/b HTTP/1.1" })],
  ["taken", more("X: y\r\nX: z")],
  ["left", more("Content-Length: 0")],
  ["left", more("Content-Length: 0\r\nContent-Length: 0")],
  ["left", more("Transfer-Encoding: chunked")],
  ["left", more("X: \x7f")],
  ["left", more("X : y")],
  ["left", more("X: y\r\n z")],
  ["left", more("X: y\rZ")],
  ["left", more("X: y\nZ: z")],
  ["left", more("X")],
];

describe("readRequestHead() takes nothing that node:http does not, and reads it the same", () => {
  for (const [index, [by, head]] of ODD.entries()) {
    test(`head ${index} is ${by}`, async () => {
      const ours = readRequestHead(Buffer.from(head, "latin1"))?.request;
      assert.equal(ours === undefined ? "left" : "taken", by);
      if (ours === undefined) return;
      const server = createServer();
      const theirs = new Promise<unknown>((resolve) => {
        server.on("upgrade", ({ method, url, httpVersion, rawHeaders }, socket) => {
          resolve({ method, url, httpVersion, rawHeaders });
          socket.destroy();
        });
        server.on("clientError", (error, socket) => {
          resolve(error.message);
          socket.destroy();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const client = await RawClient.open((server.address() as AddressInfo).port);
      client.write(Buffer.from(head, "latin1"));
      assert.deepEqual(await theirs, { ...ours });
      client.socket.destroy();
      server.close();
    });
  }
});
