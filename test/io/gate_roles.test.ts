import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { mint } from "../support/minted.ts";
import { untilReply } from "../support/conversation.ts";
import { hostSmallGate, type Role, type SmallGate } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import { bearer } from "../support/minted.ts";
import { envelope } from "../support/server_gate.ts";

const ADMIN = { sub: "ada", roles: ["admin"] } as const;

/** The replies of a list of messages: `ok`, or the code of the denial. */
function codes(told: readonly Record<string, unknown>[]): unknown[] {
  return told.filter(({ type }) => type === "ok" || type === "error").map(({ type, code }) => code ?? type);
}

describe("Gate.setRoles()", () => {
  test("holds for the next message of the very chunk, and for the next delivery", async () => {
    const sent: number[] = [];
    const target: SmallGate = await hostSmallGate({
      deeds: {
        look: (_data, { leases, groups }) => {
          sent.push(groups.send("everyone", "secret", "before"));
          leases.setRoles("ada", ["guest"]);
          sent.push(
            groups.send("everyone", "secret", "after"),
            groups.send({ role: "admin" }, "news", "after"),
          );
          sent.push(groups.send({ role: "guest" }, "news", "for guests"));
        },
      },
    });
    const { client } = await target.enter(mint(target.clock, ADMIN));
    const other = await target.enter(mint(target.clock, ADMIN));
    client.write(Buffer.concat([
      envelope("rule", "1"),
      envelope("look", "2"),
      envelope("rule", "3"),
      envelope("act", "4"),
      envelope("look", "5"),
    ]));
    const told = await untilReply(client, "5");
    assert.deepEqual(codes(told), ["ok", "ok", "forbidden", "forbidden", "ok"]);
    assert.deepEqual(sent, [2, 0, 0, 2, 0, 0, 0, 2]);
    assert.deepEqual(told.filter(({ type }) => type === "auth.changed").at(0)?.["data"], {
      roles: ["guest"],
      expiresAt: target.clock.now() + 60_000,
    });
    other.client.write(envelope("rule", "6"));
    assert.deepEqual(codes(await untilReply(other.client, "6")), ["forbidden"]);
    assert.deepEqual(target.handled, ["ada rule undefined", "ada look undefined", "ada look undefined"]);
    await target.stop();
  });

  test("leaves every other subject as it is, and promotes too", async () => {
    const target = await hostSmallGate();
    const ada = await target.enter(mint(target.clock, { sub: "ada", roles: ["guest"] }));
    const mia = await target.enter(mint(target.clock, { sub: "mia", roles: ["guest"] }));
    assert.equal(target.gate.setRoles("ada", ["admin", "member"]), 1);
    ada.client.write(envelope("rule", "1"));
    mia.client.write(envelope("rule", "1"));
    assert.deepEqual(codes(await untilReply(ada.client, "1")), ["ok"]);
    assert.deepEqual(codes(await untilReply(mia.client, "1")), ["forbidden"]);
    const { event, subject, roles } = target.audit.at(-2) ?? {};
    assert.deepEqual([event, subject, roles], ["privilege_permissions_changed", "ada", ["admin", "member"]]);
    await target.stop();
  });

  const anew: Readonly<
    Record<string, (target: SmallGate, token: string, first: string) => Promise<unknown>>
  > = {
    "another connection": async (target, token) => (await target.enter(token)).hello["roles"],
    "a refresh": async (target, token, first) => {
      const { client } = await target.enter(first);
      client.write(envelope("auth.refresh", "r", { token }));
      const { type, data } = (await untilReply(client, "r")).at(-1) ?? {};
      assert.equal(type, "ok");
      return (data as { readonly roles: unknown }).roles;
    },
    "a ticket": async (target, token) => {
      const { body } = await ask(target.port, { method: "POST", target: "/ticket", fields: bearer(token) });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      return (await target.enter({ line: `GET /ws?ticket=${ticket} HTTP/1.1` })).hello["roles"];
    },
    "a first message": async (target, token) => {
      const { client, answer } = await target.knock();
      assert.equal(answer.status, 101);
      client.write(envelope("auth", "a", { token }));
      return ((await untilReply(client, "a")).at(0)?.["data"] as { readonly roles: unknown }).roles;
    },
  };
  for (const [name, come] of Object.entries(anew)) {
    test(`is not undone by the old token in ${name}; one that is issued later says its own roles`, async () => {
      const target = await hostSmallGate({
        carriers: ["authorization", "ticket", "message"],
        ticketPath: "/ticket",
      });
      const token = mint(target.clock, ADMIN);
      target.gate.setRoles("ada", ["guest"]);
      assert.deepEqual(await come(target, token, token), ["guest"]);
      target.clock.jump(59_999);
      assert.deepEqual(await come(target, token, token), ["guest"], "at the end of its life");
      const later = mint(target.clock, ADMIN);
      assert.deepEqual(await come(target, later, token), ["admin"]);
      await target.stop();
    });
  }

  test("is not undone by a ticket that was given out before it", async () => {
    const target = await hostSmallGate({ carriers: ["authorization", "ticket"], ticketPath: "/ticket" });
    const fields = bearer(mint(target.clock, ADMIN));
    const { body } = await ask(target.port, { method: "POST", target: "/ticket", fields });
    target.gate.setRoles("ada", []);
    const { ticket } = JSON.parse(body) as { readonly ticket: string };
    const { hello } = await target.enter({ line: `GET /?ticket=${ticket} HTTP/1.1` });
    assert.deepEqual(hello["roles"], []);
    await target.stop();
  });

  test("does not lengthen a lease, and tells the new roles with the old end", async () => {
    const target = await hostSmallGate();
    const { client, hello } = await target.enter(mint(target.clock, ADMIN));
    target.clock.jump(30_000);
    target.gate.setRoles("ada", ["member"]);
    const { type, data } = await client.json();
    assert.deepEqual([type, data], ["auth.changed", { roles: ["member"], expiresAt: hello["expiresAt"] }]);
    target.clock.advance(30_000);
    assert.equal(target.gate.size, 0);
    await target.stop();
  });

  test("throws for a role that the table does not know, and changes nothing", async () => {
    const target = await hostSmallGate();
    const { client } = await target.enter(mint(target.clock, ADMIN));
    assert.throws(() => target.gate.setRoles("ada", ["guest", "\n" as Role]), { code: "invalid_argument" });
    client.write(envelope("rule", "1"));
    assert.deepEqual(codes(await untilReply(client, "1")), ["ok"]);
    await target.stop();
  });
});
