import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { connect } from "../../src/io/client.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { type Answer, startRawServer, switching } from "../support/server_raw.ts";

describe("connect() rejects, and gives the socket up, when the server answers with", () => {
  const refused = (status: number) => ({ name: "PortcullisError", code: "handshake_refused", status });
  const answers: Readonly<Record<string, readonly [object, Answer]>> = {
    "200": [refused(200), () => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"],
    "503 and when to try again": [
      { ...refused(503), retryAfterMs: 5_000 },
      () => "HTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n",
    ],
    "a redirect, which it does not follow": [
      refused(307),
      () => "HTTP/1.1 307 Temporary Redirect\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    ],
    "a body without end": [refused(503), () => "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n"],
    "101 without Upgrade": [refused(101), (accept) => switching(accept, { Upgrade: undefined })],
    "101 without Connection": [refused(101), (accept) => switching(accept, { Connection: undefined })],
    "another protocol": [refused(101), (accept) => switching(accept, { Upgrade: "h2c" })],
    "two protocols": [refused(101), (accept) => switching(accept, { Upgrade: "websocket, h2c" })],
    "a wrong accept": [refused(101), (accept) => switching(accept.toLowerCase())],
    "no accept": [refused(101), (accept) => switching(accept, { "Sec-WebSocket-Accept": undefined })],
    "two accepts": [refused(101), (accept) => switching(accept, { "Sec-Websocket-Accept": accept })],
    "a subprotocol that was not offered": [
      refused(101),
      (accept) => switching(accept, { "Sec-WebSocket-Protocol": "b" }),
    ],
    "two subprotocols": [refused(101), (accept) => switching(accept, { "Sec-WebSocket-Protocol": "a, a" })],
    "an extension": [
      refused(101),
      (accept) => switching(accept, { "Sec-WebSocket-Extensions": "permessage-deflate" }),
    ],
    "no HTTP": [{ code: "connect_failed" }, () => "SSH-2.0-OpenSSH_9.9\r\n\r\n"],
    "bytes outside ASCII": [{ code: "connect_failed" }, () => Buffer.of(0xff, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a)],
    "a header without end": [{ code: "connect_failed" }, () => `HTTP/1.1 101 X\r\nX: ${"a".repeat(100_000)}`],
  };
  for (const [name, [expected, answer]] of Object.entries(answers)) {
    test(name, async () => {
      const server = await startRawServer(answer);
      const clock = new ManualClock();
      await assert.rejects(
        connect(`ws://127.0.0.1:${server.port}`, { clock, subprotocols: ["a"] }),
        expected,
      );
      const socket = await server.asked;
      if (!socket.closed) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
      assert.equal(server.requests.length, 1);
      assert.equal(clock.pending, 0);
      await server.stop();
    });
  }

  test("a reset", async () => {
    const server = await startRawServer(() => undefined);
    void server.asked.then((socket) => socket.resetAndDestroy());
    await assert.rejects(connect(`ws://127.0.0.1:${server.port}`), { code: "connect_failed" });
    await server.stop();
  });

  test("nothing at all: nobody listens", async () => {
    const server = await startRawServer(() => undefined);
    await server.stop();
    await assert.rejects(connect(`ws://127.0.0.1:${server.port}`), { code: "connect_failed" });
  });
});

describe("connect() gives up", () => {
  test("when the signal was aborted before", async () => {
    const reason = new Error("changed my mind");
    const attempt = connect("ws://127.0.0.1:9", {
      signal: AbortSignal.abort(reason),
      clock: new ManualClock(),
    });
    await assert.rejects(attempt, { code: "aborted", cause: reason });
  });

  test("when the signal is aborted during the attempt", async () => {
    const server = await startRawServer(() => undefined);
    const [controller, clock] = [new AbortController(), new ManualClock()];
    const attempt = connect(`ws://127.0.0.1:${server.port}`, { signal: controller.signal, clock });
    const socket = await server.asked;
    controller.abort(new Error("enough"));
    await assert.rejects(attempt, { code: "aborted" });
    if (!socket.closed) await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    assert.equal(clock.pending, 0);
    await server.stop();
  });

  test("nothing once it has connected", async () => {
    const [controller, clock] = [new AbortController(), new ManualClock()];
    const server = await startRawServer((accept) => switching(accept));
    const connection = await connect(`ws://127.0.0.1:${server.port}`, { signal: controller.signal, clock });
    controller.abort();
    clock.advance(3_600_000);
    await setImmediate();
    assert.equal(connection.open, true);
    connection.destroy();
    await server.stop();
  });
});
