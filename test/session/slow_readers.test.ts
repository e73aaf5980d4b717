import assert from "node:assert/strict";
import { test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import { Groups } from "../../src/session/groups.ts";
import { NO_METER } from "../../src/session/meter.ts";
import type { Recipients } from "../../src/session/recipients.ts";
import { Registry } from "../../src/session/registry.ts";
import { manualTime, recordedSession, type Role, ROLES } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

const isText = (value: unknown): value is string => typeof value === "string";
const open = { roles: ROLES, data: isText };

const table = definePermissions({
  roles: ROLES,
  receive: {},
  send: {
    "plain": open,
    "closing": { ...open, slowReaders: "close" },
    "typing": { ...open, slowReaders: "drop" },
    "price": { ...open, slowReaders: "keep-latest" },
    "place": { ...open, slowReaders: "keep-latest" },
    "secret": { roles: ["admin"], data: isText, slowReaders: "keep-latest" },
    "mine": {
      ...open,
      slowReaders: "keep-latest",
      when: (session, data) => {
        if (data === "throws" && session.rooms.size > 0) throw new Error("no");
        return !session.rooms.has("deaf");
      },
    },
  },
});

/** Some twenty messages of these tests. */
const MAX_KEPT_BYTES = 1_000;

type House = ReturnType<typeof house>;

/** Ada, who may read everything, and Bob, who always keeps up. */
function house() {
  const time = manualTime();
  const registry = new Registry<Role>({ maxSessions: 10, maxSessionsPerSubject: 10, maxRoomsPerSession: 10 });
  const counted: string[] = [];
  const errors: unknown[] = [];
  const groups = new Groups({
    table,
    registry,
    now: time.now,
    endSession: () => undefined,
    limits: { maxKeptBytes: MAX_KEPT_BYTES },
    meter: { ...NO_METER, slow: (type, outcome) => void counted.push(`${type} ${outcome}`) },
    reportError: (error) => void errors.push(error),
  });
  const [ada, bob] = (["ada", "bob"] as const).map((subject) => {
    const recorded = recordedSession(subject, ["admin"], { expiresAtMs: NOW_MS + 60_000 });
    registry.add(recorded.session);
    return recorded;
  }) as [ReturnType<typeof recordedSession>, ReturnType<typeof recordedSession>];
  /** What Ada was sent since the last look. */
  const got = () => {
    const deliveries = ada.sender.deliveries as { readonly type: string; readonly data: string }[];
    ada.sender.shared.length = 0;
    return deliveries.map(({ type, data }) => `${type} ${data}`);
  };
  return { time, registry, groups, ada, bob, got, counted, errors };
}

for (const type of ["plain", "closing"] as const) {
  test(`Groups.send() sends ${type} to a session that does not keep up, too: its connection counts the bytes`, () => {
    const { groups, ada, got } = house();
    ada.sender.congested = true;
    assert.equal(groups.send("everyone", type, "x"), 2);
    assert.deepEqual(got(), [`${type} x`]);
  });
}

for (const type of ["typing", "price"] as const) {
  test(`Groups.send() sends ${type} at once to a session that keeps up`, () => {
    const { groups, got, counted } = house();
    assert.equal(groups.send("everyone", type, "x"), 2);
    assert.deepEqual([got(), counted], [[`${type} x`], []]);
  });
}

test("Groups.catchUp() sends nothing that was for others than those among whom the session still is", () => {
  for (
    const [to, leave] of [
      [{ room: "tower" }, ({ registry, ada }) => registry.leave(ada.session, "tower")],
      [
        { role: "admin" },
        ({ registry, ada }) => registry.setLease(ada.session, ada.session.identity, new Set(["member"]), 0),
      ],
    ] as readonly [Recipients<Role>, (house: House) => unknown][]
  ) {
    for (const stays of [true, false]) {
      const made = house();
      made.registry.join(made.ada.session, "tower");
      made.ada.sender.congested = true;
      made.groups.send(to, "price", "x");
      if (!stays) leave(made);
      made.ada.sender.congested = false;
      made.groups.catchUp(made.ada.session);
      assert.deepEqual(made.got(), stays ? ["price x"] : []);
    }
  }
});

test("Groups.catchUp() sends what was for a subject, a session or everyone", () => {
  const { groups, ada, got } = house();
  for (const to of [{ subject: "ada" }, { session: ada.session.id }, "everyone"] as const) {
    ada.sender.congested = true;
    groups.send(to, "price", "x");
    ada.sender.congested = false;
    groups.catchUp(ada.session);
    assert.deepEqual(got(), ["price x"]);
  }
});

test("Groups.send() leaves out what is to be dropped for a session that does not keep up, and nobody else", () => {
  const { groups, ada, bob, got, counted } = house();
  ada.sender.congested = true;
  assert.equal(groups.send("everyone", "typing", "x"), 1);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual([got(), bob.sender.shared.length, counted], [[], 1, ["typing dropped"]]);
});

test("Groups.send() keeps the latest of each type until the session reads again, and sends it then, once", () => {
  const { groups, ada, bob, got, counted } = house();
  ada.sender.congested = true;
  for (const data of ["1", "2", "3"]) assert.equal(groups.send("everyone", "price", data), 2);
  groups.send("everyone", "place", "here");
  groups.send("everyone", "price", "4");
  assert.deepEqual(got(), []);
  assert.equal(bob.sender.shared.length, 5);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  groups.catchUp(ada.session);
  // In the order of the messages that are left.
  assert.deepEqual(got(), ["place here", "price 4"]);
  assert.deepEqual(counted, [
    "price kept",
    "price replaced",
    "price replaced",
    "place kept",
    "price replaced",
  ]);
});

test("Groups.send() keeps the latest of a type for each of those whom it was for: no room takes the place of another", () => {
  const { registry, groups, ada, got, counted } = house();
  for (const room of ["tower", "cellar"]) registry.join(ada.session, room);
  ada.sender.congested = true;
  const to: readonly Recipients<Role>[] = [
    "everyone",
    { role: "admin" },
    { subject: "ada" },
    { session: ada.session.id },
    { room: "tower" },
    { room: "cellar" },
  ];
  to.forEach((recipients, i) => groups.send(recipients, "price", String(i)));
  groups.send({ room: "tower" }, "price", "new");
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["price 0", "price 1", "price 2", "price 3", "price 5", "price new"]);
  assert.deepEqual(counted, [...to.map(() => "price kept"), "price replaced"]);
});

