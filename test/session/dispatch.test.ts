import assert from "node:assert/strict";
import { test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import type { PermissionRow } from "../../src/auth/permission_row.ts";
import type { StandardSchema } from "../../src/auth/validator.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { resolveLimits } from "../../src/base/limits.ts";
import { Dispatcher } from "../../src/session/dispatch.ts";
import { type DenialCode, DENIALS } from "../../src/session/envelope.ts";
import type { Handlers } from "../../src/session/handler.ts";
import { NO_METER } from "../../src/session/meter.ts";
import type { Leases } from "../../src/session/leases.ts";
import {
  type Bench,
  bench,
  MAX_ENVELOPE_BYTES,
  type Receive,
  type Send,
} from "../support/session_dispatcher.ts";
import { testLeases } from "../support/session_leases.ts";
import { type Role, ROLES } from "../support/sessions.ts";

/** The last reply, as far as it matters here: its code, or `ok`. */
function answer({ sender }: Bench): string {
  const { type, code } = sender.replies.at(-1) as { readonly type: string; readonly code?: DenialCode };
  return code ?? type;
}

test("Dispatcher.receive() answers with what the handler returns, under the id of the message", () => {
  const made = bench((data, { session }) => ({ data, from: session.subject }));
  assert.equal(made.send({ type: "ask", id: "7", data: [1] }), undefined);
  made.send({ type: "ask" });
  assert.deepEqual(made.sender.replies, [
    { type: "ok", re: "7", data: { data: [1], from: "ada" } },
    { type: "ok", data: { from: "ada" } },
  ]);
  assert.deepEqual(made.events, []);
});

test("Dispatcher.receive() hands the groups and the very session to the handler", () => {
  let given: unknown;
  const made = bench((_data, { session, groups, leases }) => void (given = { session, groups, leases }));
  made.send({ type: "ask" });
  assert.deepEqual(given, made.context);
});

/** Each message is wrong in its own step and in all that come later; each step is met by the first fault alone. */
const STEPS: readonly (readonly [
  wanted: string,
  calls: readonly string[],
  message: object | string,
  roles: readonly Role[],
  prepare: "expire" | "exhaust" | undefined,
])[] = [
  ["too_large", [], "x".repeat(MAX_ENVELOPE_BYTES + 1), ["guest"], "expire"],
  ["malformed", [], "x".repeat(MAX_ENVELOPE_BYTES), ["guest"], "expire"],
  ["unknown_type", [], { type: "shout", data: 7 }, ["guest"], "expire"],
  ["expired", [], { type: "say", data: 7 }, ["guest"], "expire"],
  ["forbidden", [], { type: "say", data: 7 }, ["guest"], "exhaust"],
  ["rate_limited", [], { type: "say", data: 7 }, ["member"], "exhaust"],
  ["invalid_data", ["data"], { type: "say", data: 7 }, ["member"], undefined],
  ["forbidden", ["data", "when"], { type: "say", data: "!" }, ["member"], undefined],
  ["ok", ["data", "when", "handler"], { type: "say", data: "hi" }, ["member"], undefined],
];

for (const [wanted, calls, message, roles, prepare] of STEPS) {
  test(`Dispatcher.receive() answers ${wanted} after [${calls.join()}] when all later steps would fail too`, () => {
    const made = bench(undefined, roles);
    if (prepare === "expire") made.clock.jump(60_000);
    if (prepare === "exhaust") {
      made.session.rates.countOfType("say", { perSecond: 1, burst: 1 }, made.clock.now());
    }
    made.send(message);
    assert.equal(answer(made), wanted);
    assert.deepEqual(made.calls, calls);
    // The end of the session is a decision of its own.
    const decisions = wanted === "ok" ? [] : wanted === "expired" ? [wanted, wanted] : [wanted];
    assert.deepEqual(made.events.map(({ reason }) => reason), decisions);
    assert.deepEqual(made.errors, []);
    assert.equal(made.sender.open, wanted !== "expired");
  });
}

test("Dispatcher.receive() answers each no once, in the words of its row, and goes on with the next message", () => {
  const made = bench(undefined, ["member"]);
  made.send('{"type":7,"id":"1"}');
  made.send({ type: "shout", id: "2" });
  made.send({ type: "say", id: "3", data: 7 });
  made.send({ type: "say", id: "4", data: "hi" });
  made.clock.jump(1_000);
  made.send({ type: "say", id: "5", data: "hi" });
  const denied = (re: string, code: DenialCode) => ({ type: "error", re, code, ...DENIALS[code] });
  assert.deepEqual(made.sender.replies, [
    denied("1", "malformed"),
    denied("2", "unknown_type"),
    denied("3", "invalid_data"),
    // Invalid data counts too: the look at it is what costs.
    { ...denied("4", "rate_limited"), retryAfterMs: 1_000 },
    { type: "ok", re: "5", data: "HI" },
  ]);
});

test("Dispatcher.receive() closes with 3000 when the identity is over, behind the error", () => {
  const made = bench();
  made.clock.jump(59_999);
  made.send({ type: "ask" });
  assert.equal(answer(made), "ok");
  made.clock.jump(1);
  made.send({ type: "ask", id: "7" });
  assert.deepEqual(made.sender.replies.at(-1), {
    type: "error",
    re: "7",
    code: "expired",
    ...DENIALS.expired,
  });
  assert.deepEqual(made.sender.closes, [{ code: 3000, reason: DENIALS.expired.message }]);
});

test("Dispatcher.receive() measures messages in bytes of UTF-8", () => {
  const frame = (text: string) => JSON.stringify({ type: "ask", data: text });
  const room = MAX_ENVELOPE_BYTES - frame("").length;
  const cases: readonly (readonly [string, string])[] = [
    ["x".repeat(room), "ok"],
    ["x".repeat(room + 1), "too_large"],
    ["é".repeat(Math.floor(room / 2)), "ok"],
    ["é".repeat(Math.floor(room / 2) + 1), "too_large"],
    ["€".repeat(Math.floor(room / 3)), "ok"],
    ["€".repeat(Math.floor(room / 3) + 1), "too_large"],
    ["😀".repeat(Math.floor(room / 4)), "ok"],
    ["😀".repeat(Math.floor(room / 4) + 1), "too_large"],
  ];
  for (const [text, wanted] of cases) {
    const made = bench();
    made.send(frame(text));
    assert.equal(answer(made), wanted, `${text.length} of ${text.slice(0, 2)}`);
  }
});

test("Dispatcher.receive() knows no type that only every object has, nor one that only the server sends", () => {
  const made = bench(undefined, ROLES);
  for (
    const type of ["__proto__", "constructor", "toString", "then", "", "ok", "error", "hello", "said", "Ask"]
  ) {
    made.send({ type });
    assert.equal(answer(made), "unknown_type", type);
  }
  assert.equal(made.sender.open, true);
});

test("Dispatcher.receive() believes no role that stands in a message", () => {
  const made = bench(undefined, ["guest"]);
  made.send('{"type":"say","data":"hi","role":"member","roles":["member"],"session":{"roles":["member"]}}');
  assert.equal(answer(made), "forbidden");
});

test("Dispatcher.receive() audits who, when and which type, and nothing of the content", () => {
  const made = bench(undefined, ["guest"]);
  made.send({ type: "say", id: "hunter2", data: "hunter2" });
  made.send({ type: "line\nbreak", data: "hunter2" });
  made.send("hunter2");
  const about = { atMs: made.clock.now(), subject: "ada", sessionId: made.session.id };
  assert.deepEqual(made.events, [
    { event: "authz_fail", reason: "forbidden", type: "say", ...about },
    { event: "input_validation_fail", reason: "unknown_type", type: "line\\u{a}break", ...about },
    { event: "input_validation_fail", reason: "malformed", ...about },
  ]);
});

test("Dispatcher.receiveBinary() denies what is no envelope, and counts it, unless the session is over", () => {
  const made = bench(undefined, ["member"], { maxMessagesPerSecond: 2, maxRateDenials: 1 });
  for (let i = 0; i < 4; i++) made.dispatcher.receiveBinary(made.session);
  const { malformed, rate_limited: limited } = DENIALS;
  assert.deepEqual(made.sender.replies, [
    { type: "error", code: "malformed", ...malformed },
    { type: "error", code: "malformed", ...malformed },
    { type: "error", code: "rate_limited", ...limited, retryAfterMs: 500 },
    { type: "error", code: "rate_limited", ...limited, retryAfterMs: 500 },
  ]);
  assert.equal(made.session.end, "insistent");
  made.dispatcher.receiveBinary(made.session);
  assert.equal(made.events.length, 5);
});

/** What the handler of a row gets, and the answer. */
function outcomeOf(row: PermissionRow<Role, unknown>, data: unknown): readonly unknown[] {
  const { context: { session, groups }, lifecycle, clock, sender } = bench();
  const given: unknown[] = [];
  const dispatcher = new Dispatcher<Role, { "ask": unknown }, Send>({
    table: definePermissions({
      roles: ROLES,
      receive: { "ask": row },
      send: { "said": { roles: ROLES, data: isText } },
    }),
    handlers: { ask: (judged) => void given.push(judged) },
    groups,
    leases: testLeases().leases,
    lifecycle,
    limits: resolveLimits({ maxEnvelopeBytes: MAX_ENVELOPE_BYTES }),
    clock,
    audit: () => undefined,
    meter: NO_METER,
    reportError: () => undefined,
  });
  dispatcher.receive(session, JSON.stringify({ type: "ask", data }));
  const [{ type, code }] = sender.replies as [{ readonly type: string; readonly code?: DenialCode }];
  return [...given, code ?? type];
}

const isText = (value: unknown): value is string => typeof value === "string";

test("Dispatcher.receive() hands over what the validator made of the data, and not what came", () => {
  const shortened: StandardSchema<unknown> = {
    "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: String(value).slice(0, 3) }) },
  };
  assert.deepEqual(outcomeOf({ roles: ROLES, data: shortened }, "abcdef"), ["abc", "ok"]);
  const seen: unknown[] = [];
  const when = (_session: unknown, data: unknown) => seen.push(data) > 0;
  assert.deepEqual(outcomeOf({ roles: ROLES, data: shortened, when }, "abcdef"), ["abc", "ok"]);
  assert.deepEqual(seen, ["abc"]);
});

test("Dispatcher.receive() takes nothing but true for the yes of a condition", () => {
  for (const answer of [1, "yes", {}, Promise.resolve(true), undefined, null, false]) {
    assert.deepEqual(outcomeOf({ roles: ROLES, data: isText, when: () => answer as boolean }, "x"), [
      "forbidden",
    ]);
  }
  assert.deepEqual(outcomeOf({ roles: ROLES, data: isText, when: () => true }, "x"), ["x", "ok"]);
});

const WRONG_HANDLERS: Readonly<Record<string, object>> = {
  "a row has no handler": { ask: () => 1 },
  "a row's handler is undefined": { ask: () => 1, say: undefined },
  "a row's handler is no function": { ask: () => 1, say: {} },
  "a handler has no row": { ask: () => 1, say: () => 1, shout: () => 1 },
  "a handler is for what the server sends": { ask: () => 1, say: () => 1, said: () => 1 },
  "the handlers are only inherited": Object.create({ ask: () => 1, say: () => 1 }) as object,
};

for (const [name, handlers] of Object.entries(WRONG_HANDLERS)) {
  test(`Dispatcher() throws when ${name}`, () => {
    const { context: { groups, leases }, lifecycle, clock } = bench();
    const isAnything = (_value: unknown): _value is unknown => true;
    const row = { roles: ROLES, data: isAnything };
    const table = definePermissions({ roles: ROLES, receive: { ask: row, say: row }, send: { said: row } });
    const quiet = { clock, audit: () => undefined, meter: NO_METER, reportError: () => undefined };
    assert.throws(
      () =>
        new Dispatcher({
          table,
          handlers: handlers as Handlers<Role, Record<keyof Receive, unknown>, Record<keyof Send, unknown>>,
          groups,
          leases: leases as Leases<Role>,
          lifecycle,
          limits: resolveLimits({ maxEnvelopeBytes: MAX_ENVELOPE_BYTES }),
          ...quiet,
        }),
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
    );
  });
}
