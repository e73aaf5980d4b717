import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { bearerSubprotocols } from "../../src/auth/credential.ts";
import type { Session } from "../../src/session/session.ts";
import { exchange, handshake, RawClient } from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { closed, signal, tokenFor } from "../support/server.ts";
import { envelope, type Role, startGate } from "../support/server_gate.ts";

const NOW_MS = 1_800_000_000_000;

test("Gate says hello first: who, what, until when, and the limits", async () => {
  const target = await startGate({ limits: { heartbeatMs: 12_000, maxEnvelopeBytes: 999 } });
  const token = tokenFor("ada", ["admin", "unknown", "member"], NOW_MS + 60_000);
  const client = await RawClient.open(target.port);
  client.write(handshake({ fields: { "Sec-WebSocket-Protocol": bearerSubprotocols(token).join(", ") } }));
  client.write(envelope("say", "1", "early"));
  const { fields, status } = await client.response();
  assert.equal(status, 101);
  assert.equal(fields["sec-websocket-protocol"], "portcullis.v1");
  const hello = await client.json();
  const { sessionId, ...data } = hello["data"] as { readonly sessionId: string };
  assert.equal(hello["type"], "hello");
  assert.match(sessionId, /^[\w-]{22}$/);
  assert.deepEqual(data, {
    subject: "ada",
    roles: ["member", "admin"],
    expiresAt: NOW_MS + 60_000,
    heartbeatMs: 12_000,
    maxMessageBytes: 999,
  });
  assert.deepEqual(await client.json(), { type: "said", data: "early" });
  assert.deepEqual(await client.json(), { type: "ok", re: "1", data: 1 });
  await target.stop();
});

describe("Gate denies, and the connection lives on:", () => {
  const malformed = { code: "malformed", event: "input_validation_fail" };
  const unknown = { re: "7", code: "unknown_type", event: "input_validation_fail" };
  const cases: Readonly<Record<string, readonly [Uint8Array, Readonly<Record<string, unknown>>]>> = {
    "what is not JSON": [text("{"), malformed],
    "what is no envelope": [text("[1]"), malformed],
    "null": [text("null"), malformed],
    "a type that is no text": [text('{"type":1,"id":"7"}'), { ...malformed, re: "7" }],
    "an id that is no text": [text('{"type":"say","id":7}'), malformed],
    "a binary message": [clientFrame(2, '{"type":"say","id":"7","data":"x"}'), malformed],
    "what is too large": [envelope("say", "7", "x".repeat(200)), {
      code: "too_large",
      event: "input_validation_fail",
    }],
    ...Object.fromEntries(
      ["nothing", "__proto__", "constructor", "toString", "hello", "ok", "said", ""].map((type) => [
        `the type "${type}"`,
        [envelope(type, "7", "x"), unknown] as const,
      ]),
    ),
    "what the role may not": [envelope("announce", "7", "x"), {
      re: "7",
      code: "forbidden",
      event: "authz_fail",
    }],
    "a role in the message": [
      text('{"type":"announce","id":"7","data":"x","role":"admin","roles":["admin"]}'),
      { re: "7", code: "forbidden", event: "authz_fail" },
    ],
    "data that is not valid": [envelope("say", "7", 5), {
      re: "7",
      code: "invalid_data",
      event: "input_validation_fail",
    }],
    "what a handler fails at, without details": [envelope("fail", "7"), {
      re: "7",
      code: "internal",
      event: "sys_crash",
      retryable: true,
    }],
  };
  for (const [name, [bytes, { event, ...expected }]] of Object.entries(cases)) {
    test(name, async () => {
      const target = await startGate({ limits: { maxEnvelopeBytes: 100 } });
      const client = await target.enter("ada", ["member"]);
      client.write(Buffer.concat([bytes, envelope("say", "8", "still here")]));
      const { message, ...denial } = await client.json();
      assert.deepEqual(denial, { type: "error", retryable: false, ...expected });
      assert.match(String(message), /^[A-Z][\w ,]+\.$/);
      assert.deepEqual(await client.json(), { type: "said", data: "still here" });
      const written = target.audit.at(-1);
      assert.deepEqual([written?.event, written?.reason, written?.subject], [event, expected["code"], "ada"]);
      assert.equal(target.errors.length, expected["code"] === "internal" ? 1 : 0);
      await target.stop();
    });
  }

  test("what comes too often, and says when it may come again", async () => {
    const target = await startGate();
    const client = await target.enter("ada", ["member"]);
    for (const id of ["1", "2", "3", "4"]) client.write(envelope("say", id, "x"));
    for (let i = 0; i < 6; i++) await client.json();
    const { code, re, retryAfterMs } = await client.json();
    assert.deepEqual([code, re, retryAfterMs], ["rate_limited", "4", 1_000]);
    assert.equal(target.audit.at(-1)?.event, "excess_rate_limit_exceeded");
    await target.stop();
  });
});

