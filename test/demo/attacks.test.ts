import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type AttackName, ATTACKS, isAttackName } from "../../src/demo/attack_shelf.ts";
import { type AttackReport, reportOf, runAttack } from "../../src/demo/attack_run.ts";
import { mintDemoToken } from "../../src/demo/login.ts";
import { DemoServer } from "../../src/demo/server.ts";
import { Watches } from "../../src/demo/watch.ts";
import { createClient, FRAME_RULES, type FrameRuleName } from "../../src/mod.ts";
import { TEST_KEY } from "../support/server.ts";

let demo: DemoServer;
before(async () => {
  demo = await DemoServer.start({ host: "127.0.0.1", port: 0 }, { key: TEST_KEY, audit: () => undefined });
});
after(async () => {
  await demo.stop();
  demo.http.close();
  demo.http.closeAllConnections();
});

async function attack(name: unknown): Promise<{ readonly status: number; readonly report: AttackReport }> {
  const response = await fetch(`http://127.0.0.1:${demo.address.port}/attack`, {
    method: "POST",
    body: JSON.stringify({ name }),
  });
  return { status: response.status, report: await response.json() as AttackReport };
}

for (const [name, row] of Object.entries(ATTACKS)) {
  test(`the attack "${row.title}" is refused by the rule that the shelf names`, async () => {
    const { status, report } = await attack(name);
    assert.equal(status, 200);
    assert.deepEqual([report.outcome, report.refusedBy], ["refused", row.rule]);
    assert.deepEqual([report.clause, report.says], [row.clause, row.says]);
    const kinds = report.events.map(({ kind }) => kind);
    assert.equal(kinds[0], "request");
    assert.ok(kinds.includes(row.attack.kind === "handshake" ? "answer" : "frame"));
  });

  test(`the attack "${row.title}" names a place in the sources that there is, once`, async () => {
    const { source } = (await attack(name)).report;
    assert.ok(source !== undefined);
    assert.equal(source.file, `src/${row.source.file}`);
    const refusing = source.lines[source.line - source.firstLine] ?? "";
    assert.ok(refusing.includes(row.source.line), refusing);
  });
}

/** Has an admin give an order. */
async function order(type: string, data: object): Promise<void> {
  const token = mintDemoToken("ada", "admin", demo.key, Date.now());
  const admin = createClient({ url: `ws://127.0.0.1:${demo.address.port}/ws`, getToken: () => token });
  await admin.open();
  await admin.request(type, data);
  admin.close();
}

test("an attack is not disturbed by admins who have kicked somebody of its subject's name", async () => {
  await order("user.kick", { subject: "mallory" });
  for (const name of ["unmasked_frame", "replayed_ticket"] as const) {
    assert.equal((await attack(name)).report.refusedBy, ATTACKS[name].rule);
  }
});

test("an attack is not disturbed by admins who have rotated the key twice, so that the first is gone", async () => {
  for (let i = 0; i < 2; i++) await order("key.rotate", {});
  assert.equal((await attack("alg_none")).report.refusedBy, "algorithm");
});

test("an attack that nobody can watch is not run, and one that was not seen is not called a success", async () => {
  const watches = new Watches();
  for (let i = 0; i < 264; i++) watches.watch(`attack-number-${i}`, () => undefined, "attack");
  const options = { address: demo.address, key: TEST_KEY, watches };
  assert.equal(await runAttack("no_token", options), undefined);
  const { outcome, refusedBy, source } = reportOf("no_token", []);
  assert.deepEqual([outcome, refusedBy, source], ["unobserved", undefined, undefined]);
});

const DONE = { kind: "end", atMs: 0, connection: 1 } as const;
const CLOSED = { code: 1002, reason: "", by: "local" } as const;
for (
  const [what, rule, outcome, clause] of [
    ["the rule of the shelf", "mask_required", "refused", "RFC 6455 §5.1"],
    ["another rule on frames", "reserved_bits", "refused_otherwise", "RFC 6455 §5.2"],
    ["a rule of another RFC", "compressed_bit", "refused_otherwise", "RFC 7692 §6.1"],
    ["nothing", undefined, "not_refused", undefined],
  ] as const
) {
  test(`reportOf() says what it was when ${what} refuses an attack`, () => {
    const report = reportOf("unmasked_frame", [{ ...DONE, status: { ...CLOSED, rule } }]);
    assert.deepEqual([report.outcome, report.refusedBy, report.clause], [outcome, rule, clause]);
    assert.equal(report.says === ATTACKS.unmasked_frame.says, outcome === "refused");
    assert.equal(report.source !== undefined, outcome === "refused");
  });
}

test("the shelf has the clauses of rules on frames as the table of rules has them", () => {
  for (const { rule, clause } of Object.values(ATTACKS)) {
    const known = Object.hasOwn(FRAME_RULES, rule) ? FRAME_RULES[rule as FrameRuleName] : undefined;
    if (known !== undefined) assert.equal(clause, `RFC 6455 ${known.section}`);
  }
});

test("no report of an attack holds a token, a ticket or a key", async () => {
  for (const name of Object.keys(ATTACKS)) {
    const { report } = await attack(name);
    assert.doesNotMatch(JSON.stringify(report.events), /eyJ[A-Za-z0-9_-]{8}/, name);
  }
});

test("POST /attack refuses what is on no shelf", async () => {
  for (const name of ["", "nothing", "__proto__", 7, undefined]) {
    assert.equal((await attack(name)).status, 400);
  }
});

test("isAttackName() takes the names of the shelf, and not what objects inherit", () => {
  assert.equal(isAttackName("no_token" satisfies AttackName), true);
  for (const name of ["toString", "__proto__", "constructor", undefined]) {
    assert.equal(isAttackName(name), false);
  }
});
