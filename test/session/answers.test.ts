import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import { Answers } from "../../src/session/answers.ts";
import type { AuditEvent } from "../../src/session/audit.ts";
import type { DenialCode } from "../../src/session/envelope.ts";
import { NO_METER } from "../../src/session/meter.ts";
import { recordedSession, ROLES } from "../support/sessions.ts";
import { jws, NOW_MS } from "../support/tokens.ts";

/** A row may have a name of any kind, also one that looks like a secret. */
const LONG_ROW = "notifications_marked_as_read_by_their_reader.of_every_room_at_the_same_time";

/** The type in the event of a denial. */
function written(type: string, code: DenialCode): string | undefined {
  const events: AuditEvent[] = [];
  const isAnything = (_value: unknown): _value is unknown => true;
  const answers = new Answers({
    table: definePermissions({
      roles: ROLES,
      receive: { [LONG_ROW]: { roles: ROLES, data: isAnything } },
      send: {},
    }),
    lifecycle: { end: () => undefined },
    limits: { maxRateDenials: 10 },
    clock: { now: () => NOW_MS },
    audit: (event) => void events.push(event),
    meter: NO_METER,
    reportError: (error) => assert.fail(String(error)),
  });
  answers.deny(recordedSession("ada", []).session, { type, id: "1", data: undefined }, code);
  assert.equal(events.length, 1);
  return events[0]?.type;
}

/** Credentials that a careless client may put in the wrong place, and one that it has pasted text around. */
const SECRETS: Readonly<Record<string, string>> = {
  "a token": jws(),
  "a token in a sentence": `my token is ${jws()}`,
  "the beginning of a token": jws().slice(0, 16),
  "a ticket": randomBytes(32).toString("base64url"),
  "a key of 128 bits": Buffer.alloc(16, 0xfb).toString("base64"),
  "what is longer than any type": "say ".repeat(5_000),
};

for (const [name, secret] of Object.entries(SECRETS)) {
  for (const code of ["unknown_type", "rate_limited"] as const) {
    test(`Answers.deny() writes nothing of ${name} down that stands in place of a type (${code})`, () => {
      assert.equal(written(secret, code), `[hidden, ${secret.length} characters]`);
    });
  }
}

test("Answers.deny() writes the type down where it is no secret, printable", () => {
  for (const type of ["chat.shout", "", "__proto__", "a sentence of a stranger, in few and short words"]) {
    assert.equal(written(type, "unknown_type"), type);
  }
  assert.equal(written("chat\nroot logged in", "unknown_type"), "chat\\u{a}root logged in");
});

test("Answers.deny() writes the type of a row down, whatever it looks like, and that of a token's renewal", () => {
  for (const code of ["forbidden", "rate_limited", "invalid_data"] as const) {
    assert.equal(written(LONG_ROW, code), `${LONG_ROW.slice(0, 64)}…`);
    assert.equal(written("auth.refresh", code), "auth.refresh");
  }
});
