/** A gate that is about to stop, over real sockets. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed, signal } from "../support/server.ts";

const LIMITS = { reconnectSpreadMs: 10_000, drainNoticeMs: 500, drainTimeoutMs: 5_000 };

/** A gate whose randomness is the series 0, 0.25, 0.5, 0.75. */
function host(options: SmallGateOptions = {}): Promise<SmallGate> {
  let draws = 0;
  return hostSmallGate({
    random: () => (draws++ % 4) / 4,
    ...options,
    limits: { ...LIMITS, ...options.limits },
  });
}

/** Answers the server's Close frame, as every client does, and waits for the end of TCP. */
async function leaves(client: RawClient) {
  const { told, close: said } = await untilClose(client);
  client.write(close(1012));
  const { how } = await client.finished;
  return { told, said, how };
}

describe("Gate.drain()", () => {
  test("tells every client when to return, each another time, then closes with 1012, and resets nobody", async () => {
    const target = await host();
    const clients = [];
    for (let i = 0; i < 4; i++) clients.push((await target.enter(mint(target.clock))).client);
    const drained = target.gate.drain();
    target.clock.advance(500);
    const left = await Promise.all(clients.map(leaves));
    assert.deepEqual(
      left.map(({ told }) => told.map(({ type, data }) => [type, data])),
      [0, 2_500, 5_000, 7_500].map((reconnectInMs) => [["server.bye", { reconnectInMs }]]),
    );
    for (const { said, how } of left) {
      assert.deepEqual([said, how], ["close 1012 The server restarts.", "end"]);
    }
    await drained;
    assert.deepEqual([target.gate.size, target.audit.filter(({ event }) => event === "session_expired")], [
      0,
      [],
    ]);
    await target.stop();
  });

  test("answers what is being handled, and what waits behind it, before it closes", async () => {
    const [started, answer] = [signal(), signal<string>()];
    const target = await host({ deeds: { act: () => (started.resolve(), answer.promise) } });
    const { client } = await target.enter(mint(target.clock));
    client.write(envelope("act", "1", {}));
    client.write(envelope("look", "2", {}));
    await started.promise;
    const drained = target.gate.drain();
    target.clock.advance(3_000);
    answer.resolve("done");
    assert.equal((await client.json())["type"], "server.bye");
    assert.deepEqual(await client.json(), { type: "ok", re: "1", data: "done" });
    assert.deepEqual(await client.json(), { type: "ok", re: "2" });
    target.clock.advance(20);
    assert.equal((await leaves(client)).how, "end");
    await drained;
    await target.stop();
  });

  test("handles what comes between the notice and the end, and nothing behind it", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock));
    const drained = target.gate.drain();
    assert.equal((await client.json())["type"], "server.bye");
    client.write(envelope("look", "1", {}));
    assert.deepEqual(await client.json(), { type: "ok", re: "1" });
    target.clock.advance(500);
    client.write(envelope("look", "2", {}));
    assert.deepEqual((await leaves(client)).told, []);
    await drained;
    assert.deepEqual(target.handled, ["ada look {}"]);
    await target.stop();
  });

  test("refuses new upgrades with 503 and when to come back, those too that were waiting to be approved", async () => {
    const [asked, approval] = [signal(), signal<boolean>()];
    let given: AbortSignal | undefined;
    const target = await host({
      approve: ({ identity }, signal) => {
        if (identity?.subject !== "late") return true;
        given = signal;
        asked.resolve();
        return approval.promise;
      },
    });
    await target.enter(mint(target.clock));
    const waiting = target.knock({
      fields: { Authorization: `Bearer ${mint(target.clock, { sub: "late" })}` },
    });
    await asked.promise;
    void target.gate.drain();
    // The application need not answer any more.
    assert.equal(given?.aborted, true);
    const fresh = target.knock({ fields: { Authorization: `Bearer ${mint(target.clock)}` } });
    for (const { answer } of [await waiting, await fresh]) {
      assert.deepEqual([answer.status, answer.fields["retry-after"]], [503, "5"]);
    }
    assert.deepEqual(target.decisions.slice(-2).map(({ refused }) => refused?.reason), [
      "draining",
      "draining",
    ]);
    await target.stop();
  });

  test("closes whoever has not shown a token yet, and resolves once all sockets are gone", async () => {
    const target = await host({ carriers: ["message"] });
    const { client } = await target.knock();
    let resolved = false;
    const drained = target.gate.drain().then(() => resolved = true);
    assert.deepEqual(await untilClose(client), { told: [], close: "close 1012" });
    assert.equal(resolved, false);
    client.write(close(1012));
    await drained;
    await target.stop();
  });

  test("asks about no token that is shown meanwhile", async () => {
    let asked = 0;
    const target = await host({ carriers: ["message"], approve: () => ++asked > 0 });
    const { client } = await target.knock();
    const { client: member } = await target.knock();
    member.write(envelope("auth", "a", { token: mint(target.clock) }));
    await untilReply(member, "a");
    void target.gate.drain();
    client.write(envelope("auth", "a", { token: mint(target.clock) }));
    const { told, close: end } = await untilClose(client);
    assert.deepEqual([told.at(-1)?.["code"], end, asked], [
      "rate_limited",
      "close 1013 Service Unavailable",
      1,
    ]);
    for (const one of [client, member]) one.reset();
    await target.stop();
  });

  test("says goodbye also when the event loop stood still for longer than all of it takes", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock));
    const drained = target.gate.drain();
    target.clock.jump(10_000);
    target.clock.advance(0);
    assert.equal((await leaves(client)).said, "close 1012 The server restarts.");
    await drained;
    await target.stop();
  });

  test("leaves no timer behind", async () => {
    const target = await host({ limits: { presenceGraceMs: 0, drainTimeoutMs: 600_000 } });
    const { client } = await target.enter(mint(target.clock));
    const drained = target.gate.drain();
    client.reset();
    await closed(target.sockets[0]);
    target.clock.advance(60_000);
    await drained;
    assert.equal(target.clock.pending, 0);
    await target.stop();
  });

  test("is done at once when nobody is there, and is the same drain when it is asked for again", async () => {
    const target = await host();
    const drained = target.gate.drain();
    assert.equal(target.gate.drain(), drained);
    await drained;
    await target.stop();
  });

  test("takes other chance where that of the application throws, or is none", async () => {
    for (const random of [() => 1, () => NaN, () => assert.fail("no chance")]) {
      const target = await host({ random });
      const { client } = await target.enter(mint(target.clock));
      void target.gate.drain();
      const { reconnectInMs } = (await client.json())["data"] as { readonly reconnectInMs: number };
      assert.ok(reconnectInMs >= 0 && reconnectInMs < 30_000, String(reconnectInMs));
      client.reset();
      await target.stop();
    }
  });

  test("ends at once when the gate is closed meanwhile", async () => {
    const target = await host();
    const { client } = await target.enter(mint(target.clock));
    const drained = target.gate.drain();
    target.gate.close();
    assert.equal((await leaves(client)).said, "close 1001");
    target.clock.advance(1_000);
    await drained;
    await target.stop();
  });
});
