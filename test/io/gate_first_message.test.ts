/** The token in the first message: off by default, and no finer in its answers than a refusal before the upgrade. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { startAcceptor, TEST_KEY } from "../support/server.ts";

const OPTIONS: SmallGateOptions = { carriers: ["authorization", "message"] };

/** What each way to be refused is answered, in the words of any other denial. */
const DENIAL_OF_REASON: Readonly<Record<string, object>> = {
  no_credential: { type: "error", code: "forbidden", retryable: false },
  sessions_of_subject: { type: "error", code: "rate_limited", retryable: true },
};
const INVALID = { type: "error", code: "invalid_data", retryable: false };

/** Enters without a credential. */
async function stranger(target: SmallGate, fields: Record<string, string> = {}): Promise<RawClient> {
  const { client, answer } = await target.knock({ fields });
  assert.equal(answer.status, 101);
  return client;
}

const auth = (token: unknown, id = "a") => envelope("auth", id, { token });

describe("A token in the first message", () => {
  test("is off by default: 401", async () => {
    const target = await hostSmallGate();
    const { client, answer } = await target.knock();
    client.write(auth(mint(target.clock)));
    assert.equal(answer.status, 401);
    await client.finished;
    await target.stop();
  });

  test("begins the session: hello, then the reply", async () => {
    const target = await hostSmallGate(OPTIONS);
    const client = await stranger(target, { "User-Agent": "x" });
    assert.equal(target.gate.size, 0);
    assert.equal(target.gate.groups.send("everyone", "news", "not yet"), 0);
    client.write(auth(mint(target.clock)));
    const [hello, reply] = await untilReply(client, "a");
    const { subject, roles, expiresAt } = hello?.["data"] as Record<string, unknown>;
    assert.deepEqual([subject, roles, expiresAt], ["ada", ["member"], target.clock.now() + 60_000]);
    assert.deepEqual(reply, { type: "ok", re: "a" });
    assert.equal(target.gate.groups.send("everyone", "news", 1), 1);
    assert.deepEqual(target.decisions.map(({ outcome, carrier }) => [outcome, carrier]), [
      ["deferred", "message"],
      ["admitted", "message"],
    ]);
    assert.deepEqual(target.audit.map(({ event, carrier }) => [event, carrier]), [
      ["authn_login_success", "message"],
    ]);
    await target.stop();
  });

  test("is followed at once by messages in the same packet, which are handled in order", async () => {
    for (const approve of [undefined, () => Promise.resolve(true)]) {
      const target = await hostSmallGate(approve === undefined ? OPTIONS : { ...OPTIONS, approve });
      const client = await stranger(target);
      const long = "x".repeat(20_000);
      client.write(Buffer.concat([
        auth(mint(target.clock)),
        ...[1, 2].map((data) => envelope("act", String(data), data)),
        envelope("rule", "3"),
        envelope("act", "4", long),
        auth(mint(target.clock), "5"),
      ]));
      const told = await untilReply(client, "5");
      assert.deepEqual(told.map(({ type, re, code }) => [re, code ?? type]), [
        [undefined, "hello"],
        ["a", "ok"],
        ["1", "ok"],
        ["2", "ok"],
        ["3", "forbidden"],
        ["4", "ok"],
        ["5", "unknown_type"],
      ]);
      assert.deepEqual(target.handled, ["ada act 1", "ada act 2", `ada act ${JSON.stringify(long)}`]);
      await target.stop();
    }
  });

  test("does not keep whoever can from showing it before: that is no stranger, and waits for nothing", async () => {
    const target = await hostSmallGate(OPTIONS);
    const { client } = await target.enter(mint(target.clock));
    target.clock.advance(5_000);
    client.write(envelope("act", "1"));
    assert.equal((await client.json())["type"], "ok");
    const { answer } = await target.knock({ fields: bearer("nonsense") });
    assert.equal(answer.status, 401);
    await target.stop();
  });
});

