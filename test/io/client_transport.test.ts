import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENT_SUBPROTOCOL } from "../../src/client/carrier.ts";
import type { TransportEnd, TransportRequest } from "../../src/client/transport.ts";
import { socketTransport } from "../../src/io/client_transport.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { closePayload, serverFrame } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { type Answer, startRawServer, switching } from "../support/server_raw.ts";

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

const request = (port: number, token?: string): TransportRequest => ({
  url: `ws://127.0.0.1:${port}/ws?room=1`,
  subprotocols: [CLIENT_SUBPROTOCOL],
  token,
});

/** Accepts, and sends these frames at once. */
const accepting = (...frames: readonly Uint8Array[]): Answer => (accept) =>
  switching(accept, { "Sec-WebSocket-Protocol": CLIENT_SUBPROTOCOL }) +
  frames.map((frame) => String.fromCharCode(...frame)).join("");

const answering = (status: string, ...fields: string[]): Answer => () =>
  [`HTTP/1.1 ${status}`, "Content-Length: 0", "Connection: close", ...fields, "", ""].join("\r\n");

test("socketTransport() tells what comes, behind the opening, and with which code it ends", async () => {
  const close = serverFrame(8, closePayload(3003, "revoked"));
  const server = await startRawServer(accepting(serverFrame(1, "héllo"), serverFrame(2, [7]), close));
  const { told, events, ended } = recorder();
  socketTransport().connect(request(server.port), events);
  assert.deepEqual(await ended, { kind: "closed", code: 3003, reason: "revoked" });
  assert.deepEqual(told, ["opened", "text héllo", "binary"]);
  await server.stop();
});

test("socketTransport() shows the token in the header, with the fields that it was given", async () => {
  const server = await startRawServer(accepting());
  const { events, opened } = recorder();
  const link = socketTransport({ headers: { "X-Trace": "7" } }).connect(
    request(server.port, "a.b.c"),
    events,
  );
  assert.equal(link.send("too early"), false);
  await opened;
  const [head = ""] = server.requests;
  assert.match(head, /^GET \/ws\?room=1 HTTP\/1\.1\r\n/);
  assert.match(head, /^Authorization: Bearer a\.b\.c$/im);
  assert.match(head, /^X-Trace: 7$/im);
  assert.match(head, /^Sec-WebSocket-Protocol: portcullis\.v1$/im);
  assert.equal(link.send("hi"), true);
  link.close(1000, "");
  assert.equal(link.send("too late"), false);
  await server.stop();
});

test("socketTransport() shows no token when there is none to show", async () => {
  const server = await startRawServer(accepting());
  const { events, opened } = recorder();
  socketTransport().connect(request(server.port), events);
  await opened;
  assert.doesNotMatch(server.requests[0] ?? "", /^authorization:/im);
  await server.stop();
});

for (
  const [answer, end] of [
    [answering("401 Unauthorized"), { kind: "refused", status: 401, retryAfterMs: undefined }],
    [answering("503 Busy", "Retry-After: 5"), { kind: "refused", status: 503, retryAfterMs: 5_000 }],
    [
      answering("429 Slow", "Retry-After: Fri, 15 Jan 2027 08:00:07 GMT"),
      { kind: "refused", status: 429, retryAfterMs: 7_000 },
    ],
    [
      answering("302 Found", "Location: ws://127.0.0.1:1/"),
      { kind: "refused", status: 302, retryAfterMs: undefined },
    ],
    [
      (accept: string) => switching(accept.toLowerCase()),
      { kind: "refused", status: 101, retryAfterMs: undefined },
    ],
    [() => "SSH-2.0-OpenSSH\r\n\r\n", { kind: "unreachable" }],
  ] as const
) {
  test(`socketTransport() tells ${JSON.stringify(end)}`, async () => {
    const server = await startRawServer(answer);
    const { told, events, ended } = recorder();
    const clock = new ManualClock(Date.UTC(2027, 0, 15, 8));
    socketTransport({ clock }).connect(request(server.port, "a.b.c"), events);
    assert.deepEqual(await ended, end);
    assert.deepEqual(told, []);
    await server.stop();
  });
}

test("socketTransport() takes a server that nobody runs for unreachable, not for a refusal", async () => {
  const server = await startRawServer(() => undefined);
  await server.stop();
  const { events, ended } = recorder();
  socketTransport().connect(request(server.port, "a.b.c"), events);
  assert.deepEqual(await ended, { kind: "unreachable" });
});

test("socketTransport() gives an attempt up", async () => {
  const server = await startRawServer(() => undefined);
  const { told, events, ended } = recorder();
  const link = socketTransport().connect(request(server.port), events);
  await server.asked;
  link.close(1000, "");
  assert.deepEqual(await ended, { kind: "unreachable" });
  assert.deepEqual(told, []);
  await server.stop();
});

test("socketTransport() says that fields which cannot be sent will never work", async () => {
  const { events, ended } = recorder();
  socketTransport({ headers: { Host: "x" } }).connect(request(1), events);
  const end = await ended;
  assert.ok(end.kind === "unusable" && end.error.code === "invalid_argument");
});