test("Gate writes refusals at the door down, without secrets or control characters", async () => {
  const target = await startGate();
  const token = tokenFor("mia", ["member"], NOW_MS - 1);
  await exchange(target.port, handshake({ fields: { Authorization: `Bearer ${token}` } }));
  await exchange(target.port, handshake());
  await exchange(target.port, handshake({ fields: { Origin: "https://evil.example" } }));
  await exchange(target.port, handshake({ fields: { "Sec-WebSocket-Version": "8" } }));
  await target.enter("line\nbreak", ["member"]);
  const about = { atMs: NOW_MS, address: "127.0.0.1" };
  assert.deepEqual(target.audit.slice(0, 4), [
    { ...about, event: "authn_login_fail", reason: "expired", carrier: "authorization" },
    { ...about, event: "authn_login_fail", reason: "no_credential" },
    { ...about, event: "authz_fail", reason: "foreign_origin", origin: "https://evil.example" },
    { ...about, event: "input_validation_fail", reason: "version" },
  ]);
  const success = target.audit[4];
  assert.deepEqual([success?.event, success?.subject], ["authn_login_success", "line\\u{a}break"]);
  assert.doesNotMatch(JSON.stringify(target.audit), /eyJ|Bearer/);
  await target.stop();
});

test("Gate tells of sessions that open and close, and survives what its listeners throw", async () => {
  const told: string[] = [];
  const over = signal();
  const target = await startGate({
    opened: ({ subject }, groups) => {
      told.push(`opened ${subject} ${[...groups.members("everyone")].length}`);
      throw new Error("opened");
    },
    closed: (session: Session<Role>, groups) => {
      told.push(`closed ${session.subject} ${[...groups.members({ session: session.id })].length}`);
      over.resolve();
      throw new Error("closed");
    },
    audit: () => {
      throw new Error("audit");
    },
  });
  const client = await target.enter("ada", ["member"]);
  client.end();
  await over.promise;
  assert.deepEqual(told, ["opened ada 1", "closed ada 0"]);
  assert.deepEqual(target.errors.map((error) => (error as Error).message), ["audit", "opened", "closed"]);
  await target.stop();
});

test("Gate survives listeners that reject", async () => {
  const rejects = () => Promise.reject(new Error("from a listener"));
  const over = signal();
  const target = await startGate({
    opened: rejects,
    closed: () => (over.resolve(), rejects()),
    audit: rejects,
  });
  const client = await target.enter("ada", ["member"]);
  client.end();
  await over.promise;
  await closed(target.sockets[0]);
  assert.deepEqual(target.errors.length, 3);
  await target.stop();
});

test("Gate.close() refuses and closes with 1001, and no session is there any more when it returns", async () => {
  const ends: string[] = [];
  const target = await startGate({ closed: (_session, _groups, end) => void ends.push(end) });
  const client = await target.enter("ada", ["member"]);
  target.gate.close();
  assert.deepEqual([target.gate.size, ends], [0, ["stopped"]]);
  assert.equal(await client.said(), "close 1001");
  await assert.rejects(target.enter("ada", ["member"]), /503/);
  await target.stop();
});

test("createGate() throws for settings out of bounds", async () => {
  await assert.rejects(startGate({ limits: { maxSessions: 0 } }), { code: "invalid_argument" });
  await assert.rejects(startGate({ realm: "\n" }), { code: "invalid_argument" });
  await assert.rejects(startGate({ allowedOrigins: ["https://a.example/"] }), { code: "invalid_argument" });
});
