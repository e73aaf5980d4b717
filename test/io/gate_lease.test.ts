import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { mint, type MintedClaims } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { envelope } from "../support/server_gate.ts";

const DAY_MS = 86_400_000;
/** Time moves on without a turn in which a client could answer a ping. */
const host = () => hostSmallGate({ limits: { heartbeatMs: DAY_MS } });
const EXPIRED = "close 3000 Your token has expired.";

/** Shows another token. @returns The reply. */
async function refresh(client: RawClient, token: unknown): Promise<Record<string, unknown>> {
  client.write(envelope("auth.refresh", "r", token === undefined ? undefined : { token }));
  return (await untilReply(client, "r")).at(-1) ?? {};
}

describe("Gate tells of the end of a lease", () => {
  test("when exactly four fifths of it are over, and ends it with 3000 on time", async () => {
    const target = await host();
    const { client, hello } = await target.enter(mint(target.clock, { lifetimeMs: 50_000 }));
    const sent = () => target.gate.groups.send("everyone", "news", target.clock.now());
    const startMs = target.clock.now();
    target.clock.advance(39_999);
    assert.equal(sent(), 1);
    target.clock.advance(1);
    assert.equal(sent(), 1);
    target.clock.advance(9_999);
    assert.equal(sent(), 1);
    target.clock.advance(1);
    assert.equal(sent(), 0);
    assert.deepEqual(await untilClose(client), {
      told: [
        { type: "news", data: startMs + 39_999 },
        { type: "auth.expiring", data: { expiresAt: hello["expiresAt"] } },
        { type: "news", data: startMs + 40_000 },
        { type: "news", data: startMs + 49_999 },
      ],
      close: EXPIRED,
    });
    assert.deepEqual(target.audit.at(-1)?.event, "session_expired");
    await target.stop();
  });

  test("by the life that it has here, not by that of the token", async () => {
    const target = await host();
    const token = mint(target.clock, { lifetimeMs: 60_000 });
    target.clock.jump(50_000);
    const { client } = await target.enter(token);
    target.clock.advance(7_999);
    assert.equal(target.gate.groups.send("everyone", "news", 1), 1);
    target.clock.advance(1);
    assert.equal((await client.json())["type"], "news");
    assert.equal((await client.json())["type"], "auth.expiring");
    await target.stop();
  });

  test("once: not again when it is the timer that is late", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock, { lifetimeMs: 50_000 }));
    target.clock.jump(60_000);
    target.clock.advance(0);
    assert.deepEqual(await untilClose(client), { told: [], close: EXPIRED });
    await target.stop();
  });
});

