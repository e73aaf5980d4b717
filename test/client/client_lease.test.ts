import assert from "node:assert/strict";
import { test } from "node:test";
import { clientBench, settle } from "../support/client_bench.ts";
import type { FakeLink } from "../support/fake_transport.ts";

const EXPIRING = { type: "auth.expiring", data: { expiresAt: 1_800_000_060_000 } };

/** The last message of the client, which must be an `auth.refresh`. */
function refreshOn(link: FakeLink): { readonly id: string; readonly token: unknown } {
  const { type, id, data } = link.sent.at(-1) ?? {};
  if (type !== "auth.refresh" || id === undefined) throw new Error(`${type} instead of auth.refresh`);
  return { id, token: (data as { readonly token: unknown }).token };
}

test("Client refreshes in place upon auth.expiring, and its session changes with the reply", async () => {
  const { client, enter, transport, asked } = clientBench();
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  const { id, token } = refreshOn(link);
  assert.equal(token, "token-2");
  link.say({ type: "ok", re: id, data: { roles: ["admin"], expiresAt: 1_800_000_120_000 } });
  await settle();
  assert.deepEqual(
    client.state.status === "open" && [client.state.session.roles, client.state.session.expiresAt],
    [
      ["admin"],
      1_800_000_120_000,
    ],
  );
  assert.deepEqual(asked, ["first", "expiring"]);
  assert.equal(transport.links.length, 1);
});

test("Client comes back with the refreshed token, and it is that one which a 3000 refuses", async () => {
  const { enter, transport, shown, pass } = clientBench();
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  link.say({ type: "ok", re: refreshOn(link).id, data: { expiresAt: 1_800_000_120_000 } });
  await settle();
  link.closeWith(1012);
  await pass(500);
  transport.link.hello({ expiresAt: 1_800_000_120_000 }).closeWith(3000);
  await settle();
  assert.deepEqual(shown(), ["token-1", "token-2", "token-3"]);
});

test("Client takes the refreshed token for refused, and not the first, when a 3000 ends the same session", async () => {
  const { enter, shown, asked } = clientBench();
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  link.say({ type: "ok", re: refreshOn(link).id, data: { expiresAt: 1_800_000_120_000 } });
  await settle();
  link.closeWith(3000);
  await settle();
  assert.deepEqual(shown(), ["token-1", "token-3"]);
  assert.deepEqual(asked, ["first", "expiring", "refused"]);
});

test("Client gets a new token and comes back when the lease was over before a refresh came through", async () => {
  const answers: (() => string)[] = [() => "good", () => "bad", () => "better"];
  const { enter, transport, shown, asked } = clientBench({ getToken: () => answers.shift()?.() ?? "" });
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  link.say({ type: "error", re: refreshOn(link).id, code: "invalid_data", retryable: false });
  await settle();
  link.closeWith(3000);
  await settle();
  assert.deepEqual(shown(), ["good", "better"]);
  assert.deepEqual(asked, ["first", "expiring", "refused"]);
  transport.link.hello();
});

test("Client uses a token that came too late for the refresh, as nobody has refused it", async () => {
  const { enter, shown, asked } = clientBench();
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  link.closeWith(3000);
  await settle();
  assert.deepEqual(shown(), ["token-1", "token-2"]);
  assert.deepEqual(asked, ["first", "expiring"]);
});

test("Client sends no refresh of one session in the next", async () => {
  const { client, enter, transport, pass } = clientBench();
  const link = await enter();
  link.jam();
  link.say(EXPIRING);
  await settle();
  link.closeWith(1012);
  await pass(500);
  transport.link.hello();
  await pass(3_600_000);
  assert.deepEqual(transport.link.texts, []);
  assert.equal(client.state.status, "open");
});

test("Client reports nothing, and leaves nothing behind, when it is closed during a refresh", async () => {
  const { client, enter, clock, errors } = clientBench();
  const link = await enter();
  link.say(EXPIRING);
  await settle();
  client.close();
  await settle();
  assert.equal(clock.pending, 0);
  assert.deepEqual(errors, []);
});