describe("A first message is refused, and the connection closed:", () => {
  const cases: Readonly<
    Record<string, readonly [Uint8Array | ((target: SmallGate) => Uint8Array), string, string]>
  > = {
    "another type": [envelope("act", "a", 1), "close 3000 Unauthorized", "no_credential"],
    "what is not JSON": [text("{"), "close 3000 Unauthorized", "no_credential"],
    "a token without an envelope": [
      ({ clock }) => text(mint(clock)),
      "close 3000 Unauthorized",
      "no_credential",
    ],
    "auth without data": [envelope("auth", "a"), "close 3000 Unauthorized", "no_credential"],
    "a token that is no text": [auth(5), "close 3000 Unauthorized", "no_credential"],
    "a token in a prototype": [
      text('{"type":"auth","id":"a","data":{"__proto__":{"token":"x"}}}'),
      "close 3000 Unauthorized",
      "no_credential",
    ],
    "auth.refresh": [
      ({ clock }) => envelope("auth.refresh", "a", { token: mint(clock) }),
      "close 3000 Unauthorized",
      "no_credential",
    ],
    "a binary message": [
      ({ clock }) => clientFrame(2, JSON.stringify({ type: "auth", data: { token: mint(clock) } })),
      "close 3000 Unauthorized",
      "no_credential",
    ],
    "JSON that is nested deeply": [
      text(`{"type":"auth","data":${"[".repeat(100)}${"]".repeat(100)}}`),
      "close 3000 Unauthorized",
      "no_credential",
    ],
    "a token that is over": [
      ({ clock }) => auth(mint(clock, { lifetimeMs: -1, issuedInMs: -2 })),
      "close 3000 Unauthorized",
      "expired",
    ],
    "a token of somebody else's key": [auth("a.b.c"), "close 3000 Unauthorized", "malformed"],
    "a token that is too long": [auth("x".repeat(8_193)), "close 3000 Unauthorized", "too_long"],
    "a revoked token": [
      ({ clock, gate }) => (gate.revoke({ subject: "ada" }), auth(mint(clock))),
      "close 3000 Unauthorized",
      "revoked",
    ],
    "one session too many": [
      ({ clock }) => auth(mint(clock, { sub: "twice" })),
      "close 1013 Too Many Requests",
      "sessions_of_subject",
    ],
  };
  for (const [name, [bytes, said, reason]] of Object.entries(cases)) {
    test(`${name}: ${said}`, async () => {
      const target = await hostSmallGate({ ...OPTIONS, limits: { maxSessionsPerSubject: 1 } });
      await target.enter(mint(target.clock, { sub: "twice" }));
      const client = await stranger(target);
      const first = typeof bytes === "function" ? bytes(target) : bytes;
      client.write(Buffer.concat([first, auth(mint(target.clock, { sub: "mia" })), envelope("look", "2")]));
      const { told, close } = await untilClose(client);
      assert.equal(close, said);
      const { re: _re, message, ...denial } = told[0] ?? {};
      assert.deepEqual([denial, told.length], [DENIAL_OF_REASON[reason] ?? INVALID, 1]);
      assert.equal(message, `${said.replace(/^close \d+ /, "")}.`, "no finer than the status");
      assert.deepEqual([target.handled, target.gate.size], [[], 1]);
      const last = target.decisions.at(-1);
      assert.deepEqual([last?.outcome, last?.refused?.reason, last?.carrier], ["refused", reason, "message"]);
      assert.equal(last?.subject, reason === "sessions_of_subject" ? "twice" : undefined);
      const { event } = target.audit.at(-1) ?? {};
      const expected = { revoked: "authn_token_reuse", sessions_of_subject: "excess_rate_limit_exceeded" };
      assert.equal(event, expected[reason as "revoked"] ?? "authn_login_fail");
      await target.stop();
    });
  }

  test("one whose approval is no: close 3003", async () => {
    const subjects: unknown[] = [];
    const target = await hostSmallGate({
      ...OPTIONS,
      approve: ({ identity, carrier }) => {
        subjects.push([identity?.subject, carrier]);
        return false;
      },
    });
    const client = await stranger(target);
    client.write(auth(mint(target.clock)));
    assert.equal((await untilClose(client)).close, "close 3003 Forbidden");
    assert.deepEqual(subjects, [["ada", "message"]], "asked once, when it is known about whom");
    const { refused, subject } = target.decisions.at(-1) ?? {};
    assert.deepEqual([refused?.reason, subject], ["not_approved", "ada"]);
    await target.stop();
  });
});

test("A session whose connection has closed by the time it begins is over at once", async () => {
  const ends: unknown[] = [];
  const target: SmallGate = await hostSmallGate({
    ...OPTIONS,
    approve: () => Promise.resolve(true),
    // The Close frame waits behind the token, and is read when the connection closes.
    decided: ({ outcome }) => void (outcome === "admitted" && target.gate.close()),
    closed: (session, _groups, end) => void ends.push([session.subject, end]),
  });
  const client = await stranger(target);
  client.write(Buffer.concat([auth(mint(target.clock)), close(1000, "")]));
  await client.finished;
  assert.deepEqual([target.gate.size, ends], [0, [["ada", "left"]]]);
  await target.stop();
});

test("new Acceptor() refuses the carrier message, as nobody would read it", async () => {
  await assert.rejects(startAcceptor({ keys: [TEST_KEY], audience: "a", carriers: ["message"] }), {
    code: "invalid_argument",
  });
});