describe("auth.refresh", () => {
  test("extends the lease, tells its terms and recomputes the roles", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock, { lifetimeMs: 50_000 }));
    target.clock.advance(40_000);
    assert.equal((await client.json())["type"], "auth.expiring");
    const token = mint(target.clock, { roles: ["admin", "unknown", "guest"], lifetimeMs: 100_000 });
    const expiresAt = target.clock.now() + 100_000;
    assert.deepEqual(await refresh(client, token), {
      type: "ok",
      re: "r",
      data: { roles: ["guest", "admin"], expiresAt },
    });
    assert.equal(target.audit.at(-1)?.event, "session_renewed");
    client.write(Buffer.concat([envelope("rule", "1"), envelope("act", "2")]));
    assert.equal((await untilReply(client, "2")).filter(({ type }) => type === "ok").length, 2);
    target.clock.advance(79_999);
    assert.equal(target.gate.groups.send({ role: "admin" }, "secret", 1), 1);
    assert.equal(target.gate.groups.send({ role: "member" }, "news", 1), 0, "the index of roles is in step");
    target.clock.advance(20_001);
    const { told, close } = await untilClose(client);
    assert.deepEqual([told.map(({ type }) => type), close], [["secret", "auth.expiring"], EXPIRED]);
    await target.stop();
  });

  const bad: Readonly<Record<string, readonly [string, (clock: { now(): number }) => unknown, string]>> = {
    "of another subject": [
      "forbidden",
      (clock) => mint(clock, { sub: "mia", roles: ["admin"] }),
      "other_subject",
    ],
    "that has expired": [
      "invalid_data",
      (clock) => mint(clock, { lifetimeMs: 0, issuedInMs: -1 }),
      "expired",
    ],
    "for another audience": ["invalid_data", (clock) => mint(clock, { aud: "others" }), "audience"],
    "with another signature": ["invalid_data", (clock) => `${mint(clock).slice(0, -4)}AAAA`, "signature"],
    "that is none": ["invalid_data", () => "nonsense", "malformed"],
    "that is empty": ["invalid_data", () => "", "malformed"],
    "that is no text": ["invalid_data", () => 5, "invalid_data"],
    "that is not there": ["invalid_data", () => undefined, "invalid_data"],
    "that is too long": ["invalid_data", () => "a.b.".padEnd(9_000, "c"), "too_long"],
  };
  for (const [name, [code, make, reason]] of Object.entries(bad)) {
    test(`refuses a token ${name} with ${code}; the old lease stays, and ends on time`, async () => {
      const target = await host();
      const { client } = await target.enter(mint(target.clock, { lifetimeMs: 50_000 }));
      target.clock.advance(30_000);
      const reply = await refresh(client, make(target.clock));
      assert.deepEqual([reply["type"], reply["code"]], ["error", code]);
      assert.equal(target.audit.at(-1)?.reason, reason);
      client.write(Buffer.concat([envelope("act", "1"), envelope("rule", "2")]));
      const told = await untilReply(client, "2");
      assert.deepEqual(told.map(({ type, code }) => code ?? type), ["ok", "forbidden"]);
      target.clock.advance(20_000);
      assert.equal((await untilClose(client)).close, EXPIRED);
      assert.doesNotMatch(JSON.stringify(target.audit), /eyJ|nonsense/);
      await target.stop();
    });
  }

  test("refuses a revoked token, without a word more than for any other", async () => {
    const target = await host();
    const revoked = mint(target.clock, { jti: "t1" });
    const { client } = await target.enter(mint(target.clock, { jti: "t2" }));
    target.gate.revoke({ tokenId: "t1" });
    const { code, message } = await refresh(client, revoked);
    assert.deepEqual([code, message], ["invalid_data", "The token is not valid."]);
    assert.equal(target.audit.at(-1)?.reason, "revoked");
    await target.stop();
  });

  test("comes too late behind the end, though the timer is late and the token is good", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock, { lifetimeMs: 50_000 }));
    target.clock.jump(50_000);
    client.write(envelope("auth.refresh", "r", { token: mint(target.clock) }));
    const { told, close } = await untilClose(client);
    assert.deepEqual([told.map(({ code }) => code), close], [["expired"], EXPIRED]);
    await target.stop();
  });

  test("may be asked for now and then, and no more often: to verify a token costs", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock));
    const codes: unknown[] = [];
    for (let i = 0; i < 6; i++) codes.push((await refresh(client, "nonsense"))["code"]);
    assert.deepEqual(codes.slice(-2), ["invalid_data", "rate_limited"]);
    await target.stop();
  });

  test("lets a revocation of the new token end the session, and not one of the old", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock, { jti: "old" }));
    await refresh(client, mint(target.clock, { jti: "new" }));
    assert.equal(target.gate.revoke({ tokenId: "old" }), 0);
    assert.equal(target.gate.revoke({ tokenId: "new" }), 1);
    assert.equal((await untilClose(client)).close, "close 3003 Your token has been revoked.");
    await target.stop();
  });
});

describe("Gate keeps leases", () => {
  test("that are longer than a timer of the runtime can hold, to their end and no further", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock, { lifetimeMs: 60 * DAY_MS }));
    const endMs = target.clock.now() + 60 * DAY_MS;
    for (const days of [1, 24, 34]) {
      target.clock.jump(days * DAY_MS);
      target.clock.advance(60_000);
      client.write(envelope("act", String(days), days));
      const told = await untilReply(client, String(days));
      assert.equal(told.at(-1)?.["type"], "ok", `${days} days later`);
    }
    target.clock.jump(endMs - target.clock.now() - 60_001);
    target.clock.advance(60_000);
    assert.equal(target.gate.size, 1);
    target.clock.advance(1);
    assert.equal(target.gate.size, 0);
    await target.stop();
  });

  test("of many sessions with one timer", async () => {
    const target = await host();
    const lives: MintedClaims[] = Array.from(
      { length: 60 },
      (_, index) => ({ lifetimeMs: 100_000 - index * 1_000 }),
    );
    for (const life of lives) await target.enter(mint(target.clock, { sub: `s${life.lifetimeMs}`, ...life }));
    assert.equal(target.clock.pending, 2, "the heartbeat's and the leases'");
    for (let left = 60; left > 0; left -= 20) {
      assert.equal(target.gate.size, left);
      target.clock.jump(left === 60 ? 60_000 : 20_000);
      target.clock.advance(0);
    }
    await target.stop();
  });
});
