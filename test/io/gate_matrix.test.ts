/** Every role × every type of message × every state of the lease, in both directions, through real sockets. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import type { RawClient } from "../support/raw_http.ts";
import { close } from "../support/raw_http_frames.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostMatrix, type MatrixGate, type Role, TABLE } from "../support/gate_matrix.ts";
import { mint } from "../support/minted.ts";
import { envelope } from "../support/server_gate.ts";
import { CONTROL_TYPES } from "../../src/session/envelope.ts";

const LIFETIME_MS = 60_000;
const ROLES = TABLE.roles;
/** What the table does not name, and nobody may send: the other direction, the envelope's own, and names with a past. */
const UNKNOWN = [
  ...[...TABLE.send.keys()].filter((type) => !TABLE.receive.has(type)),
  ...Object.keys(CONTROL_TYPES).filter((type) => type !== "auth.refresh"),
  ...["", "__proto__", "toString", "hasOwnProperty", "then", "ALL.MAY", " all.may", "all.may\0", "all"],
];
const TYPES = [...TABLE.receive.keys(), ...UNKNOWN];

type Verdict = "ok" | "unknown_type" | "expired" | "forbidden";

/** What the table says of a message to the server. */
function verdict(type: string, roles: readonly Role[], lease: "alive" | "over"): Verdict {
  const row = TABLE.receive.get(type);
  if (row === undefined) return "unknown_type";
  if (lease === "over") return "expired";
  return row.roles.some((role) => roles.includes(role as Role)) ? "ok" : "forbidden";
}

/** Sends one message of each type at once. @returns What became of each. */
async function sendAll(client: RawClient): Promise<[string, unknown][]> {
  client.write(Buffer.concat(TYPES.map((type) => envelope(type, type || "empty", 1))));
  const replies: [string, unknown][] = [];
  for (const type of TYPES) {
    const reply = (await untilReply(client, type || "empty")).at(-1);
    replies.push([type, reply?.["type"] === "ok" ? "ok" : reply?.["code"]]);
  }
  return replies;
}

/** Delivers one message of each type to everyone, then something that everyone may read. @returns What arrived. */
async function deliverAll({ gate }: MatrixGate, client: RawClient): Promise<unknown[]> {
  for (const type of [...TABLE.send.keys()]) gate.groups.send("everyone", type as "all.read", type);
  client.write(envelope("fence", "fence"));
  return (await untilReply(client, "fence")).slice(0, -1).map(({ type }) => type);
}

/** Says everything to whom the server has closed the door. */
async function sendAllBehindTheEnd(client: RawClient): Promise<void> {
  client.write(Buffer.concat([...TYPES.map((type) => envelope(type, "late", 1)), close(1000)]));
  const { how, rest } = await client.finished;
  assert.deepEqual([how, rest.length], ["end", 0], "not even a denial");
}

const readable = (roles: readonly Role[]) =>
  [...TABLE.send].filter(([, row]) => row.roles.some((role) => roles.includes(role as Role))).map(([type]) =>
    type
  );
const passing = (roles: readonly Role[]) => TYPES.filter((type) => verdict(type, roles, "alive") === "ok");

test("The table of the matrix has a yes and a no for every role, in both directions", () => {
  for (const role of ROLES) {
    const yes = passing([role]).length;
    assert.ok(yes > 1 && yes < TABLE.receive.size, role);
    assert.ok(readable([role]).length > 0 && readable([role]).length < TABLE.send.size, role);
  }
});

