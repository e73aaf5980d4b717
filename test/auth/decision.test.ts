import assert from "node:assert/strict";
import { test } from "node:test";
import { type Carrier, CARRIERS } from "../../src/auth/credential.ts";
import { DECISION_STEPS, type DecisionStepName, decisionSteps } from "../../src/auth/decision.ts";
import type { DoorFault } from "../../src/auth/door.ts";
import type { IssueFault } from "../../src/auth/ticket.ts";
import { HANDSHAKE_RULES } from "../../src/protocol/handshake_rules.ts";
import type { NoRoom } from "../../src/session/registry.ts";

/** Every reason that the door has, and the step at which it falls; one that is new does not compile without its step. */
const STEP_OF_DOOR: Readonly<Record<DoorFault["reason"] | IssueFault | NoRoom, DecisionStepName>> = {
  foreign_origin: "origin",
  two_carriers: "credential",
  no_credential: "credential",
  cookie_without_origin: "site",
  cross_site: "site",
  ticket_malformed: "ticket",
  ticket_unknown: "ticket",
  ticket_reused: "ticket",
  ticket_origin: "ticket",
  too_long: "form",
  malformed: "form",
  unknown_key: "key",
  algorithm: "algorithm",
  signature: "signature",
  claims: "claims",
  expired: "time",
  lifetime: "time",
  not_yet_valid: "time",
  audience: "audience",
  issuer: "issuer",
  revoked: "revocation",
  key_withdrawn: "revocation",
  too_many_tickets: "admission",
  too_many_tickets_of_subject: "admission",
  sessions: "admission",
  sessions_of_subject: "admission",
};

const names = (carrier: Carrier | undefined, reason: string | undefined) =>
  decisionSteps(carrier, reason).map(({ step }) => step);

for (const [reason, step] of Object.entries(STEP_OF_DOOR)) {
  test(`decisionSteps() lets the decision fall at ${step} when the reason is ${reason}`, () => {
    const { carriers = CARRIERS } = DECISION_STEPS[step];
    for (const carrier of carriers) {
      const steps = decisionSteps(carrier, reason);
      assert.deepEqual(steps.at(-1), { step, outcome: "failed", reason });
      for (const passed of steps.slice(0, -1)) {
        assert.deepEqual(passed, { step: passed.step, outcome: "passed" });
      }
    }
  });
}

test("DECISION_STEPS names each reason once, and the reasons of the server besides those of the door", () => {
  const reasons = Object.values(DECISION_STEPS).flatMap((row) => row.reasons);
  assert.equal(new Set(reasons).size, reasons.length);
  const others = reasons.filter((reason) => !Object.hasOwn(STEP_OF_DOOR, reason));
  assert.deepEqual(others, [
    "draining",
    "closed",
    "pending",
    "path",
    "auth_timeout",
    "unauthenticated",
    "key_source_failed",
    "pending_of_subject",
    "pending_of_address",
    "not_approved",
    "approval_timeout",
    "approval_failed",
    "connections",
    "connections_of_address",
    "admission_failed",
  ]);
});

for (const [name, { asks }] of Object.entries(DECISION_STEPS)) {
  test(`DECISION_STEPS.${name} says in a sentence what it asks`, () => assert.match(asks, /^[A-Z].*\.$/));
}

const BEFORE: readonly DecisionStepName[] = ["capacity", "request", "path", "origin", "credential"];
const TOKEN: readonly DecisionStepName[] = ["form", "key", "algorithm", "signature", "claims"];
const ABOUT: readonly DecisionStepName[] = ["audience", "issuer"];
const BEHIND: readonly DecisionStepName[] = ["revocation", "approval", "admission"];

const STEPS: Readonly<Record<Carrier, readonly DecisionStepName[]>> = {
  authorization: [...BEFORE, ...TOKEN, "time", ...ABOUT, ...BEHIND],
  subprotocol: [...BEFORE, ...TOKEN, "time", ...ABOUT, ...BEHIND],
  cookie: [...BEFORE, "site", ...TOKEN, "time", ...ABOUT, ...BEHIND],
  // What a ticket stands for was verified when it was given out.
  ticket: [...BEFORE, "ticket", "time", ...BEHIND],
  message: [...BEFORE, "unauthenticated", ...TOKEN, "time", ...ABOUT, ...BEHIND],
};

for (const carrier of CARRIERS) {
  test(`decisionSteps() lists all steps of ${carrier}, passed and in their order, when the answer is yes`, () => {
    assert.deepEqual(names(carrier, undefined), STEPS[carrier]);
    for (const { outcome } of decisionSteps(carrier, undefined)) assert.equal(outcome, "passed");
  });

  test(`decisionSteps() lists of ${carrier} exactly the steps before the one that failed`, () => {
    for (const [at, step] of STEPS[carrier].entries()) {
      for (const reason of DECISION_STEPS[step].reasons) {
        assert.deepEqual(names(carrier, reason), STEPS[carrier].slice(0, at + 1));
      }
    }
  });
}

test("decisionSteps() claims nothing of a token that is still to come in a message", () => {
  const toCome = (reason: string | undefined) =>
    decisionSteps("message", reason, "to_come").map(({ step }) => step);
  const around = [...BEFORE, "unauthenticated", "admission"];
  assert.deepEqual(toCome(undefined), around);
  assert.deepEqual(toCome("connections"), around);
  assert.deepEqual(toCome("unauthenticated"), around.slice(0, -1));
  assert.deepEqual(toCome("foreign_origin"), around.slice(0, 4));
  // The token at which it fell has been shown by then.
  assert.deepEqual(toCome("signature"), names("message", "signature"));
  assert.deepEqual(toCome("not_approved"), names("message", "not_approved"));
});

test("decisionSteps() asks nothing of a credential that was not found", () => {
  assert.deepEqual(names(undefined, "closed"), ["capacity"]);
  assert.deepEqual(names(undefined, "path"), ["capacity", "request", "path"]);
  assert.deepEqual(names(undefined, "foreign_origin"), ["capacity", "request", "path", "origin"]);
  for (const reason of ["two_carriers", "no_credential"]) assert.deepEqual(names(undefined, reason), BEFORE);
});

test("decisionSteps() takes what no step names for a rule of the handshake", () => {
  for (const rule of Object.keys(HANDSHAKE_RULES)) {
    assert.deepEqual(decisionSteps(undefined, rule), [
      { step: "capacity", outcome: "passed" },
      { step: "request", outcome: "failed", reason: rule },
    ]);
  }
  for (const odd of ["__proto__", "constructor", "", "toString"]) {
    assert.deepEqual(names(undefined, odd), ["capacity", "request"]);
  }
});
