import assert from "node:assert/strict";
import { test } from "node:test";
import { MESSAGE_STEPS } from "../../src/session/message_steps.ts";
import type { SessionTraceEvent } from "../../src/session/trace.ts";
import { type Bench, bench, MAX_ENVELOPE_BYTES } from "../support/session_dispatcher.ts";
import { jws, NOW, NOW_MS } from "../support/tokens.ts";

/** What the messages of a bench came to: outcome, and the last step. */
function outcomes({ traces }: Bench): string[] {
  for (const event of traces) {
    const last = event.kind === "message" ? event.steps.at(-1) : undefined;
    if (last?.outcome !== "failed" || event.kind !== "message" || event.outcome === "ok") continue;
    assert.ok(
      MESSAGE_STEPS[last.step].denials.includes(event.outcome),
      `${last.step} denies with ${event.outcome}`,
    );
  }
  return traces.flatMap((event) =>
    event.kind === "message"
      ? `${event.type} ${event.outcome} ${event.steps.at(-1)?.step} ${event.steps.at(-1)?.outcome}`
      : []
  );
}

const roomy = () => bench(undefined, ["member"], { maxEnvelopeBytes: 20_000 });

test("SessionTrace tells of a message that was answered: whose, what the row names, every step", () => {
  const made = bench();
  made.send({ type: "say", data: "hi" });
  const [told, ...others] = made.traces;
  assert.deepEqual(others, []);
  assert.deepEqual({ ...told, steps: [] }, {
    kind: "message",
    atMs: NOW_MS,
    connection: 7,
    sessionId: made.session.id,
    subject: "ada",
    roles: ["member"],
    type: "say",
    allowed: ["member"],
    outcome: "ok",
    steps: [],
  });
  assert.deepEqual(outcomes(made), ["say ok still passed"]);
});

test("SessionTrace tells of each denial, with the step at which it fell", () => {
  const cases: readonly (readonly [object | string, string])[] = [
    ["x".repeat(MAX_ENVELOPE_BYTES + 1), "undefined too_large size failed"],
    ["no JSON", "undefined malformed form failed"],
    [{ type: "__proto__" }, "__proto__ unknown_type type failed"],
    [{ type: "say", data: 7 }, "say invalid_data data failed"],
    [{ type: "say", data: "!" }, "say forbidden condition failed"],
  ];
  for (const [message, wanted] of cases) {
    const made = bench();
    made.send(message);
    assert.deepEqual(outcomes(made), [wanted]);
  }
});

test("SessionTrace tells the roles that lack, and the ones that the row names", () => {
  const made = bench(undefined, ["guest"]);
  made.send({ type: "say", data: "hi" });
  assert.deepEqual(outcomes(made), ["say forbidden role failed"]);
  const [told] = made.traces as [SessionTraceEvent & { readonly kind: "message" }];
  assert.deepEqual([told.roles, told.allowed], [["guest"], ["member"]]);
});

test("SessionTrace tells the rate of the session and that of a type apart", () => {
  const ofType = bench();
  for (const data of ["a", "b"]) ofType.send({ type: "say", data });
  assert.equal(outcomes(ofType)[1], "say rate_limited type_rate failed");
  const ofSession = bench(undefined, ["member"], { maxMessagesPerSecond: 1 });
  for (let i = 0; i < 2; i++) ofSession.send({ type: "ask" });
  assert.equal(outcomes(ofSession)[1], "ask rate_limited rate failed");
});

test("SessionTrace tells of a handler that throws, and of one at whose end the role is gone", async () => {
  const throwing = bench(() => {
    throw new Error("no");
  });
  throwing.send({ type: "ask" });
  assert.deepEqual(outcomes(throwing), ["ask internal application failed"]);
  const losing = bench(async (_data, { leases }) => {
    await Promise.resolve();
    leases.setRoles("ada", []);
  });
  await losing.send({ type: "ask" });
  assert.deepEqual(outcomes(losing), ["ask forbidden still failed"]);
});