for (const role of ROLES) {
  describe(`Gate lets pass for the role ${role} with`, () => {
    test("a live lease what the table names, and nothing else", async () => {
      const target = await hostMatrix();
      const { client } = await target.enter(mint(target.clock, { roles: [role] }));
      assert.deepEqual(await sendAll(client), TYPES.map((type) => [type, verdict(type, [role], "alive")]));
      assert.deepEqual(target.handled, passing([role]));
      assert.deepEqual(await deliverAll(target, client), readable([role]));
      await target.stop();
    });

    for (const [name, now] of changesOf(role)) {
      test(`a lease changed to ${name} what the table names for that, and nothing else`, async () => {
        const target = await hostMatrix();
        const { client } = await target.enter(mint(target.clock, { roles: [role] }));
        target.gate.setRoles("ada", now);
        assert.deepEqual(await sendAll(client), TYPES.map((type) => [type, verdict(type, now, "alive")]));
        assert.deepEqual(target.handled, passing(now));
        // Whoever may do nothing may not even ask for the fence; that it is refused shows that nothing came before it.
        assert.deepEqual(await deliverAll(target, client), readable(now));
        await target.stop();
      });
    }

    test("an expired lease nothing, though the timer is late", async () => {
      const target = await hostMatrix();
      const token = mint(target.clock, { roles: [role], lifetimeMs: LIFETIME_MS });
      // The first message that has a row ends the session, so that each type needs one of its own.
      const clients = await Promise.all(TYPES.map(async () => (await target.enter(token)).client));
      target.clock.jump(LIFETIME_MS);
      for (const type of TABLE.send.keys()) {
        assert.equal(target.gate.groups.send("everyone", type as "all.read", type), 0, type);
      }
      for (const [index, client] of clients.entries()) {
        const type = TYPES[index] ?? "";
        client.write(envelope(type, "late", 1));
        const reply = await client.json();
        const expected = verdict(type, [role], "over");
        assert.deepEqual([reply["type"], reply["code"], reply["re"]], ["error", expected, "late"], type);
        if (expected !== "expired") continue;
        assert.equal(await client.said(), "close 3000 Your token has expired.");
        await sendAllBehindTheEnd(client);
      }
      assert.deepEqual(target.handled, []);
      assert.equal(
        target.gate.size,
        UNKNOWN.length,
        "who has sent nothing that there is waits for the timer",
      );
      await target.stop();
    });

    for (
      const [how, code, end] of [
        ["an expired lease", 3000, ({ clock }: MatrixGate) => clock.advance(LIFETIME_MS)],
        ["a revoked lease", 3003, ({ gate }: MatrixGate) => gate.revoke({ subject: "ada" })],
      ] as const
    ) {
      test(`${how} nothing: it is closed with ${code}`, async () => {
        const target = await hostMatrix();
        const { client } = await target.enter(
          mint(target.clock, { roles: [role], lifetimeMs: LIFETIME_MS }),
        );
        end(target);
        for (const type of TABLE.send.keys()) {
          assert.equal(target.gate.groups.send("everyone", type as "all.read", type), 0, type);
        }
        const { told, close: said } = await untilClose(client);
        assert.ok(said.startsWith(`close ${code} `), said);
        assert.deepEqual(told.map(({ type }) => type), code === 3000 ? ["auth.expiring"] : []);
        await sendAllBehindTheEnd(client);
        assert.deepEqual(target.handled, []);
        await target.stop();
      });
    }
  });
}

test("Gate sends no type that the table does not name for the server, whoever asks it to", async () => {
  const target = await hostMatrix();
  const { client } = await target.enter(mint(target.clock, { roles: [...ROLES] }));
  for (const type of [...TABLE.receive.keys(), ...UNKNOWN].filter((type) => !TABLE.send.has(type))) {
    assert.throws(() => target.gate.groups.send("everyone", type as "all.read", type), {
      code: "invalid_delivery",
    }, type);
  }
  assert.deepEqual(await deliverAll(target, client), readable(ROLES));
  await target.stop();
});

/** What somebody can be demoted or promoted to: each other role alone, and none at all. */
function changesOf(role: Role): [string, Role[]][] {
  return [
    ["nothing", []],
    ...ROLES.filter((other) => other !== role).map((other): [string, Role[]] => [other, [other]]),
  ];
}
