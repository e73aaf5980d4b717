import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  ACCEPT,
  exchange,
  handshake,
  type HandshakeShape,
  KEY,
  parseResponse,
  RawClient,
} from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { startAcceptor, type TestAcceptor } from "../support/server.ts";

/** A plain, valid handshake and a message: what an attacker would smuggle in behind a request that is refused. */
const SMUGGLED = handshake() + text("smuggled").toString("latin1");

let target: TestAcceptor;
let entered = 0;

before(async () => {
  target = await startAcceptor({
    subprotocols: ["chat"],
    connected: (connection) => {
      entered++;
      return { text: (message) => void connection.send(message) };
    },
  });
});
after(() => target.stop());

const line = (requestLine: string): HandshakeShape => ({ line: requestLine });
const field = (name: string, ...values: string[]): HandshakeShape => ({
  fields: { [name]: values.length === 0 ? undefined : values },
});

/** By reason, the status that it is answered with and the requests that break the rule. */
const BROKEN: readonly (readonly [reason: string, status: number, shapes: readonly HandshakeShape[]])[] = [
  [
    "method: method",
    405,
    ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"].map((name) =>
      line(`${name} /ws HTTP/1.1`)
    ),
  ],
  ["malformed: http_version", 400, [line("GET /ws HTTP/1.0"), line("GET /ws HTTP/2.0")]],
  [
    "malformed: request_target",
    400,
    [
      "//evil/ws",
      "//[",
      "/..",
      "/a/../ws",
      "/%2e%2e/",
      "/%2E./ws",
      "/ws/.",
      "*",
      "http://evil/ws",
      "/ws#frag",
      "/a\\b",
    ]
      .map((path) => line(`GET ${path} HTTP/1.1`)),
  ],
  [
    "malformed: host",
    400,
    [[], ["a", "a"], ["["], [""], ["a b"], ["a/b"], ["user@a"], ["a:123456"], ["a, b"]].map((hosts) =>
      field("Host", ...hosts)
    ),
  ],
  [
    "malformed: body",
    400,
    [field("Content-Length", "4"), field("Content-Length", "00"), field("Transfer-Encoding", "chunked")],
  ],
  ["malformed: upgrade", 400, [
    field("Upgrade", "h2c"),
    field("Upgrade", "web socket"),
    field("Upgrade", "websocket/13"),
  ]],
  ["malformed: version_repeated", 400, [
    field("Sec-WebSocket-Version", "13", "13"),
    field("Sec-WebSocket-Version", "13", "8"),
  ]],
  [
    "version: version",
    426,
    [[], ["8"], ["14"], ["0xd"], ["013"], ["13.0"], ["+13"], ["1e1"], ["13, 13"], ["13, 8"], [""]].map((
      versions,
    ) => field("Sec-WebSocket-Version", ...versions)),
  ],
  [
    "malformed: key",
    400,
    [
      [],
      [KEY, KEY],
      [`${KEY}, ${KEY}`],
      [""],
      // 15 and 17 bytes; 16 whose last character carries bits that are not 0; without padding; base64url.
      ["AAAAAAAAAAAAAAAAAAAA"],
      ["AAAAAAAAAAAAAAAAAAAAAAA="],
      ["AAAAAAAAAAAAAAAAAAAAAB=="],
      ["AAAAAAAAAAAAAAAAAAAAAA"],
      ["-_AAAAAAAAAAAAAAAAAAAA=="],
    ].map((keys) => field("Sec-WebSocket-Key", ...keys)),
  ],
  ["malformed: origin", 400, [field("Origin", "http://a", "http://a")]],
  [
    "malformed: subprotocol",
    400,
    [["chat, chat"], ["chat", "chat"], ["a,,b"], [""], ["a b"], ["a@b"]].map((names) =>
      field("Sec-WebSocket-Protocol", ...names)
    ),
  ],
  [
    "malformed: extension",
    400,
    ["x;", "x; =1", 'x; a="', ",", "x; a=b c"].map((value) => field("Sec-WebSocket-Extensions", value)),
  ],
];

for (const [reason, status, shapes] of BROKEN) {
  describe(`Acceptor refuses with ${status} ${reason}`, () => {
    for (const shape of shapes) {
      test(JSON.stringify(shape), async () => {
        await refused(handshake(shape), status);
        assert.deepEqual(target.refusals.splice(0), [reason]);
      });
    }
  });
}

test("Acceptor refuses more fields than maxHeaderFields, and takes as many", async () => {
  const extra = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`X-${i}`, "1"]));
  await refused(handshake({ fields: extra(96) }), 431);
  assert.deepEqual(target.refusals.splice(0), ["too_many_fields: too_many_fields"]);
  await entersWith({ fields: extra(95) });
});

