import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientState } from "../../src/client/client_state.ts";
import { ObservedState } from "../../src/client/observed_state.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { SESSION } from "../support/fake_transport.ts";

const fail = (error: unknown) => assert.fail(String(error));
const OPEN: ClientState = { status: "open", session: SESSION };
const STOPPED: ClientState = { status: "stopped", why: { kind: "closed", code: 3003, reason: "" } };

test("ObservedState begins idle, and tells of each change", () => {
  const state = new ObservedState(fail);
  const seen: ClientState[] = [];
  const unwatch = state.watch((now) => seen.push(now));
  assert.deepEqual(state.now, { status: "idle" });
  state.become({ status: "connecting" });
  unwatch();
  state.become(OPEN);
  assert.deepEqual(seen, [{ status: "connecting" }]);
  assert.equal(state.now, OPEN);
});

test("ObservedState.become() spares later watchers a state that an earlier one has changed", () => {
  const state = new ObservedState(fail);
  const seen: string[] = [];
  state.watch(({ status }) => status === "open" && state.become(STOPPED));
  state.watch(({ status }) => seen.push(status));
  state.become(OPEN);
  assert.deepEqual(seen, ["stopped"]);
});

test("ObservedState.session() resolves with the session that there is, or with the next", async () => {
  const state = new ObservedState(fail);
  const next = state.session();
  state.become({ status: "connecting" });
  state.become(OPEN);
  assert.equal(await next, SESSION);
  assert.equal(await state.session(), SESSION);
});

test("ObservedState.session() rejects when there will be none, and not before", async () => {
  const state = new ObservedState(fail);
  const next = state.session();
  state.become({ status: "waiting", delayMs: 1, why: { kind: "unreachable" } });
  state.become(STOPPED);
  await assert.rejects(next, { code: "client_stopped" });
  await assert.rejects(state.session(), { code: "client_stopped" });
});

test("ObservedState.session() says what makes the client unusable", async () => {
  const state = new ObservedState(fail);
  const error = new PortcullisError("unsupported", "This runtime has no global WebSocket.");
  state.become({ status: "stopped", why: { kind: "unusable", error } });
  await assert.rejects(state.session(), { code: "client_stopped", cause: error });
});
