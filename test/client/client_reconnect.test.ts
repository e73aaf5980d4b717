import assert from "node:assert/strict";
import { test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import type { Client } from "../../src/client/client.ts";
import type { TransportEnd } from "../../src/client/transport.ts";
import { CLOSE } from "../../src/protocol/close_codes.ts";
import { clientBench, settle } from "../support/client_bench.ts";
import { FakeTransport, SESSION } from "../support/fake_transport.ts";

/** How long a client waits, if it does. */
function delayOf({ state }: Client): number | undefined {
  return state.status === "waiting" ? state.delayMs : undefined;
}

const refused = (status: number, retryAfterMs?: number): TransportEnd => ({
  kind: "refused",
  status,
  retryAfterMs,
});

for (const { code, client: action } of Object.values(CLOSE)) {
  test(`Client does what the table says when a session ends with ${code}: ${action}`, async () => {
    const { client, enter, transport, asked, shown, pass } = clientBench();
    (await enter()).closeWith(code, "why");
    const why = { kind: "closed", code, reason: "why" };
    if (action === "stop") {
      assert.deepEqual(client.state, { status: "stopped", why });
      await pass(3_600_000);
      assert.equal(transport.links.length, 1);
      return;
    }
    if (action !== "refresh") {
      assert.deepEqual(client.state, { status: "waiting", delayMs: 500, why });
      await pass(499);
      assert.equal(transport.links.length, 1);
    }
    await pass(1);
    transport.link.hello();
    assert.equal(client.state.status, "open");
    assert.deepEqual(shown(), action === "refresh" ? ["token-1", "token-2"] : ["token-1", "token-1"]);
    assert.deepEqual(asked, action === "refresh" ? ["first", "refused"] : ["first"]);
  });
}

for (
  const [status, action] of [[401, "refresh"], [403, "stop"], [404, "stop"], [429, "backoff"], [
    503,
    "backoff",
  ]]
) {
  test(`Client does the same when the upgrade is answered with ${status}: ${action}`, async () => {
    const { client, transport, shown, pass } = clientBench();
    void client.open();
    await settle();
    transport.link.end(refused(Number(status)));
    await settle();
    if (action === "stop") {
      assert.deepEqual(client.state, { status: "stopped", why: { kind: "refused", status } });
      await assert.rejects(client.open(), { code: "client_stopped" });
      return;
    }
    if (action === "backoff") await pass(500);
    assert.deepEqual(shown(), ["token-1", action === "refresh" ? "token-2" : "token-1"]);
  });
}

test("Client keeps its token when the server cannot be reached", async () => {
  const { client, transport, shown, asked, pass } = clientBench();
  void client.open();
  await settle();
  for (const delayMs of [500, 1_000, 2_000]) {
    transport.link.end({ kind: "unreachable" });
    assert.deepEqual(client.state, { status: "waiting", delayMs, why: { kind: "unreachable" } });
    await pass(delayMs);
  }
  assert.deepEqual(shown(), ["token-1", "token-1", "token-1", "token-1"]);
  assert.deepEqual(asked, ["first"]);
});

test("Client waits at least as long as Retry-After says", async () => {
  const { client, transport, pass } = clientBench();
  void client.open();
  await settle();
  transport.link.end(refused(503, 7_000));
  assert.equal(delayOf(client), 7_500);
  await pass(7_499);
  assert.equal(transport.links.length, 1);
});

test("Client comes back no sooner than a server.bye asked for, and forgets it after that", async () => {
  const { client, enter, transport, pass } = clientBench();
  const link = await enter();
  link.say({ type: "server.bye", data: { reconnectInMs: 2_000 } });
  assert.equal(client.state.status, "open");
  link.closeWith(1012);
  assert.equal(delayOf(client), 2_500);
  await pass(2_500);
  transport.link.hello().closeWith(1012);
  assert.equal(delayOf(client), 1_000);
});

test("Client sends no new request behind a server.bye, but in its next session, and none is lost", async () => {
  const { client, enter, transport, pass } = clientBench();
  const link = await enter();
  link.say({ type: "server.bye", data: { reconnectInMs: 0 } });
  const request = client.request("look", 1);
  await settle();
  const sentBefore = link.sent.length;
  link.closeWith(1012);
  await pass(5_000);
  transport.link.hello();
  await settle();
  assert.equal(sentBefore, 0);
  transport.link.say({ type: "ok", re: transport.link.sent.at(-1)?.id, data: "seen" });
  assert.equal(await request, "seen");
});

test("Client never sends a refused token again, and does not ask in a hot loop for another", async () => {
  const { client, transport, shown, asked, pass, errors } = clientBench({ getToken: () => "stale" });
  void client.open();
  await settle();
  transport.link.end(refused(401));
  await settle();
  for (const delayMs of [500, 1_000, 2_000, 4_000]) {
    assert.deepEqual(client.state, { status: "waiting", delayMs, why: { kind: "token_refused" } });
    await pass(delayMs);
  }
  assert.deepEqual(shown(), ["stale"]);
  assert.deepEqual(asked, ["first", "refused", "refused", "refused", "refused", "refused"]);
  assert.deepEqual(
    new Set(errors.map((error) => (error as PortcullisError).code)),
    new Set(["token_refused"]),
  );
});

test("Client waits longer each time when one fresh token after the other is refused", async () => {
  const { client, transport, shown, pass } = clientBench();
  void client.open();
  await settle();
  for (const delayMs of [0, 500, 1_000, 2_000]) {
    transport.link.hello().closeWith(3000);
    if (delayMs > 0) assert.equal(delayOf(client), delayMs);
    await pass(delayMs);
  }
  assert.equal(new Set(shown()).size, 5);
});

test("Client waits while getToken fails, and comes back with the token that it gives at last", async () => {
  const failures = [new Error("offline"), new Error("offline")];
  const { client, transport, errors, pass } = clientBench({
    getToken: () => {
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return "good";
    },
  });
  void client.open();
  await settle();
  assert.deepEqual(client.state, { status: "waiting", delayMs: 500, why: { kind: "token_failed" } });
  await pass(500);
  await pass(1_000);
  transport.link.hello();
  assert.equal(client.state.status, "open");
  assert.deepEqual(errors.map((error) => (error as PortcullisError).code), ["token_failed", "token_failed"]);
});

test("Client asks for another token when it comes back after its own has expired", async () => {
  const { enter, transport, asked, shown, pass } = clientBench();
  (await enter()).closeWith(1006);
  await pass(500);
  transport.link.hello();
  await pass(60_000);
  transport.link.closeWith(1006);
  await pass(500);
  assert.deepEqual(shown(), ["token-1", "token-1", "token-2"]);
  assert.deepEqual(asked, ["first", "expiring"]);
});

test("Client takes an upgrade that is closed at once for what its code says, as a server that explains does it", async () => {
  const { client, transport, shown } = clientBench();
  void client.open();
  await settle();
  transport.link.open().closeWith(3000, "invalid_token");
  await settle();
  assert.deepEqual(shown(), ["token-1", "token-2"]);
  transport.link.open().closeWith(3003, "not_allowed");
  assert.deepEqual(client.state, {
    status: "stopped",
    why: { kind: "closed", code: 3003, reason: "not_allowed" },
  });
});

test("Client gives up waiting for a hello, and keeps its token", async () => {
  const { client, transport, shown, pass } = clientBench({ limits: { connectTimeoutMs: 3_000 } });
  void client.open();
  await settle();
  const { link } = transport;
  link.open();
  await pass(2_999);
  assert.equal(client.state.status, "connecting");
  await pass(1);
  assert.deepEqual(client.state, { status: "waiting", delayMs: 500, why: { kind: "timeout" } });
  assert.deepEqual(link.closedWith, { code: 1000, reason: "" });
  link.say({ type: "hello", data: SESSION }).closeWith(1000);
  assert.equal(client.state.status, "waiting");
  await pass(500);
  assert.deepEqual(shown(), ["token-1", "token-1"]);
});

test("Client waits for the hello no longer once it has come", async () => {
  const { client, enter, pass, clock } = clientBench();
  await enter();
  assert.equal(clock.pending, 0);
  await pass(3_600_000);
  assert.equal(client.state.status, "open");
});

test("Client stops, and says why, when its transport can never work", async () => {
  const { client, transport } = clientBench();
  const opened = client.open();
  await settle();
  const error = new PortcullisError("unsupported", "This runtime has no global WebSocket.");
  transport.link.end({ kind: "unusable", error });
  await assert.rejects(opened, { code: "client_stopped", cause: error });
});

test("Client comes back from twenty restarts, and shows each token as long as it is good", async () => {
  const { client, enter, transport, asked, pass } = clientBench();
  await enter();
  for (let restart = 0; restart < 20; restart++) {
    transport.link.closeWith(1012);
    while (client.state.status !== "open") {
      await pass(delayOf(client) ?? 0);
      if (transport.link.closedWith !== undefined) continue;
      // The server is down for the first attempt after each restart.
      if (transport.links.length % 2 === 0) transport.link.end({ kind: "unreachable" });
      else transport.link.hello({ expiresAt: 1_900_000_000_000 });
    }
    await pass(10_000);
  }
  assert.equal(transport.links.length, 41);
  assert.deepEqual(asked, ["first"]);
});

test("Client in a page without a check path never shows a token again that may have been refused", async () => {
  const { client, transport, asked, pass } = clientBench({}, new FakeTransport(false));
  void client.open();
  await settle();
  transport.link.end({ kind: "unclear" });
  assert.deepEqual(client.state, { status: "waiting", delayMs: 500, why: { kind: "unclear" } });
  await pass(500);
  assert.deepEqual(asked, ["first", "refused"]);
  const offers = transport.links.map(({ request }) => request.subprotocols[1]);
  assert.equal(new Set(offers).size, 2);
});