test("Groups.send() keeps whom a message was for, whatever its caller does with the object that said so", () => {
  const { groups, registry, ada, got } = house();
  registry.join(ada.session, "here");
  ada.sender.congested = true;
  const to = { room: "here" };
  assert.equal(groups.send(to, "price", "1"), 1);
  to.room = "elsewhere";
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["price 1"]);
});

test("Groups.send() queues what is more than may be kept, and forgets the older of its kind", () => {
  const { registry, groups, ada, got, counted } = house();
  for (const room of ["tower", "cellar"]) registry.join(ada.session, room);
  ada.sender.congested = true;
  const long = "x".repeat(MAX_KEPT_BYTES / 2);
  // The same again and again takes no more room.
  for (let i = 0; i < 5; i++) assert.equal(groups.send({ room: "tower" }, "price", `${long}${i}`), 1);
  groups.send({ room: "cellar" }, "price", "1");
  assert.deepEqual(got(), []);
  assert.equal(groups.send({ room: "cellar" }, "price", `${long}more`), 1);
  assert.deepEqual(got(), [`price ${long}more`]);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), [`price ${long}4`]);
  // What was given out takes no room any more.
  ada.sender.congested = true;
  groups.send({ room: "cellar" }, "price", long);
  assert.deepEqual(got(), []);
  assert.equal(counted.length, 7);
});

test("Groups.send() keeps nothing for a room that the session has left, for as long as it may", () => {
  const { registry, groups, ada, got } = house();
  ada.sender.congested = true;
  groups.send("everyone", "place", "here");
  for (let i = 0; i < 100; i++) {
    const room = `room ${i}`;
    registry.join(ada.session, room);
    groups.send({ room }, "price", "x".repeat(100));
    if (i < 99) registry.leave(ada.session, room);
  }
  assert.deepEqual(got(), []);
  assert.equal(ada.session.kept.size, 2);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["place here", `price ${"x".repeat(100)}`]);
});

test("Groups.catchUp() keeps what is left when the session falls behind again", () => {
  const { groups, ada, got } = house();
  ada.sender.congested = true;
  groups.send("everyone", "price", "1");
  groups.send("everyone", "place", "2");
  ada.sender.congested = false;
  ada.sender.onShared = () => ada.sender.congested = true;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["price 1"]);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["place 2"]);
});

test("Groups.catchUp() asks the table again: what the roles do not allow any more is not sent", () => {
  const { groups, ada, got, registry } = house();
  ada.sender.congested = true;
  groups.send("everyone", "secret", "x");
  groups.send("everyone", "price", "1");
  registry.setLease(ada.session, ada.session.identity, new Set<Role>(["guest"]), NOW_MS);
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual(got(), ["price 1"]);
});

test("Groups.catchUp() sends nothing to a session whose identity is over, and asks the conditions again", () => {
  const late = house();
  late.ada.sender.congested = true;
  late.groups.send("everyone", "price", "1");
  late.time.nowMs = NOW_MS + 60_000;
  late.groups.catchUp(late.ada.session);
  assert.deepEqual(late.got(), []);
  const deaf = house();
  deaf.ada.sender.congested = true;
  deaf.groups.send("everyone", "mine", "x");
  deaf.groups.join(deaf.ada.session, "deaf");
  deaf.ada.sender.congested = false;
  deaf.groups.catchUp(deaf.ada.session);
  assert.deepEqual(deaf.got(), []);
});

test("Groups.catchUp() reports a condition that throws, and goes on with the next", () => {
  const { groups, ada, got, errors } = house();
  ada.sender.congested = true;
  groups.send("everyone", "mine", "throws");
  groups.send("everyone", "price", "1");
  groups.join(ada.session, "hall");
  ada.sender.congested = false;
  groups.catchUp(ada.session);
  assert.deepEqual([got(), errors.length], [["price 1"], 1]);
});

test("Session.forgetConnection() forgets what was kept: nobody will read it", () => {
  const { groups, ada } = house();
  ada.sender.congested = true;
  groups.send("everyone", "price", "1");
  ada.session.forgetConnection();
  assert.deepEqual([...ada.session.takeKept()], []);
});
