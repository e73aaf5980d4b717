import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connect } from "../../src/io/client.ts";
import { type ConnectOptions, headersOf, parseUrl } from "../../src/io/client_options.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const TARGET = new URL("ws://server.example:81/chat");
const SECRET = "hunter2";
const offerOf = ({ subprotocols = [] }: ConnectOptions) => ({ subprotocols, deflate: undefined });

describe("parseUrl() throws for", () => {
  const bad: Readonly<Record<string, string>> = {
    "http:": "http://a.example/",
    "https:": "https://a.example/",
    "another scheme": "javascript:alert(1)",
    "a relative URL": "/ws",
    "nothing": "",
    "a fragment": "ws://a.example/#f",
    "an empty fragment": "ws://a.example/#",
    "a user": `ws://${SECRET}@a.example/`,
    "a password": `wss://:${SECRET}@a.example/`,
    "no host": "ws://",
    "a port out of range": "ws://a.example:65536/",
  };
  for (const [name, url] of Object.entries(bad)) {
    test(name, async () => {
      assert.throws(() => parseUrl(url), { code: "invalid_argument" });
      const withoutSecret = (error: Error) => !error.message.includes(SECRET);
      await assert.rejects(connect(url), withoutSecret);
    });
  }
});

describe("parseUrl() takes", () => {
  for (
    const url of [
      "ws://a.example",
      "wss://a.example:8443/x?y=%23z",
      "WS://[::1]/",
      new URL("ws://127.0.0.1:1/"),
    ]
  ) {
    test(String(url), () => assert.equal(parseUrl(url).href, new URL(url).href));
  }
});

describe("headersOf() throws for", () => {
  const field = (name: string, value: string): ConnectOptions => ({ headers: { [name]: value } });
  const bad: Readonly<Record<string, ConnectOptions>> = {
    ...Object.fromEntries(["\r", "\n", "\0", "\r\nX: 1", "\x7f", "ł"].flatMap((evil) => [
      [`${JSON.stringify(evil)} in a value`, field("X", `${SECRET}${evil}`)],
      [`${JSON.stringify(evil)} in a name`, field(`X${evil}`, SECRET)],
      [`${JSON.stringify(evil)} in a subprotocol`, { subprotocols: [`${SECRET}${evil}`] }],
      [`${JSON.stringify(evil)} in the token`, { token: `${SECRET}${evil}` }],
    ])),
    "an empty name": field("", "x"),
    "a name with a colon": field("X:", "x"),
    "an empty token": { token: "" },
    "a token with a space": { token: "a b" },
    "an empty subprotocol": { subprotocols: [""] },
    "a subprotocol with a comma": { subprotocols: ["a,b"] },
    "a subprotocol twice": { subprotocols: ["a", "b", "a"] },
    ...Object.fromEntries(
      [
        "Host",
        "UPGRADE",
        "Connection",
        "Content-Length",
        "Transfer-Encoding",
        "Sec-WebSocket-Key",
        "sec-websocket-protocol",
      ]
        .map((name) => [`the field ${name}, which is the handshake's own`, field(name, "x")]),
    ),
  };
  for (const [name, options] of Object.entries(bad)) {
    test(name, async () => {
      const expected = (error: Error & { code?: string }) =>
        error.code === "invalid_argument" && !error.message.includes(SECRET);
      assert.throws(() => headersOf(options, TARGET, KEY, offerOf(options)), expected);
      await assert.rejects(connect("ws://127.0.0.1:9/", options), expected);
    });
  }
});

test("headersOf() lists what makes the handshake, and what the caller adds", () => {
  const options = {
    token: "a.b.c",
    subprotocols: ["x", "y"],
    headers: { "X-Trace": "one\ttwo é", "Origin": "http://a" },
  };
  assert.deepEqual(headersOf(options, TARGET, KEY, offerOf(options)), {
    "Host": "server.example:81",
    "X-Trace": "one\ttwo é",
    "Origin": "http://a",
    "Authorization": "Bearer a.b.c",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "x, y",
  });
  assert.deepEqual(
    Object.keys(headersOf({}, TARGET, KEY, offerOf({}))).includes("Sec-WebSocket-Protocol"),
    false,
  );
});
