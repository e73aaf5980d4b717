import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { identityOf } from "../support/sessions.ts";
import { mintDemoToken, TOKEN_LIFETIME_SECONDS } from "../../src/demo/login.ts";
import { verifyToken } from "../../src/mod.ts";
import { startDemoRequests } from "../support/demo_requests.ts";
import { RawClient } from "../support/raw_http.ts";
import { TEST_KEY } from "../support/server.ts";

const NOW_MS = 1_800_000_000_999;
const POLICY = { keys: [TEST_KEY], audience: "portcullis" };

test("mintDemoToken() makes a token for the audience portcullis that lives for its time, and no longer", () => {
  const token = mintDemoToken("ada", "admin", TEST_KEY, NOW_MS);
  const expiresAtMs = 1_800_000_000_000 + TOKEN_LIFETIME_SECONDS * 1_000;
  const identity = identityOf("ada", { roles: ["admin"], expiresAtMs, issuedAtMs: NOW_MS });
  assert.deepEqual(verifyToken(token, POLICY, NOW_MS), { ok: true, value: identity });
  assert.equal(verifyToken(token, POLICY, expiresAtMs - 1).ok, true);
  assert.deepEqual(verifyToken(token, POLICY, expiresAtMs), { ok: false, fault: "expired" });
});

describe("POST /token", () => {
  let server: Server;
  let port = 0;
  before(async () => {
    ({ server, port } = await startDemoRequests());
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const post = (body: string) => fetch(`http://127.0.0.1:${port}/token`, { method: "POST", body });

  test("makes a token for a name and a role", async () => {
    const response = await post('{"name":" Ada ","role":"member"}');
    const { token, ...rest } = await response.json() as { readonly token: string };
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.deepEqual(rest, { subject: "Ada", roles: ["member"], expiresInSeconds: 900 });
    const verified = verifyToken(token, POLICY, Date.now());
    assert.deepEqual(verified.ok && [verified.value.subject, verified.value.roles], ["Ada", ["member"]]);
  });

  const bad: Readonly<Record<string, string>> = {
    "an unknown role": '{"name":"x","role":"root"}',
    "a role of Object.prototype": '{"name":"x","role":"constructor"}',
    "a list of roles": '{"name":"x","role":["admin"]}',
    "no role": '{"name":"x"}',
    "no name": '{"role":"guest"}',
    "a name of white space": '{"name":"  ","role":"guest"}',
    "a name too long": `{"name":"${"x".repeat(65)}","role":"guest"}`,
    "null": "null",
    "what is not JSON": "{",
    "nothing": "",
  };
  for (const [name, body] of Object.entries(bad)) {
    test(`answers 400 to ${name}`, async () => {
      const response = await post(body);
      assert.equal(response.status, 400);
      assert.match((await response.json() as { readonly error: string }).error, /^Send JSON with a name/);
    });
  }

  test("takes a body of 4096 bytes", async () => {
    const login = '{"name":"x","role":"guest"}';
    assert.equal((await post(login.padEnd(4_096))).status, 200);
  });

  for (const [name, bytes] of [["one byte more", 4_097], ["a megabyte", 1_000_000]] as const) {
    test(`answers 413 to ${name}, and ends the connection`, async () => {
      const client = await RawClient.open(port);
      client.write(`POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n`);
      client.write(Buffer.alloc(4_097, " "));
      const { fields, status } = await client.response();
      assert.equal(status, 413);
      assert.equal(fields["connection"], "close");
      client.socket.destroy();
    });
  }

  for (const method of ["GET", "PUT", "DELETE"]) {
    test(`answers 405 to ${method}`, async () => {
      const response = await fetch(`http://127.0.0.1:${port}/token`, { method });
      await response.text();
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "POST");
    });
  }

  test("survives clients that break off in the middle of a body", async () => {
    for (let i = 0; i < 10; i++) {
      const client = await RawClient.open(port);
      client.write('POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"name":');
      client.reset();
      await client.finished;
    }
    assert.equal((await post('{"name":"x","role":"guest"}')).status, 200);
  });
});