describe("Acceptor leaves to the runtime what is no HTTP", () => {
  const garbage: Readonly<Record<string, readonly [status: number, bytes: string]>> = {
    "TLS": [400, "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"],
    "frames without a handshake": [400, `${clientFrame(1, "hello").toString("latin1")}\r\n\r\n`],
    "a method in lower case": [400, handshake({ line: "get /ws HTTP/1.1" })],
    "a space in the target": [400, handshake({ line: "GET /a b HTTP/1.1" })],
    "a space before the colon": [400, handshake({ fields: { "X ": "1" } })],
    "NUL in a value": [400, handshake({ fields: { X: "a\0b" } })],
    "a header larger than maxHeaderSize": [431, handshake({ fields: { X: "a".repeat(20_000) } })],
  };
  for (const [name, [status, bytes]] of Object.entries(garbage)) {
    test(`${name}: ${status}, and the end of TCP`, async () => {
      const { how, text: answer } = await exchange(target.port, bytes);
      assert.equal(parseResponse(answer).status, status);
      assert.equal(parseResponse(answer).fields["connection"], "close");
      assert.equal(how, "end");
      assert.deepEqual(target.refusals, []);
    });
  }
});

test("Acceptor leaves requests that ask for no upgrade to the server", async () => {
  for (const fields of [{ Upgrade: undefined, Connection: "close" }, { Connection: "close" }]) {
    const { text: answer } = await exchange(target.port, handshake({ fields }));
    assert.equal(parseResponse(answer).status, 418);
  }
  assert.deepEqual(target.refusals, []);
});

describe("Acceptor accepts what is unusual but valid", () => {
  const shapes: readonly HandshakeShape[] = [
    line("GET / HTTP/1.1"),
    line("GET /ws?a=/../b&c=%2e%2e HTTP/1.1"),
    line("GET /a//b/...x HTTP/1.1"),
    field("Host", "[::1]:8080"),
    field("Host", "a.example:1"),
    field("Content-Length", "0"),
    field("Upgrade", "WebSocket"),
    field("Upgrade", "h2c, websocket"),
    field("Connection", "keep-alive, UPGRADE"),
    field("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    field("Sec-WebSocket-Extensions", 'permessage-deflate; client_max_window_bits, constructor, x; a="b"'),
    field("Sec-WebSocket-Protocol", "other", "more"),
  ];
  for (const shape of shapes) test(JSON.stringify(shape), () => entersWith(shape));
});

test("Acceptor answers a handshake with exactly the fields of a 101", async () => {
  const client = await RawClient.open(target.port);
  client.write(
    handshake({ fields: { "Sec-WebSocket-Protocol": "other, chat", "Sec-WebSocket-Extensions": "x" } }),
  );
  const { line: statusLine, fields } = await client.response();
  assert.equal(statusLine, "HTTP/1.1 101 Switching Protocols");
  assert.deepEqual(fields, {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec-websocket-accept": ACCEPT,
    "sec-websocket-protocol": "chat",
  });
  client.reset();
});

test("Acceptor processes frames that came in the same packet as the request, after the 101", async () => {
  const client = await RawClient.open(target.port);
  client.write(handshake() + text("early").toString("latin1") + text("bird").toString("latin1"));
  assert.equal((await client.response()).status, 101);
  assert.equal(await client.said(), 'text "early"');
  assert.equal(await client.said(), 'text "bird"');
  client.reset();
});

test("Acceptor takes a handshake byte by byte", async () => {
  const client = await RawClient.open(target.port);
  for (const byte of handshake()) client.write(byte);
  assert.equal((await client.response()).status, 101);
  client.reset();
});

/** Exactly one response, of this status; then the end of TCP; nothing behind it is processed. */
async function refused(request: string, status: number): Promise<void> {
  const before = entered;
  const { how, text: answer } = await exchange(target.port, request + SMUGGLED);
  const { body, fields, status: actual } = parseResponse(answer);
  assert.equal(actual, status);
  assert.equal(fields["connection"], "close");
  assert.equal(body.length, Number(fields["content-length"]));
  assert.equal((JSON.parse(body) as { readonly status: number }).status, status);
  assert.equal(how, "end");
  assert.equal(entered, before);
}

async function entersWith(shape: HandshakeShape): Promise<void> {
  const client = await target.enter(shape);
  client.write(text("inside"));
  assert.equal(await client.said(), 'text "inside"');
  client.reset();
}
