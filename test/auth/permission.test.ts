import assert from "node:assert/strict";
import { test } from "node:test";
import { authorize, definePermissions, permissionMatrix } from "../../src/auth/permission.ts";
import type { PermissionRow, Principal, Rows } from "../../src/auth/permission_row.ts";
import { NOW_MS } from "../support/tokens.ts";

const isText = (value: unknown): value is string => typeof value === "string";

const table = definePermissions({
  roles: ["guest", "member", "admin"],
  receive: {
    "chat.say": { roles: ["member", "admin"], data: isText },
    "user.kick": { roles: ["admin"], data: isText },
    "sealed": { roles: [], data: isText },
  },
  send: { "chat.said": { roles: ["guest", "member", "admin"], data: isText } },
});

function principal(roles: readonly string[], expiresAtMs = NOW_MS + 1): Principal {
  return { subject: "ada", roles: new Set(roles), rooms: new Set(), expiresAtMs };
}

function verdict(type: string, who: Principal, rows: Rows = table.receive): string {
  const result = authorize(rows, type, who, NOW_MS);
  return result.ok ? "allowed" : result.fault;
}

const MATRIX: readonly (readonly [type: string, roles: readonly string[], wanted: string])[] = [
  ["chat.say", ["member"], "allowed"],
  ["chat.say", ["admin"], "allowed"],
  ["chat.say", ["guest", "member"], "allowed"],
  ["chat.say", ["guest"], "forbidden"],
  ["chat.say", [], "forbidden"],
  ["chat.say", ["Member"], "forbidden"],
  ["chat.say", ["members", "ember", ""], "forbidden"],
  ["user.kick", ["member"], "forbidden"],
  ["user.kick", ["admin"], "allowed"],
  ["sealed", ["guest", "member", "admin"], "forbidden"],
];

for (const [type, roles, wanted] of MATRIX) {
  test(`authorize() answers ${wanted} when ${type} comes from [${roles.join()}]`, () => {
    assert.equal(verdict(type, principal(roles)), wanted);
  });
}

test("authorize() answers with the row that allows the message", () => {
  const result = authorize(table.receive, "chat.say", principal(["member"]), NOW_MS);
  assert.equal(result.ok && result.value, table.receive.get("chat.say"));
});

test("authorize() knows no type but those of the rows of that direction", () => {
  const all = principal(["guest", "member", "admin"]);
  const types = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "then",
    "",
    "chat",
    "chat.SAY",
    "chat.say ",
  ];
  for (const type of [...types, "chat.said", "ok", "error", "hello"]) {
    assert.equal(verdict(type, all), "unknown_type");
  }
  assert.equal(verdict("chat.said", all, table.send), "allowed");
  assert.equal(verdict("chat.say", all, table.send), "unknown_type");
});

test("authorize() says unknown_type before expired, and expired before forbidden", () => {
  const over = principal(["guest"], NOW_MS);
  assert.equal(verdict("nothing", over), "unknown_type");
  assert.equal(verdict("chat.say", over), "expired");
  assert.equal(verdict("chat.say", principal(["guest"])), "forbidden");
});

test("authorize() ends an identity at its expiry, not after it", () => {
  assert.equal(verdict("chat.say", principal(["member"], NOW_MS + 1)), "allowed");
  for (const expiresAtMs of [NOW_MS, NOW_MS - 1, 0]) {
    assert.equal(verdict("chat.say", principal(["member"], expiresAtMs)), "expired");
  }
});

test("authorize() knows __proto__ and constructor when they do have a row, and then only by its roles", () => {
  const odd = definePermissions({
    roles: ["member", "constructor"],
    receive: {
      ["__proto__"]: { roles: ["constructor"], data: isText },
      constructor: { roles: ["member"], data: isText },
    },
    send: {},
  });
  assert.deepEqual([...odd.receive.keys()], ["__proto__", "constructor"]);
  assert.equal(verdict("__proto__", principal(["member"]), odd.receive), "forbidden");
  assert.equal(verdict("__proto__", principal(["constructor"]), odd.receive), "allowed");
  assert.equal(verdict("constructor", principal(["member"]), odd.receive), "allowed");
});

test("definePermissions() makes a table that no later change of its definition reaches", () => {
  const roles = ["guest", "admin"];
  const row = { roles: ["admin"], data: isText, rate: { perSecond: 1, burst: 1 } };
  const receive: Record<string, PermissionRow<string, string>> = { kick: row };
  const made = definePermissions({ roles, receive, send: {} });
  roles.push("root");
  row.roles.push("guest");
  row.rate.burst = 1_000;
  receive["other"] = { roles: ["guest"], data: isText };
  assert.deepEqual(made.roles, ["guest", "admin"]);
  assert.deepEqual([...made.receive.keys()], ["kick"]);
  assert.deepEqual(made.receive.get("kick")?.roles, ["admin"]);
  assert.deepEqual(made.receive.get("kick")?.rate, { perSecond: 1, burst: 1 });
  assert.equal(verdict("kick", principal(["guest"]), made.receive), "forbidden");
});

test("definePermissions() makes a table that is frozen", () => {
  const row = table.receive.get("user.kick") as PermissionRow<string, unknown>;
  for (const frozen of [table, table.roles, row, row.roles]) assert.equal(Object.isFrozen(frozen), true);
});

test("definePermissions() keeps the condition of a row that inherits it, and its this", () => {
  class OwnRow implements PermissionRow<"member", string> {
    readonly roles = ["member"] as const;
    readonly data = isText;
    readonly owner = "ada";
    when(session: Principal, _data: string): boolean {
      return session.subject === this.owner;
    }
  }
  const made = definePermissions({ roles: ["member"], receive: { edit: new OwnRow() }, send: {} });
  const when = made.receive.get("edit")?.when;
  assert.equal(when?.(principal(["member"]), "x"), true);
  assert.equal(when?.({ ...principal(["member"]), subject: "eve" }, "x"), false);
});

test("permissionMatrix() tells a role that may from one that may under a condition, in both directions", () => {
  const row = { roles: ["member"], data: isText } as const;
  const own = { ...row, when: () => true };
  const made = definePermissions({
    roles: ["guest", "member"],
    receive: { edit: own, say: row },
    send: { edited: own, said: row },
  });
  assert.equal(
    permissionMatrix(made),
    [
      "| message | direction | guest | member |",
      "|---|---|---|---|",
      "| `edit` | client → server | no | if |",
      "| `say` | client → server | no | yes |",
      "| `edited` | server → client | no | if |",
      "| `said` | server → client | no | yes |",
      "",
    ].join("\n"),
  );
});

test("permissionMatrix() prints a column for each role and a line for each row", () => {
  assert.equal(
    permissionMatrix(table),
    [
      "| message | direction | guest | member | admin |",
      "|---|---|---|---|---|",
      "| `chat.say` | client → server | no | yes | yes |",
      "| `user.kick` | client → server | no | no | yes |",
      "| `sealed` | client → server | no | no | no |",
      "| `chat.said` | server → client | yes | yes | yes |",
      "",
    ].join("\n"),
  );
});
