import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/client_options.ts";
import type { ClientState } from "../../src/client/client_state.ts";
import { createClient as createPageClient } from "../../src/client/mod.ts";
import { createClient } from "../../src/io/create_client.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { tokenFor } from "../support/server.ts";
import { startGate, type TestGate } from "../support/server_gate.ts";

const noWebSocket = typeof globalThis.WebSocket === "function" ? false : "no global WebSocket here";
const ALL_CARRIERS = ["authorization", "subprotocol", "ticket", "message"] as const;

/** A gate with everything that helps a client. */
const startHelpful = () => startGate({ carriers: ALL_CARRIERS, checkPath: "/check", ticketPath: "/ticket" });

/** The next state of this kind. */
function next(client: Client, status: ClientState["status"]): Promise<ClientState> {
  return new Promise((resolve) => {
    const stop = client.onState((state) => {
      if (state.status !== status) return;
      stop();
      resolve(state);
    });
  });
}

const optionsFor = (target: TestGate, tokens: readonly string[], clock = new ManualClock()) => {
  const left = [...tokens];
  return {
    url: `ws://127.0.0.1:${target.port}/ws`,
    ticketUrl: "/ticket",
    checkUrl: "/check",
    clock,
    getToken: () => left.shift() ?? "",
  } satisfies ClientOptions;
};

for (const carrier of ALL_CARRIERS) {
  test(`a client enters a gate by ${carrier}, and is answered`, async () => {
    const target = await startHelpful();
    const token = tokenFor("ada", ["member"], target.clock.now() + 60_000);
    const client = createClient({ ...optionsFor(target, [token]), carrier });
    const { subject, roles } = await client.open();
    assert.deepEqual([subject, roles], ["ada", ["member"]]);
    assert.equal(typeof await client.request("say", "hi"), "number");
    await assert.rejects(client.request("kick", "eve"), { code: "denied" });
    client.close();
    await target.stop();
  });
}

for (const carrier of ["subprotocol", "ticket", "message"] as const) {
  test(
    `a page's client gets a new token for one that a gate refuses, by ${carrier}`,
    { skip: noWebSocket },
    async () => {
      const target = await startHelpful();
      const good = tokenFor("ada", ["member"], target.clock.now() + 60_000);
      const client = createPageClient({ ...optionsFor(target, ["a.b.c", good]), carrier });
      assert.equal((await client.open()).subject, "ada");
      client.close();
      await target.stop();
    },
  );
}

test(
  "a page's client needs no check path where a gate explains its refusals",
  { skip: noWebSocket },
  async () => {
    const target = await startGate({ explainRefusals: true });
    const good = tokenFor("ada", ["member"], target.clock.now() + 60_000);
    const { checkUrl: _, ...options } = optionsFor(target, ["a.b.c", good]);
    const client = createPageClient(options);
    const seen: string[] = [];
    client.onState(({ status }) => seen.push(status));
    assert.equal((await client.open()).subject, "ada");
    assert.deepEqual(seen, ["connecting", "connecting", "open"]);
    client.close();
    await target.stop();
  },
);

test("a client refreshes its session at a gate, in place", async () => {
  const target = await startHelpful();
  const endMs = target.clock.now() + 60_000;
  const tokens = [endMs, endMs + 60_000].map((atMs) => tokenFor("ada", ["member"], atMs));
  const client = createClient(optionsFor(target, tokens));
  const { sessionId } = await client.open();
  const changed = next(client, "open");
  target.clock.advance(48_000);
  const state = await changed;
  assert.deepEqual(state.status === "open" && [state.session.sessionId, state.session.expiresAt], [
    sessionId,
    endMs + 60_000,
  ]);
  client.close();
  await target.stop();
});

test("a client stops when its token is revoked", async () => {
  const target = await startHelpful();
  const token = tokenFor("ada", ["member"], target.clock.now() + 60_000);
  const client = createClient(optionsFor(target, [token]));
  await client.open();
  const stopped = next(client, "stopped");
  target.gate.revoke({ subject: "ada" });
  const state = await stopped;
  assert.deepEqual(state.status === "stopped" && state.why.kind === "closed" && state.why.code, 3003);
  await target.idle();
  await target.stop();
});
