import assert from "node:assert/strict";
import { test } from "node:test";
import { demoHandlers as makeHandlers, listUsers } from "../../src/demo/handlers.ts";
import type { DemoRole } from "../../src/demo/data.ts";
import type { DemoSend } from "../../src/demo/table.ts";
import type { Groups, HandlerContext } from "../../src/mod.ts";

const operated: string[] = [];
const demoHandlers = makeHandlers({
  kick: (subject) => (operated.push(`kick ${subject}`), 2),
  setRole: (subject, role) => (operated.push(`${subject} ${role}`), 1),
  roomsChanged: () => void operated.push("rooms"),
  rotateKey: () => (operated.push("rotate"), { keyId: "2", previousValidUntilMs: 7, signedOut: 3 }),
  drain: () => void operated.push("drain"),
});

/** A context that writes down what is asked of it. */
function contextFor(
  subject: string,
): { readonly context: HandlerContext<DemoRole, DemoSend>; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const session = {
    id: "1",
    subject,
    roles: new Set(["admin"]),
    rooms: new Set(["lobby"]),
    sender: "secret",
    leasedAtMs: 1,
    expiresAtMs: 2,
    queuedBytes: 3,
  };
  const groups = {
    join: (_session: unknown, room: string) => (asked.push(["join", room]), true),
    send: (...call: unknown[]) => (asked.push(["send", ...call]), 3),
    members: () => [session],
  };
  // Handlers see a session and the groups; no more of either is needed here.
  return { context: { session, groups } as unknown as HandlerContext<DemoRole, DemoSend>, asked };
}

test("demoHandlers say in whose name, by the token alone", () => {
  const { asked, context } = contextFor("ada");
  const forged = { room: "lobby", text: "hi", from: "the king" };
  assert.deepEqual(demoHandlers["chat.say"](forged, context), { delivered: 3 });
  assert.deepEqual(demoHandlers["admin.announce"](forged, context), { delivered: 3 });
  assert.deepEqual(asked, [
    ["send", { room: "lobby" }, "chat.said", { room: "lobby", text: "hi", from: "ada" }],
    ["send", { role: "admin" }, "admin.announced", { text: "hi", from: "ada" }],
  ]);
});

test("demoHandlers join rooms, and leave it to operations to kick a subject or give it another role", () => {
  const { asked, context } = contextFor("ada");
  assert.deepEqual(demoHandlers["chat.join"]({ room: "tower" }, context), { room: "tower", joined: true });
  assert.deepEqual(demoHandlers["user.kick"]({ subject: "mia" }, context), { closed: 2 });
  assert.deepEqual(demoHandlers["user.role"]({ subject: "mia", role: "guest" }, context), { changed: 1 });
  assert.deepEqual(asked, [["join", "tower"]]);
  assert.deepEqual(operated.splice(0), ["rooms", "kick mia", "mia guest"]);
});

test("demoHandlers list of each session what may be shown, and echo data as it came", () => {
  const { context } = contextFor("ada");
  const shown = {
    sessionId: "1",
    subject: "ada",
    roles: ["admin"],
    rooms: ["lobby"],
    moreRooms: 0,
    leasedAtMs: 1,
    expiresAtMs: 2,
    queuedBytes: 3,
  };
  assert.deepEqual(demoHandlers["user.list"](undefined, context), { users: [shown], more: 0 });
  const data = { any: ["thing"] };
  assert.equal(demoHandlers["echo"](data, context), data);
});

test("demoHandlers have the key rotated and the server drained by those who can, and say what comes of it", () => {
  const { context } = contextFor("ada");
  assert.deepEqual(demoHandlers["key.rotate"](undefined, context), {
    keyId: "2",
    previousValidUntilMs: 7,
    signedOut: 3,
  });
  assert.deepEqual(demoHandlers["server.drain"](undefined, context), { told: 1 });
  assert.deepEqual(operated, ["rotate", "drain"]);
});

for (
  const [count, rooms, listed, more, moreRooms] of [
    [100, 8, 100, 0, 0],
    [101, 9, 100, 1, 1],
    [1_000, 100, 100, 900, 92],
  ] as const
) {
  test(`listUsers() names ${listed} of ${count} sessions and 8 of ${rooms} rooms, and counts the others`, () => {
    const session = {
      id: "1",
      subject: "ada",
      roles: new Set(["admin"]),
      rooms: new Set(Array.from({ length: rooms }, (_, i) => `room-${i}`)),
    };
    const groups = { members: () => Array.from({ length: count }, () => session) };
    // It asks for the members, and for nothing else.
    const list = listUsers(groups as unknown as Groups<DemoRole, DemoSend>);
    assert.deepEqual([list.users.length, list.more], [listed, more]);
    const [first] = list.users;
    assert.deepEqual([first?.rooms.length, first?.rooms[7], first?.moreRooms], [8, "room-7", moreRooms]);
  });
}
