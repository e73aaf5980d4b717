import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KeySource } from "../../src/auth/key_ring.ts";
import type { AcceptedRequest } from "../../src/io/acceptor_options.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask, plainRequest } from "../support/plain_http.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { envelope } from "../support/server_gate.ts";
import { signal, startAcceptor } from "../support/server.ts";

describe("approve() is asked about the token of an auth.refresh, too:", () => {
  test("a no is forbidden, and leaves the lease as it is", async () => {
    const asked: AcceptedRequest[] = [];
    const target = await hostSmallGate({
      approve: (request) => (asked.push(request), request.identity?.tokenId !== "stolen"),
    });
    const { client } = await target.enter(mint(target.clock));
    const stolen = mint(target.clock, { roles: ["admin"], jti: "stolen" });
    assert.equal((await target.knock({ fields: bearer(stolen) })).answer.status, 403);
    client.write(envelope("auth.refresh", "1", { token: stolen }));
    client.write(envelope("rule", "2"));
    const [refused] = await untilReply(client, "1");
    assert.deepEqual([refused?.["type"], refused?.["code"]], ["error", "forbidden"]);
    assert.equal((await untilReply(client, "2")).at(-1)?.["code"], "forbidden");
    const { event, reason, type } = target.audit.at(-2) ?? {};
    assert.deepEqual([event, reason, type], ["authn_login_fail", "not_approved", "auth.refresh"]);
    // What is kept of the request that began the session holds none of the places in which a credential can be.
    const { offer, identity, address } = asked.at(-1) as AcceptedRequest;
    assert.deepEqual([offer.fields.size, offer.subprotocols, offer.query, offer.path], [0, [], "", "/ws"]);
    assert.deepEqual([identity?.tokenId, address], ["stolen", "127.0.0.1"]);
    await target.stop();
  });

  test("a yes renews, and what follows waits for it", async () => {
    const target = await hostSmallGate({ approve: () => Promise.resolve(true) });
    const { client } = await target.enter(mint(target.clock));
    client.write(envelope("auth.refresh", "1", { token: mint(target.clock, { roles: ["admin"] }) }));
    client.write(envelope("rule", "2"));
    assert.equal((await untilReply(client, "1")).at(-1)?.["type"], "ok");
    assert.equal((await untilReply(client, "2")).at(-1)?.["type"], "ok");
    await target.stop();
  });

  test("too many at once are to come back, and shut the door for nobody", async () => {
    const asked = signal();
    let slow = 0;
    const target = await hostSmallGate({
      limits: { maxPendingHandshakes: 1 },
      approve: ({ identity }) => {
        if (identity?.tokenId !== "slow") return true;
        slow++;
        asked.resolve();
        return new Promise<boolean>(() => undefined);
      },
    });
    const clients = [await target.enter(mint(target.clock)), await target.enter(mint(target.clock))];
    const token = mint(target.clock, { jti: "slow" });
    clients[0]?.client.write(envelope("auth.refresh", "1", { token }));
    await asked.promise;
    clients[1]?.client.write(envelope("auth.refresh", "1", { token }));
    const { code, retryAfterMs } = await clients[1]?.client.json() as Record<string, unknown>;
    assert.deepEqual([code, retryAfterMs, slow], ["rate_limited", 1_000, 1]);
    assert.equal((await target.knock({ fields: bearer(mint(target.clock)) })).answer.status, 101);
    for (const { client } of clients) client.reset();
    await target.stop();
  });

  test("a yes that comes behind a revocation renews nothing", async () => {
    const answer = signal<boolean>();
    const asked = signal();
    let count = 0;
    let given: AbortSignal | undefined;
    const target = await hostSmallGate({
      approve: (_request, signal) => {
        given = signal;
        return ++count === 1 ? true : (asked.resolve(), answer.promise);
      },
    });
    const { client } = await target.enter(mint(target.clock));
    client.write(envelope("auth.refresh", "1", { token: mint(target.clock, { roles: ["admin"] }) }));
    await asked.promise;
    assert.equal(given?.aborted, false);
    target.gate.revoke({ subject: "ada" });
    // Nobody waits for the answer any more.
    assert.equal(given?.aborted, true);
    answer.resolve(true);
    assert.match((await untilClose(client)).close, /^close 3003/);
    assert.deepEqual([target.gate.size, target.gate.groups.members({ role: "admin" })], [0, []]);
    await target.stop();
  });
});

test("Upgrades that were reset while approve() is at work shut the door for nobody else", async () => {
  const asked = signal();
  let slow = 0;
  const target = await hostSmallGate({
    limits: { maxPendingHandshakes: 8, maxConnectionsPerAddress: 4 },
    approve: ({ identity }) => {
      if (identity?.subject === "mia") return true;
      if (++slow === 4) asked.resolve();
      return new Promise<boolean>(() => undefined);
    },
  });
  // Of as many subjects: who signs his tokens himself, or has many accounts.
  const fields = (i: number) => bearer(mint(target.clock, { sub: `eve ${i}` }));
  for (let i = 0; i < 4; i++) (await RawClient.open(target.port)).write(handshake({ fields: fields(i) }));
  await asked.promise;
  for (const socket of target.sockets) socket.destroy();
  // As many as an address may have connections are waited for, whether they are still there or not.
  assert.equal((await target.knock({ fields: fields(4) })).answer.status, 429);
  assert.deepEqual([target.decisions.at(-1)?.refused?.reason, slow], ["pending_of_address", 4]);
  await target.stop();
});

