import assert from "node:assert/strict";
import { test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import type { StandardSchema } from "../../src/auth/validator.ts";
import { type ErrorCode, PortcullisError } from "../../src/base/errors.ts";
import { CLOSE } from "../../src/protocol/close_codes.ts";
import { Groups } from "../../src/session/groups.ts";
import type { Recipients } from "../../src/session/recipients.ts";
import { NO_METER } from "../../src/session/meter.ts";
import { Registry } from "../../src/session/registry.ts";
import type { Session } from "../../src/session/session.ts";
import { manualTime, type RecordedSession, recordedSession, type Role, ROLES } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

const isText = (value: unknown): value is string => typeof value === "string";

/** Changes what it is given, as a schema may. */
const shortened: StandardSchema<string> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: String(value).slice(0, 3) }) },
};

const late: StandardSchema<string> = {
  "~standard": { version: 1, vendor: "test", validate: () => Promise.resolve({ value: "x" }) },
};

const table = definePermissions({
  roles: ROLES,
  receive: {},
  send: {
    "said": { roles: ROLES, data: isText },
    "secret": { roles: ["admin"], data: isText },
    "sealed": { roles: [], data: isText },
    "addressed": { roles: ROLES, data: isText, when: (session, data) => session.subject === data },
    "short": { roles: ROLES, data: shortened },
    "late": { roles: ROLES, data: late },
  },
});

/** What groups work with; what a gate does besides when it ends a session is the business of its leases. */
const means = (registry: Registry<Role>, now: () => number) => ({
  registry,
  now,
  endSession: (session: Session<Role>, code: number, reason: string) => session.sender.close(code, reason),
  limits: { maxKeptBytes: 1_000 },
  meter: NO_METER,
  reportError: (error: unknown) => assert.fail(String(error)),
});

/** Ada is an admin, Bob a member, Eve a guest, and Ada has a second tab; Ada's first and Bob are in the lobby. */
function house() {
  const time = manualTime();
  const registry = new Registry<Role>({ maxSessions: 10, maxSessionsPerSubject: 10, maxRoomsPerSession: 10 });
  const groups = new Groups({ table, ...means(registry, time.now) });
  const open = (subject: string, roles: readonly Role[], expiresAtMs = NOW_MS + 60_000): RecordedSession => {
    const recorded = recordedSession(subject, roles, { expiresAtMs });
    registry.add(recorded.session);
    return recorded;
  };
  const ada = open("ada", ["member", "admin"]);
  const bob = open("bob", ["member"]);
  const eve = open("eve", ["guest"]);
  const tab = open("ada", ["member", "admin"]);
  for (const { session } of [ada, bob]) groups.join(session, "lobby");
  /** Who of the four has got something since the last look. */
  const reached = () => {
    const all = Object.entries({ ada, bob, eve, tab });
    const got = all.filter(([, { sender }]) => sender.shared.splice(0).length > 0);
    return got.map(([name]) => name).join();
  };
  return { time, registry, groups, open, reached, ada, bob, eve, tab };
}

function throws(code: ErrorCode, call: () => unknown): void {
  assert.throws(call, (error) => error instanceof PortcullisError && error.code === code);
}

type House = ReturnType<typeof house>;
const RECIPIENTS: readonly (readonly [string, (house: House) => Recipients<Role>, string])[] = [
  ["everyone", () => "everyone", "ada,bob,eve,tab"],
  ["a role", () => ({ role: "admin" }), "ada,tab"],
  ["a role that others have too", () => ({ role: "member" }), "ada,bob,tab"],
  ["a subject", () => ({ subject: "ada" }), "ada,tab"],
  ["a subject that is not here", () => ({ subject: "mallory" }), ""],
  ["a room", () => ({ room: "lobby" }), "ada,bob"],
  ["a room with nobody in it", () => ({ room: "cellar" }), ""],
  ["one session", ({ tab }) => ({ session: tab.session.id }), "tab"],
  ["a session that is not here", () => ({ session: "ada" }), ""],
  ["a room called __proto__", () => ({ room: "__proto__" }), ""],
];

for (const [name, to, wanted] of RECIPIENTS) {
  test(`Groups.send() reaches "${wanted}" when it is for ${name}, and counts them`, () => {
    const made = house();
    const sent = made.groups.send(to(made), "said", "hi");
    assert.equal(made.reached(), wanted);
    assert.equal(sent, wanted === "" ? 0 : wanted.split(",").length);
  });

  test(`Groups.members() and close() mean the same by ${name}`, () => {
    const made = house();
    const subjects = wanted === "" ? [] : wanted.split(",").map((who) => (who === "tab" ? "ada" : who));
    assert.deepEqual(Array.from(made.groups.members(to(made)), ({ subject }) => subject), subjects);
    assert.equal(made.groups.close(to(made), CLOSE.forbidden.code, "Out"), subjects.length);
    const closed = Object.entries({ ada: made.ada, bob: made.bob, eve: made.eve, tab: made.tab })
      .filter(([, { sender }]) => sender.closes.length > 0);
    assert.equal(closed.map(([who]) => who).join(), wanted);
    for (const [, { sender }] of closed) assert.deepEqual(sender.closes, [{ code: 3003, reason: "Out" }]);
  });
}

test("Groups.send() encodes once: all get the very same frame", () => {
  const { groups, ada, bob, eve, tab } = house();
  groups.send("everyone", "said", "hi");
  const frames = [ada, bob, eve, tab].flatMap(({ sender }) => sender.shared);
  assert.equal(frames.length, 4);
  assert.equal(new Set(frames).size, 1);
  assert.deepEqual(ada.sender.deliveries, [{ type: "said", data: "hi" }]);
  assert.equal(frames[0]?.frame.bytes[0], 0x81);
});

