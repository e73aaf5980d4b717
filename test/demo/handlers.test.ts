import assert from "node:assert/strict";
import { test } from "node:test";
import { demoHandlers } from "../../src/demo/handlers.ts";
import type { DemoRole, DemoSend } from "../../src/demo/table.ts";
import type { HandlerContext } from "../../src/mod.ts";

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
  };
  const groups = {
    join: (_session: unknown, room: string) => (asked.push(["join", room]), true),
    send: (...call: unknown[]) => (asked.push(["send", ...call]), 3),
    close: (...call: unknown[]) => (asked.push(["close", ...call]), 2),
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

test("demoHandlers join rooms, and close the sessions of a subject with 3003", () => {
  const { asked, context } = contextFor("ada");
  assert.deepEqual(demoHandlers["chat.join"]({ room: "tower" }, context), { room: "tower", joined: true });
  assert.deepEqual(demoHandlers["user.kick"]({ subject: "mia" }, context), { closed: 2 });
  const [join, close] = asked as readonly (readonly unknown[])[];
  assert.deepEqual(join, ["join", "tower"]);
  assert.deepEqual(close?.slice(0, 3), ["close", { subject: "mia" }, 3003]);
});

test("demoHandlers list of each session what may be shown, and echo data as it came", () => {
  const { context } = contextFor("ada");
  const shown = { sessionId: "1", subject: "ada", roles: ["admin"], rooms: ["lobby"] };
  assert.deepEqual(demoHandlers["user.list"](undefined, context), { users: [shown] });
  const data = { any: ["thing"] };
  assert.equal(demoHandlers["echo"](data, context), data);
});