test("A renewal about which the application fails says nothing of the token", async () => {
  let count = 0;
  const target = await hostSmallGate({
    approve: () => {
      if (++count === 2) throw new Error("the database is away");
      return true;
    },
  });
  const { client } = await target.enter(mint(target.clock));
  const token = mint(target.clock, { jti: "next" });
  client.write(envelope("auth.refresh", "1", { token }));
  const { code, retryable } = (await untilReply(client, "1")).at(-1) ?? {};
  assert.deepEqual([code, retryable], ["internal", true]);
  const { event, reason } = target.audit.at(-1) ?? {};
  assert.deepEqual([event, reason, target.errors.length], ["sys_crash", "approval_failed", 1]);
  client.write(envelope("auth.refresh", "2", { token }));
  assert.equal((await untilReply(client, "2")).at(-1)?.["type"], "ok");
  await target.stop();
});

test("One token alone shuts the door for nobody else, whatever the limits", async () => {
  let waiting = 0;
  const asked = signal();
  const target = await hostSmallGate({
    limits: { maxPendingHandshakes: 4, maxPendingPerSubject: 1_000 },
    approve: ({ identity }) => {
      if (identity?.subject === "mia") return true;
      if (++waiting === 2) asked.resolve();
      return new Promise<boolean>(() => undefined);
    },
  });
  const fields = bearer(mint(target.clock));
  for (let i = 0; i < 2; i++) (await RawClient.open(target.port)).write(handshake({ fields }));
  await asked.promise;
  assert.equal((await target.knock({ fields })).answer.status, 429);
  await target.enter(mint(target.clock, { sub: "mia" }));
  await target.stop();
});

test("One session with many renewals takes no more places than its subject may have", async () => {
  const asked = signal();
  let slow = 0;
  const target = await hostSmallGate({
    limits: { maxPendingPerSubject: 1, handshakeTimeoutMs: 1_000 },
    approve: ({ identity }) => {
      if (identity?.tokenId !== "slow") return true;
      slow++;
      asked.resolve();
      return new Promise<boolean>(() => undefined);
    },
  });
  const { client } = await target.enter(mint(target.clock));
  const token = mint(target.clock, { jti: "slow" });
  client.write(envelope("auth.refresh", "1", { token }));
  await asked.promise;
  target.clock.advance(1_000);
  // Nothing has been said of the token.
  assert.equal((await untilReply(client, "1")).at(-1)?.["code"], "rate_limited");
  client.write(envelope("auth.refresh", "2", { token }));
  assert.equal((await untilReply(client, "2")).at(-1)?.["code"], "rate_limited");
  assert.equal(slow, 1);
  // Renewals are counted apart from those who come.
  await target.enter(mint(target.clock));
  client.reset();
  await target.stop();
});

test("One socket with many questions takes one place among those who wait for an approval", async () => {
  const answer = signal<boolean>();
  const asked = signal();
  const target = await hostSmallGate({
    checkPath: "/check",
    limits: { maxPendingHandshakes: 2 },
    approve: ({ offer }) => offer.path === "/check" ? (asked.resolve(), answer.promise) : true,
  });
  const fields = { ...bearer(mint(target.clock)), Connection: "keep-alive" };
  const greedy = await RawClient.open(target.port);
  greedy.write(plainRequest({ fields }).repeat(20));
  await asked.promise;
  await target.enter(mint(target.clock, { sub: "mia" }));
  answer.resolve(true);
  assert.equal((await greedy.response()).status, 200);
  const reasons = target.decisions.map(({ refused }) => refused?.reason);
  assert.equal(reasons.filter((reason) => reason === "pending").length, 19);
  await target.stop();
});

test("Acceptor survives a decided() that rejects", async () => {
  const target = await startAcceptor({ decided: () => Promise.reject(new Error("from decided()")) as never });
  await target.enter();
  assert.deepEqual(target.errors.map((error) => (error as Error).message), ["from decided()"]);
  await target.stop();
});

test("Gate survives keys that throw at a stranger's kid", async () => {
  const keys: KeySource = {
    keyFor: () => {
      throw new Error("the key service is down");
    },
    validUntilMs: () => Infinity,
    watch: () => () => undefined,
  };
  const target = await hostSmallGate({
    keys,
    checkPath: "/check",
  });
  const fields = bearer(mint(target.clock));
  assert.equal((await target.knock({ fields })).answer.status, 500);
  assert.equal((await ask(target.port, { fields })).status, 500);
  assert.equal(target.audit.at(-1)?.reason, "key_source_failed");
  const errors = target.errors.map((error) => (error as Error).message);
  assert.deepEqual([...new Set(errors)], ["the key service is down"]);
  await target.stop();
});
