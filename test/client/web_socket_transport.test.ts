import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_SUBPROTOCOL, requestWithToken } from "../../src/client/carrier.ts";
import type { TransportEnd, TransportRequest } from "../../src/client/transport.ts";
import { webSocketTransport } from "../../src/client/web_socket_transport.ts";
import { closePayload, serverFrame } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { type Answer, startRawServer, switching } from "../support/server_raw.ts";

const noWebSocket = typeof globalThis.WebSocket === "function" ? false : "no global WebSocket here";

/** What a transport tells, in one line each, and its end. */
function recorder() {
  const told: string[] = [];
  const [opened, ended] = [signal(), signal<TransportEnd>()];
  const events = {
    opened: () => {
      told.push("opened");
      opened.resolve();
    },
    text: (text: string) => void told.push(`text ${text}`),
    binary: () => void told.push("binary"),
    closed: (end: TransportEnd) => ended.resolve(end),
  };
  return { told, events, opened: opened.promise, ended: ended.promise };
}

const plain = (port: number): TransportRequest => ({
  url: `ws://127.0.0.1:${port}/ws`,
  subprotocols: [CLIENT_SUBPROTOCOL],
  token: undefined,
});

/** Accepts, and sends these frames at once. */
const accepting = (...frames: readonly Uint8Array[]): Answer => (accept) =>
  switching(accept, { "Sec-WebSocket-Protocol": CLIENT_SUBPROTOCOL }) +
  frames.map((frame) => String.fromCharCode(...frame)).join("");

test(
  "webSocketTransport() tells what comes, and with which code it ends",
  { skip: noWebSocket },
  async () => {
    const close = serverFrame(8, closePayload(3003, "revoked"));
    const server = await startRawServer(accepting(serverFrame(1, "héllo"), serverFrame(2, [7]), close));
    const { told, events, ended } = recorder();
    webSocketTransport().connect(plain(server.port), events);
    // The server ends TCP, as RFC 6455 §7.1.1 wants it; Node's WebSocket would wait for that for ever.
    (await server.asked).end();
    assert.deepEqual(await ended, { kind: "closed", code: 3003, reason: "revoked" });
    assert.deepEqual(told, ["opened", "text héllo", "binary"]);
    await server.stop();
  },
);

test(
  "webSocketTransport() shows the token as a subprotocol, and nowhere else",
  { skip: noWebSocket },
  async () => {
    const server = await startRawServer(accepting());
    const { events, opened } = recorder();
    const request = requestWithToken(new URL(`ws://127.0.0.1:${server.port}/ws`), "subprotocol", "a.b.c");
    webSocketTransport().connect(request, events);
    await opened;
    const [head = ""] = server.requests;
    assert.match(head, /^sec-websocket-protocol: portcullis\.v1, ?base64url\.bearer\.\S+\.YS5iLmM$/im);
    assert.doesNotMatch(head, /a\.b\.c|^authorization:/im);
    await server.stop();
  },
);

test(
  "webSocketTransport() sends only while it is open, and closes politely",
  { skip: noWebSocket },
  async () => {
    const server = await startRawServer(accepting());
    const { events, opened } = recorder();
    const link = webSocketTransport().connect(plain(server.port), events);
    assert.equal(link.send("too early"), false);
    await opened;
    assert.equal(link.send("hi"), true);
    link.close(1000, "");
    assert.equal(link.send("too late"), false);
    await server.stop();
  },
);

test(
  "webSocketTransport() tells 1006 when TCP ends without a Close frame",
  { skip: noWebSocket },
  async () => {
    const server = await startRawServer(accepting());
    const { events, opened, ended } = recorder();
    webSocketTransport().connect(plain(server.port), events);
    await opened;
    (await server.asked).destroy();
    assert.deepEqual(await ended, { kind: "closed", code: 1006, reason: "" });
    await server.stop();
  },
);

for (
  const [what, answer] of [
    ["refused", () => "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"],
    ["answered by something else", () => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  ] as const
) {
  test(
    `webSocketTransport() cannot tell why an upgrade failed that was ${what}`,
    { skip: noWebSocket },
    async () => {
      const server = await startRawServer(answer);
      const { told, events, ended } = recorder();
      webSocketTransport().connect(plain(server.port), events);
      assert.deepEqual(await ended, { kind: "unclear" });
      assert.deepEqual(told, []);
      await server.stop();
    },
  );
}

test("webSocketTransport() cannot tell either when nobody listens", { skip: noWebSocket }, async () => {
  const server = await startRawServer(() => undefined);
  await server.stop();
  const { events, ended } = recorder();
  webSocketTransport().connect(plain(server.port), events);
  assert.deepEqual(await ended, { kind: "unclear" });
});

test("webSocketTransport() gives an attempt up", { skip: noWebSocket }, async () => {
  const server = await startRawServer(() => undefined);
  const { told, events, ended } = recorder();
  const link = webSocketTransport().connect(plain(server.port), events);
  await server.asked;
  link.close(1000, "");
  assert.deepEqual(await ended, { kind: "unclear" });
  assert.deepEqual(told, []);
  await server.stop();
});

test(
  "webSocketTransport() says what the runtime refuses, without the token in it",
  { skip: noWebSocket },
  async () => {
    const { events, ended } = recorder();
    const link = webSocketTransport().connect({ ...plain(1), subprotocols: ["secret token"] }, events);
    assert.equal(link.send("hi"), false);
    link.close(1000, "");
    const end = await ended;
    assert.ok(end.kind === "unusable" && end.error.code === "invalid_argument");
    assert.doesNotMatch(`${end.error.message} ${String(end.error.cause)}`, /secret/);
  },
);

/** How an attempt ends in a runtime whose `WebSocket` is this. */
async function endWith(webSocket: unknown): Promise<TransportEnd> {
  const kept = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
  Object.defineProperty(globalThis, "WebSocket", { configurable: true, value: webSocket });
  const { events, ended } = recorder();
  webSocketTransport().connect({ ...plain(1), subprotocols: ["secret"] }, events);
  if (kept === undefined) Reflect.deleteProperty(globalThis, "WebSocket");
  else Object.defineProperty(globalThis, "WebSocket", kept);
  return await ended;
}

test("webSocketTransport() repeats no subprotocol that the runtime quotes, as browsers do", async () => {
  const end = await endWith(
    class {
      constructor(_url: string, [subprotocol]: readonly string[]) {
        throw new SyntaxError(`The subprotocol '${subprotocol}' is invalid.`);
      }
    },
  );
  assert.ok(end.kind === "unusable" && end.error.code === "invalid_argument");
  assert.match(end.error.message, /SyntaxError/);
  assert.doesNotMatch(`${end.error.stack} ${String(end.error.cause)}`, /secret/);
});

test("webSocketTransport() says so where there is no WebSocket", async () => {
  const end = await endWith(undefined);
  assert.ok(end.kind === "unusable" && end.error.code === "unsupported");
});
