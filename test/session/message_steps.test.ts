import assert from "node:assert/strict";
import { test } from "node:test";
import { type DenialCode, DENIALS } from "../../src/session/envelope.ts";
import {
  MESSAGE_STEPS,
  type MessageStepName,
  messageSteps,
  usualStepOf,
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

test("usualStepOf() names a step for each code, the first that denies with it", () => {
  const codes = Object.keys(DENIALS) as DenialCode[];
  assert.deepEqual(
    codes.map((code) => [code, usualStepOf(code)]),
    [
      ["malformed", "form"],
      ["unknown_type", "type"],
      ["forbidden", "role"],
      ["expired", "identity"],
      ["rate_limited", "rate"],
      ["invalid_data", "data"],
      ["too_large", "size"],
      ["internal", "data"],
    ],
  );
});