test("SessionTrace tells that too many handlers are at work for nobody", async () => {
  const made = bench(() => new Promise(() => undefined), ["member"], {
    maxGivenUpHandlersPerSubject: 1,
    handlerTimeoutMs: 10,
  });
  const first = made.send({ type: "ask" });
  made.clock.advance(10);
  await first;
  made.send({ type: "ask" });
  assert.deepEqual(outcomes(made), ["ask internal application failed", "ask internal capacity failed"]);
});

test("SessionTrace tells of an expired identity, and of the end that it leads to", () => {
  const made = bench();
  made.clock.jump(60_000);
  made.send({ type: "ask" });
  assert.deepEqual(outcomes(made), ["ask expired identity failed"]);
  const end = made.traces.at(-1);
  assert.deepEqual(end?.kind === "lease" && [end.change, end.reason], ["ended", "expired"]);
});

test("SessionTrace tells of a lease that is refreshed, with its new end, and of one that is refused", () => {
  const made = roomy();
  made.send({
    type: "auth.refresh",
    data: { token: jws({ payload: { sub: "ada", aud: "chat", exp: NOW + 90 } }) },
  });
  made.send({
    type: "auth.refresh",
    data: { token: jws({ payload: { sub: "eve", aud: "chat", exp: NOW + 90 } }) },
  });
  made.send({ type: "auth.refresh", data: {} });
  const leases = made.traces.flatMap((event) =>
    event.kind === "lease" ? [[event.change, event.reason, event.expiresAtMs]] : []
  );
  assert.deepEqual(leases, [
    ["refreshed", undefined, NOW_MS + 90_000],
    ["refused", "other_subject", NOW_MS + 90_000],
  ]);
  assert.deepEqual(outcomes(made), [
    "auth.refresh ok token passed",
    "auth.refresh forbidden token failed",
    "auth.refresh invalid_data data failed",
  ]);
});

test("SessionTrace tells that a lease is about to end, and that its roles are others", () => {
  const made = bench();
  made.context.leases.setRoles("ada", ["guest"]);
  made.clock.advance(48_000);
  const leases = made.traces.map((event) =>
    event.kind === "lease" && [event.change, event.roles, event.leasedAtMs]
  );
  assert.deepEqual(leases, [["changed", ["guest"], NOW_MS], ["expiring", ["guest"], NOW_MS]]);
});

test("SessionTrace tells of each session that a delivery is for, and what became of it", () => {
  const made = bench();
  const deliveries = () =>
    made.traces.splice(0).map((event) =>
      event.kind === "delivery" && [event.subject, event.type, event.outcome]
    );
  made.context.groups.send("everyone", "said", "hi");
  assert.deepEqual(deliveries(), [["ada", "said", "sent"]]);
  made.sender.open = false;
  made.context.groups.send("everyone", "said", "hi");
  assert.deepEqual(deliveries(), [["ada", "said", "closed"]]);
  made.clock.jump(60_000);
  made.context.groups.send("everyone", "said", "hi");
  assert.deepEqual(deliveries(), [["ada", "said", "expired"]]);
});

test("SessionTrace tells of a validator and a condition that throw at their steps", () => {
  for (
    const [data, wanted] of [
      ["throw in the validator", "say internal data failed"],
      ["throw in the condition", "say internal condition failed"],
    ] as const
  ) {
    const made = bench();
    made.send({ type: "say", data });
    assert.deepEqual(outcomes(made), [wanted]);
    assert.equal(made.errors.length, 1);
  }
});

test("SessionTrace tells nothing of a session whose connection is not observed", () => {
  const made = bench();
  made.session.traceNumber = undefined;
  made.send({ type: "say", data: "hi" });
  made.context.groups.send("everyone", "said", "hi");
  made.context.leases.setRoles("ada", ["guest"]);
  assert.deepEqual(made.traces, []);
});

test("SessionTrace hides a type that may be a secret, unless a row has it", () => {
  const made = bench();
  made.send({ type: "x".repeat(22) });
  assert.deepEqual(outcomes(made), ["[hidden, 22 characters] unknown_type type failed"]);
});

test("SessionTrace makes the text of strangers printable", () => {
  const made = bench();
  made.send({ type: "a\u202eb" });
  assert.deepEqual(outcomes(made), ["a\\u{202e}b unknown_type type failed"]);
});
