import assert from "node:assert/strict";
import { test } from "node:test";
import { DECISION_STEPS, DENIALS, ERROR_CODES } from "../../src/mod.ts";
import { EVENT_OF_DENIAL, eventOfBadToken } from "../../src/session/audit.ts";
import { choicesOf } from "./made_members.ts";
import { errorPlaces, publicSource, referenceBlocks } from "./made_reference.ts";

test("publicSource() finds what the package exports, and nothing else", () => {
  assert.match(publicSource("GateSettings"), /^export interface GateSettings</m);
  assert.throws(() => publicSource("GateParts"), /exports no GateParts/);
});

test("the options of a gate are in the reference: its own, those of the door, of paths, and not an acceptor's", () => {
  const options = referenceBlocks.get("members GateOptions")?.() ?? "";
  for (const name of ["handlers", "keys", "allowedOrigins?", "approve?()", "livePath?"]) {
    assert.ok(options.includes(`| \`${name}\` |`), name);
  }
  for (const name of ["connected()", "tracer?", "insecureAllowAnonymous?", "maxTokenBytes?"]) {
    assert.ok(!options.includes(`| \`${name}\` |`), name);
  }
});

test("each error code has a place that it comes from", () => {
  const places = errorPlaces();
  assert.deepEqual([...places.keys()], Object.keys(ERROR_CODES));
  assert.equal(places.get("weak_key"), "thrown by `hmacKey()`");
  assert.match(
    places.get("client_stopped") ?? "",
    /^by rejecting: `Client\.open\(\)`, `Client\.request\(\)`/,
  );
  assert.match(places.get("handler_timeout") ?? "", /^see .*`HandlerContext\.signal`/);
});

test("the audit events name every reason of the door, and every code of a denial", () => {
  const events = new Map(
    choicesOf("AuditName", publicSource).map(({ choice, text }) => [JSON.parse(choice), text]),
  );
  for (const [step, { reasons }] of Object.entries(DECISION_STEPS)) {
    for (const reason of reasons) {
      assert.ok([...events.values()].some((text) => text.includes(`\`${reason}\``)), `${step}: ${reason}`);
    }
  }
  for (const code of Object.keys(DENIALS) as (keyof typeof DENIALS)[]) {
    assert.ok(events.get(EVENT_OF_DENIAL[code])?.includes(`\`${code}\``), code);
  }
  const ofTokens = [
    "form",
    "key",
    "algorithm",
    "signature",
    "claims",
    "time",
    "audience",
    "issuer",
    "ticket",
  ];
  for (const step of [...ofTokens, "revocation"] as (keyof typeof DECISION_STEPS)[]) {
    for (const reason of DECISION_STEPS[step].reasons.filter((name) => name !== "key_source_failed")) {
      assert.ok(events.get(eventOfBadToken(reason))?.includes(`\`${reason}\``), reason);
    }
  }
});