test("Groups.send() leaves out whom the table does not let read it, however they were named", () => {
  const { groups, reached, eve } = house();
  const everybody: readonly Recipients<Role>[] = ["everyone", { subject: "eve" }, {
    session: eve.session.id,
  }];
  assert.deepEqual(everybody.map((to) => [groups.send(to, "secret", "x"), reached()]), [[2, "ada,tab"], [
    0,
    "",
  ], [0, ""]]);
  assert.deepEqual([groups.send({ room: "lobby" }, "secret", "x"), reached()], [1, "ada"]);
  assert.deepEqual([groups.send({ role: "guest" }, "secret", "x"), reached()], [0, ""]);
  assert.deepEqual([groups.send("everyone", "sealed", "x"), reached()], [0, ""]);
});

test("Groups.send() asks the condition of the row for each receiver", () => {
  const { groups, reached } = house();
  assert.deepEqual([groups.send("everyone", "addressed", "bob"), reached()], [1, "bob"]);
  assert.deepEqual([groups.send("everyone", "addressed", "ada"), reached()], [2, "ada,tab"]);
  assert.deepEqual([groups.send({ room: "lobby" }, "addressed", "eve"), reached()], [0, ""]);
});

test("Groups.send() takes nothing but true for the yes of a condition", () => {
  const { registry, time, reached } = house();
  for (const answer of [1, "yes", {}, Promise.resolve(true), undefined, null]) {
    const odd = definePermissions({
      roles: ROLES,
      receive: {},
      send: { said: { roles: ROLES, data: isText, when: () => answer as boolean } },
    });
    assert.deepEqual([
      new Groups({ table: odd, ...means(registry, time.now) }).send("everyone", "said", "x"),
      reached(),
    ], [0, ""]);
  }
});

test("Groups.send() does not serve a session from the moment at which its identity is over", () => {
  const { groups, time, reached, open } = house();
  const { sender } = open("old", ["admin"], NOW_MS + 1);
  groups.send("everyone", "said", "x");
  assert.equal(sender.shared.length, 1);
  time.nowMs += 1;
  groups.send("everyone", "said", "x");
  assert.equal(sender.shared.length, 1);
  assert.equal(reached(), "ada,bob,eve,tab");
});

test("Groups.send() counts no session whose connection is closed", () => {
  const { groups, reached, bob } = house();
  bob.sender.close(1000, "");
  assert.deepEqual([groups.send("everyone", "said", "x"), reached()], [3, "ada,eve,tab"]);
});

test("Groups.send() goes on when a receiver leaves in the midst of it", () => {
  const { groups, registry, ada, reached } = house();
  ada.sender.sendShared = () => {
    registry.remove(ada.session);
    return false;
  };
  assert.deepEqual([groups.send({ room: "lobby" }, "said", "x"), reached()], [1, "bob"]);
  assert.deepEqual([groups.send("everyone", "said", "x"), reached()], [3, "bob,eve,tab"]);
});

test("Groups.send() sends what the validator made of the data", () => {
  const { groups, ada } = house();
  groups.send({ session: ada.session.id }, "short", "abcdef");
  assert.deepEqual(ada.sender.deliveries, [{ type: "short", data: "abc" }]);
});

test("Groups.send() throws for data or a type that the table does not have, before anybody got anything", () => {
  const { groups, reached } = house();
  // Past the compiler, as JavaScript may call it.
  const send = groups.send.bind(groups) as (to: Recipients<Role>, type: string, data: unknown) => number;
  for (const data of [7, undefined, null, {}]) {
    throws("invalid_delivery", () => send("everyone", "said", data));
  }
  for (const type of ["sayd", "", "__proto__", "constructor", "hello", "ok"]) {
    throws("invalid_delivery", () => send("everyone", type, "x"));
  }
  throws("invalid_delivery", () => send({ room: "cellar" }, "said", 7));
  throws("async_validator", () => send("everyone", "late", "x"));
  assert.equal(reached(), "");
});

test("Groups.send() names no data in its errors", () => {
  const { groups } = house();
  const send = groups.send.bind(groups) as (to: "everyone", type: string, data: unknown) => number;
  assert.throws(
    () => send("everyone", "said", { password: "hunter2" }),
    (error) => error instanceof Error && !error.message.includes("hunter2"),
  );
});

test("Groups.join() and leave() are those of the registry", () => {
  const { groups, registry, eve } = house();
  assert.equal(groups.join(eve.session, "lobby"), true);
  assert.equal(registry.byRoom("lobby").has(eve.session), true);
  assert.deepEqual([groups.leave(eve.session, "lobby"), groups.leave(eve.session, "lobby")], [true, false]);
  registry.remove(eve.session);
  assert.equal(groups.join(eve.session, "lobby"), false);
});

test("Groups.close() throws for a code or reason that cannot be sent, and closes nobody, also where nobody is", () => {
  const { groups, ada } = house();
  for (const to of ["everyone", { room: "cellar" }] as const) {
    for (const code of [0, 999, 1005, 1006, 1015, 2999, 5000]) {
      throws("invalid_argument", () => groups.close(to, code, ""));
    }
    throws("invalid_argument", () => groups.close(to, CLOSE.restart.code, "é".repeat(62)));
  }
  assert.deepEqual(ada.sender.closes, []);
  assert.equal(groups.close({ room: "cellar" }, CLOSE.restart.code, "x".repeat(123)), 0);
});
