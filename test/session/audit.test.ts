import assert from "node:assert/strict";
import { test } from "node:test";
import { auditDenial, type AuditName, eventOfBadToken } from "../../src/session/audit.ts";
import { type DenialCode, DENIALS } from "../../src/session/envelope.ts";
import { recordedSession } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

const EVENTS: Readonly<Record<DenialCode, AuditName>> = {
  malformed: "input_validation_fail",
  unknown_type: "input_validation_fail",
  invalid_data: "input_validation_fail",
  too_large: "input_validation_fail",
  forbidden: "authz_fail",
  expired: "session_use_after_expire",
  rate_limited: "excess_rate_limit_exceeded",
  internal: "sys_crash",
};

for (const code of Object.keys(DENIALS) as DenialCode[]) {
  test(`auditDenial() calls ${code} ${EVENTS[code]}, and says who, when and about what`, () => {
    const { session } = recordedSession("ada", [], { id: "s1" });
    assert.deepEqual(auditDenial(code, session, "chat.say", NOW_MS), {
      event: EVENTS[code],
      atMs: NOW_MS,
      reason: code,
      subject: "ada",
      sessionId: "s1",
      type: "chat.say",
    });
  });
}

test("auditDenial() leaves the type out when there was none to read", () => {
  const event = auditDenial("malformed", recordedSession("ada", []).session, undefined, NOW_MS);
  assert.equal("type" in event, false);
});

/** Text that ends a line, moves a cursor, turns the direction of writing round, or is half a character. */
const HOSTILE = [
  "\r\n",
  "\n",
  "\0",
  "\x1b[2J",
  "\x7f",
  "\x85",
  "\u2028",
  "\u202e",
  "\ufeff",
  "\ud800",
  "é",
  "\\u{a}",
];

test("auditDenial() prints nothing but visible ASCII of what a stranger chose", () => {
  for (const text of HOSTILE) {
    const { session } = recordedSession(`ada${text}root`, []);
    const { subject = "", type = "" } = auditDenial("unknown_type", session, `chat${text}say`, NOW_MS);
    assert.match(subject, /^ada[ -~]+root$/);
    assert.match(type, /^chat[ -~]+say$/);
    assert.equal(subject.includes(text), false);
    assert.equal(type.includes(text), false);
  }
});

test("auditDenial() keeps 64 characters of what a stranger chose", () => {
  const { session } = recordedSession("s".repeat(256), []);
  const event = auditDenial("unknown_type", session, "t".repeat(60_000), NOW_MS);
  assert.equal(event.subject, `${"s".repeat(64)}…`);
  assert.equal(event.type, `${"t".repeat(64)}…`);
  // Each character at most as an escape of 9.
  const { type = "" } = auditDenial("unknown_type", session, "\uffff".repeat(60_000), NOW_MS);
  assert.ok(type.length <= 64 * 9 + 1);
});

test("eventOfBadToken() tells who shows again what was good once from who shows what never was", () => {
  for (const reason of ["ticket_reused", "revoked", "key_withdrawn"]) {
    assert.equal(eventOfBadToken(reason), "authn_token_reuse", reason);
  }
  for (const reason of ["ticket_unknown", "ticket_origin", "malformed", "signature", "expired", "audience"]) {
    assert.equal(eventOfBadToken(reason), "authn_login_fail", reason);
  }
});
