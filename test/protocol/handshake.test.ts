import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptFor,
  encodeSwitchingProtocols,
  parseUpgrade,
  type UpgradeRequest,
} from "../../src/protocol/handshake.ts";
import { HANDSHAKE_RULES, type HandshakeRuleName } from "../../src/protocol/rules.ts";

/** The example of RFC 6455 §1.3. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

type Fields = Readonly<Record<string, string | string[] | undefined>>;

/** A valid request, in which the line or some fields are changed, added or (with `undefined`) left out. */
interface Change extends Omit<Partial<UpgradeRequest>, "rawHeaders"> {
  readonly fields?: Fields;
}

const FIELDS: Fields = {
  Host: "example.com",
  Upgrade: "websocket",
  Connection: "Upgrade",
  "Sec-WebSocket-Key": KEY,
  "Sec-WebSocket-Version": "13",
};

const MAX_FIELDS = 10;

function judge({ fields, ...line }: Change) {
  const rawHeaders = Object.entries({ ...FIELDS, ...fields }).flatMap(([name, values]) =>
    [values ?? []].flat().flatMap((value) => [name, value])
  );
  return parseUpgrade({ method: "GET", httpVersion: "1.1", url: "/ws", rawHeaders, ...line }, MAX_FIELDS);
}

/** One change for each value of a field. */
function each(name: string, ...values: (string | string[] | undefined)[]): Change[] {
  return values.map((value) => ({ fields: { [name]: value } }));
}

function numbered(count: number): Change {
  return { fields: { "X-More": Array.from({ length: count }, (_, i) => `${i}`) } };
}

const CASES: Readonly<Record<HandshakeRuleName, { breaks: Change[]; neighbours: Change[] }>> = {
  method: {
    breaks: ["POST", "HEAD", "get", "CONNECT", "", undefined].map((method) => ({ method })),
    neighbours: [{ method: "GET" }],
  },
  http_version: {
    breaks: ["0.9", "1.0", "2.0", "1.10", ""].map((httpVersion) => ({ httpVersion })),
    neighbours: [{ httpVersion: "1.1" }],
  },
  request_target: {
    breaks: ["", undefined, "*", "ws", "//ws", "http://example.com/ws", "/ws#part", "/a/../b", "/%2E%2e"]
      .map((url) => ({ url })),
    neighbours: ["/", "/ws?x=//y/../z", "/a/.../b"].map((url) => ({ url })),
  },
  too_many_fields: {
    breaks: [numbered(MAX_FIELDS - 5 + 1), numbered(5_000)],
    neighbours: [numbered(MAX_FIELDS - 5)],
  },
  host: {
    breaks: each(
      "Host",
      undefined,
      "",
      ["a", "a"],
      "a b",
      "a/b",
      "user@a",
      "a:",
      "a:123456",
      "[::1",
      "a,b/",
      "é",
    ),
    neighbours: each("Host", "a", "a:80", "[::1]", "[::1]:8080", "127.0.0.1:0", "a_b.example"),
  },
  body: {
    breaks: [
      ...each("Content-Length", "4", "00", "", ["0", "4"]),
      ...each("Transfer-Encoding", "chunked", "identity", ""),
    ],
    neighbours: each("Content-Length", "0"),
  },
  upgrade: {
    breaks: each("Upgrade", undefined, "", "h2c", "websockets"),
    neighbours: each("Upgrade", "WebSocket", "h2c, websocket", ["h2c", "websocket"]),
  },
  connection: {
    breaks: each("Connection", undefined, "", "keep-alive", "upgraded"),
    neighbours: each("Connection", "upgrade", "keep-alive, Upgrade", ["keep-alive", "upgrade"]),
  },
  version_repeated: {
    breaks: each("Sec-WebSocket-Version", ["13", "13"], ["13", "8"]),
    neighbours: each("Sec-WebSocket-Version", "13"),
  },
  version: {
    breaks: each(
      "Sec-WebSocket-Version",
      undefined,
      "",
      "8",
      "12",
      "14",
      "0xd",
      "013",
      "13.0",
      "13, 8",
      "+13",
    ),
    neighbours: each("Sec-WebSocket-Version", "13"),
  },
  key: {
    breaks: each(
      "Sec-WebSocket-Key",
      ...[
        undefined,
        "",
        [KEY, KEY],
        `${KEY}, ${KEY}`,
        KEY.slice(0, -1),
        KEY.slice(0, -2),
        `${KEY}=`,
        `A${KEY}`,
      ],
      // Bits behind the 16th byte, the other alphabet, no base64 at all.
      ...["dGhlIHNhbXBsZSBub25jZR==", "-_hlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j Q=="],
    ),
    neighbours: each("Sec-WebSocket-Key", KEY, "+/hlIHNhbXBsZSBub25jZw==", "AAAAAAAAAAAAAAAAAAAAAA=="),
  },
  origin: {
    breaks: each("Origin", ["https://a.example", "https://a.example"], ["null", "null"]),
    neighbours: each("Origin", "https://a.example", "null"),
  },
  subprotocol: {
    breaks: each("Sec-WebSocket-Protocol", "", "a,,b", "a b", "a, a", ["a", "a"]),
    neighbours: each("Sec-WebSocket-Protocol", "a", "a, b", ["a", "b"]),
  },
  extension: {
    breaks: each("Sec-WebSocket-Extensions", "", "x;", "x;a=", 'x;a="'),
    neighbours: each("Sec-WebSocket-Extensions", "x", 'x;a="b"', ["x", "y"]),
  },
};

