import assert from "node:assert/strict";
import { test } from "node:test";
import { DENIALS } from "../../src/session/envelope.ts";
import {
  MESSAGE_STEPS,
  type MessageStepName,
  messageSteps,
  STEP_OF_DENIAL,
} from "../../src/session/message_steps.ts";

const names = (of: "rows" | "refresh", failed?: MessageStepName) =>
  messageSteps(of, failed).map(({ step }) => step);

test("messageSteps() lists every step of a message that was answered, all passed", () => {
  const steps = messageSteps("rows", undefined);
  assert.deepEqual(new Set(steps.map(({ outcome }) => outcome)), new Set(["passed"]));
  assert.deepEqual(names("rows"), Object.keys(MESSAGE_STEPS).filter((name) => name !== "token"));
});

test("messageSteps() asks no row of an auth.refresh, and its token of nothing else", () => {
  assert.deepEqual(names("refresh"), ["rate", "size", "form", "identity", "type_rate", "data", "token"]);
});

test("messageSteps() ends with the step that failed", () => {
  const steps = messageSteps("rows", "role");
  assert.deepEqual(steps.at(-1), { step: "role", outcome: "failed" });
  assert.deepEqual(names("rows", "role"), ["rate", "size", "form", "type", "identity", "role"]);
  assert.deepEqual(messageSteps("rows", "rate"), [{ step: "rate", outcome: "failed" }]);
});

test("STEP_OF_DENIAL names a step for each code, each another", () => {
  assert.deepEqual(Object.keys(STEP_OF_DENIAL).sort(), Object.keys(DENIALS).sort());
  assert.equal(new Set(Object.values(STEP_OF_DENIAL)).size, Object.keys(DENIALS).length);
});
