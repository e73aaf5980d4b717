import assert from "node:assert/strict";
import { test } from "node:test";
import { permissionMatrix } from "../../src/mod.ts";
import { demoTable } from "../../src/demo/table.ts";

test("demoTable allows what the issue asks for, and nothing else", () => {
  assert.equal(
    permissionMatrix(demoTable),
    `\
| message | direction | guest | member | admin |
|---|---|---|---|---|
| \`chat.join\` | client → server | no | yes | yes |
| \`chat.say\` | client → server | no | yes | yes |
| \`echo\` | client → server | yes | yes | yes |
| \`user.list\` | client → server | no | no | yes |
| \`user.kick\` | client → server | no | no | if |
| \`user.role\` | client → server | no | no | if |
| \`admin.announce\` | client → server | no | no | yes |
| \`key.rotate\` | client → server | no | no | yes |
| \`server.drain\` | client → server | no | no | yes |
| \`chat.said\` | server → client | yes | yes | yes |
| \`admin.announced\` | server → client | no | no | yes |
| \`audit.event\` | server → client | no | no | yes |
| \`user.listed\` | server → client | no | no | yes |
`,
  );
});

test("demoTable lets an admin kick or demote everybody but himself", () => {
  const admin = { subject: "ada", roles: new Set(["admin"]), rooms: new Set<string>(), expiresAtMs: 1 };
  for (const type of ["user.kick", "user.role"]) {
    const row = demoTable.receive.get(type);
    assert.equal(row?.when?.(admin, { subject: "mia", role: "guest" }), true);
    assert.equal(row?.when?.(admin, { subject: "ada", role: "guest" }), false);
  }
});