const names = Object.keys(HANDSHAKE_RULES) as HandshakeRuleName[];

for (const name of names) {
  const { breaks, neighbours } = CASES[name];

  test(`parseUpgrade() names ${name} when the request breaks it, and takes its neighbour`, () => {
    assert.ok(breaks.length > 0 && neighbours.length > 0);
    for (const change of breaks) {
      assert.deepEqual(judge(change), { ok: false, fault: name }, JSON.stringify(change).slice(0, 200));
    }
    for (const change of neighbours) {
      const result = judge(change);
      assert.ok(result.ok, `${JSON.stringify(change)}: ${result.ok || result.fault}`);
    }
  });
}

test("parseUpgrade() names the first breach in the order of the wire", () => {
  const everything: Change = {
    method: "POST",
    url: "*",
    fields: { Host: undefined, Upgrade: "", Origin: ["a", "b"] },
  };
  const order: readonly (readonly [Change, HandshakeRuleName])[] = [
    [everything, "method"],
    [{ ...everything, method: "GET" }, "request_target"],
    [{ ...everything, method: "GET", url: "/" }, "host"],
    [{ fields: { Upgrade: "", Origin: ["a", "b"] } }, "upgrade"],
    [{ fields: { Origin: ["a", "b"] } }, "origin"],
  ];
  for (const [change, wanted] of order) assert.deepEqual(judge(change), { ok: false, fault: wanted });
});

test("parseUpgrade() returns all that was offered", () => {
  const result = judge({
    url: "/a%20b/c?token=x&y=?",
    fields: {
      Origin: "https://a.example",
      "Sec-WebSocket-Protocol": "chat, superchat",
      "Sec-WebSocket-Extensions": "x; a=1",
      Cookie: ["a=1", "b=2"],
    },
  });
  assert.ok(result.ok);
  const { fields, ...offer } = result.value;
  assert.deepEqual(offer, {
    path: "/a%20b/c",
    query: "token=x&y=?",
    host: "example.com",
    origin: "https://a.example",
    key: KEY,
    subprotocols: ["chat", "superchat"],
    extensions: [{ name: "x", parameters: [["a", "1"]] }],
  });
  assert.deepEqual(fields.get("cookie"), ["a=1", "b=2"]);
});

test("parseUpgrade() finds nothing offered when nothing was", () => {
  const result = judge({});
  assert.ok(result.ok);
  const { query, origin, subprotocols, extensions } = result.value;
  assert.deepEqual([query, origin, subprotocols, extensions], ["", undefined, [], []]);
});

test("acceptFor() and encodeSwitchingProtocols() answer as in §1.3, with a subprotocol when one was chosen", () => {
  assert.equal(acceptFor(KEY), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  assert.equal(encodeSwitchingProtocols(KEY, undefined, undefined), `${head}\r\n`);
  assert.equal(
    encodeSwitchingProtocols(KEY, "chat", undefined),
    `${head}Sec-WebSocket-Protocol: chat\r\n\r\n`,
  );
  assert.equal(
    encodeSwitchingProtocols(KEY, undefined, "permessage-deflate"),
    `${head}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
  );
});
