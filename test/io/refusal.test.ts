import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import {
  checkRealm,
  encodeRefusal,
  refusalForRule,
  type RefusalName,
  REFUSALS,
  refuse,
} from "../../src/io/refusal.ts";
import { HANDSHAKE_RULES, type HandshakeRuleName } from "../../src/protocol/handshake_rules.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemorySocket } from "../support/memory_socket.ts";
import { parseResponse } from "../support/raw_http.ts";

/** Status, phrase, and the fields besides those that all refusals have. */
const EXPECTED: {
  readonly [Name in RefusalName]: readonly [number, string, Readonly<Record<string, string>>];
} = {
  malformed: [400, "Bad Request", {}],
  two_carriers: [400, "Bad Request", { "www-authenticate": 'Bearer realm="r", error="invalid_request"' }],
  no_credential: [401, "Unauthorized", { "www-authenticate": 'Bearer realm="r"' }],
  invalid_token: [401, "Unauthorized", { "www-authenticate": 'Bearer realm="r", error="invalid_token"' }],
  not_allowed: [403, "Forbidden", { "www-authenticate": 'Bearer realm="r", error="insufficient_scope"' }],
  origin: [403, "Forbidden", {}],
  not_found: [404, "Not Found", {}],
  method: [405, "Method Not Allowed", { allow: "GET" }],
  version: [426, "Upgrade Required", { "sec-websocket-version": "13" }],
  too_many: [429, "Too Many Requests", { "retry-after": "5" }],
  too_many_fields: [431, "Request Header Fields Too Large", {}],
  server_fault: [500, "Internal Server Error", {}],
  busy: [503, "Service Unavailable", { "retry-after": "5" }],
};

describe("encodeRefusal() writes the whole response", () => {
  for (const [name, [status, title, fields]] of Object.entries(EXPECTED)) {
    test(`${name}: ${status}`, () => {
      const response = parseResponse(encodeRefusal(name as RefusalName, "r"));
      const body = JSON.stringify({ type: "about:blank", title, status });
      assert.equal(response.line, `HTTP/1.1 ${status} ${title}`);
      assert.equal(response.body, body);
      assert.deepEqual(response.fields, {
        "content-type": "application/problem+json",
        "content-length": String(body.length),
        "cache-control": "no-store",
        "connection": "close",
        ...fields,
      });
    });
  }
  test("and the table has no other row", () =>
    assert.deepEqual(Object.keys(REFUSALS).sort(), Object.keys(EXPECTED).sort()));
});

test("refusalForRule() gives each rule of the handshake a refusal with the rule's status", () => {
  for (const [rule, { status }] of Object.entries(HANDSHAKE_RULES)) {
    assert.equal(REFUSALS[refusalForRule(rule as HandshakeRuleName)].status, status, rule);
  }
});

describe("checkRealm()", () => {
  for (const realm of ['a"b', "a\\b", "a\r\nb", "a\0b", "a\x7fb", "ł"]) {
    test(`throws for ${JSON.stringify(realm)}`, () => {
      assert.throws(
        () => checkRealm(realm),
        (error) => error instanceof PortcullisError && error.code === "invalid_argument",
      );
    });
  }
  for (const realm of ["", "a realm, with (marks) = 'fine'"]) {
    test(`takes ${JSON.stringify(realm)}`, () => assert.doesNotThrow(() => checkRealm(realm)));
  }
});

describe("refuse()", () => {
  test("answers once, ends, drops what still comes, and ends with the peer's FIN", async () => {
    const clock = new ManualClock();
    const [server, client] = MemorySocket.pair();
    client.resume();
    refuse(server, "busy", "r", clock, 1_000);
    client.write("still talking");
    await once(client, "end");
    assert.equal(server.written().toString(), encodeRefusal("busy", "r"));
    assert.equal(clock.pending, 1);
    client.end();
    await once(server, "close");
    assert.equal(clock.pending, 0);
  });

  test("cuts off a peer that never ends its half", async () => {
    const clock = new ManualClock();
    const [server, client] = MemorySocket.pair();
    client.resume();
    refuse(server, "busy", "r", clock, 1_000);
    await once(client, "end");
    clock.advance(999);
    assert.equal(server.destroyed, false);
    clock.advance(1);
    assert.equal(server.destroyed, true);
  });

  test("does nothing on a socket that is gone, or has been ended", () => {
    for (
      const finish of [
        (socket: MemorySocket) => void socket.destroy(),
        (socket: MemorySocket) => void socket.end(),
      ]
    ) {
      const clock = new ManualClock();
      const [server] = MemorySocket.pair();
      finish(server);
      refuse(server, "busy", "r", clock, 1_000);
      assert.equal(server.written().length, 0);
      assert.equal(clock.pending, 0);
    }
  });
});
