import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acceptFor,
  encodeSwitchingProtocols,
  parseUpgrade,
  type UpgradeRequest,
} from "../../src/protocol/handshake.ts";
import type { HandshakeRuleName } from "../../src/protocol/handshake_rules.ts";

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

const LIMITS = { maxHeaderFields: 10, maxHeaderBytes: 1_000 };

function judge({ fields, ...line }: Change) {
  const rawHeaders = Object.entries({ ...FIELDS, ...fields }).flatMap(([name, values]) =>
    [values ?? []].flat().flatMap((value) => [name, value])
  );
  return parseUpgrade({ method: "GET", httpVersion: "1.1", url: "/ws", rawHeaders, ...line }, LIMITS);
}

// What requests break each rule, and which come near, is in test/vectors/handshake_requests.json.

test("parseUpgrade() names what is missing when there is no method or no target", () => {
  assert.deepEqual(judge({ method: undefined }), { ok: false, fault: "method" });
  assert.deepEqual(judge({ url: undefined }), { ok: false, fault: "request_target" });
  assert.deepEqual(judge({ url: "" }), { ok: false, fault: "request_target" });
  assert.deepEqual(judge({ httpVersion: "" }), { ok: false, fault: "http_version" });
});

test("parseUpgrade() looks at no field when there are too many", () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `${i}`);
  assert.deepEqual(judge({ fields: { "X-More": many, Host: "" } }), { ok: false, fault: "too_many_fields" });
});

test("parseUpgrade() looks at no field when they are too long in all, and takes as much as the limit", () => {
  const others = Object.entries(FIELDS).flat(2).join("").length + "X-More".length;
  const fill = (bytes: number) => judge({ fields: { "X-More": ["x".repeat(bytes - others)] } });
  assert.deepEqual(fill(LIMITS.maxHeaderBytes + 1), { ok: false, fault: "fields_too_large" });
  assert.equal(fill(LIMITS.maxHeaderBytes).ok, true);
});

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
