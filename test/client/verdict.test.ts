import assert from "node:assert/strict";
import { test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import { judgeEnd, judgeStatus } from "../../src/client/verdict.ts";
import { CLOSE } from "../../src/protocol/close_codes.ts";

const STATUSES = {
  stop: [400, 403, 404, 405, 426, 431],
  refresh: [401],
  backoff: [429, 500, 502, 503, 504, 101, 200, 302, 407, 418, 599],
} as const;

for (const [action, statuses] of Object.entries(STATUSES)) {
  for (const status of statuses) {
    test(`judgeStatus() answers ${action} for ${status}`, () => {
      const found = judgeStatus(status, 5_000);
      assert.equal(found.action, action);
      assert.deepEqual(found.why, { kind: "refused", status });
      assert.equal(found.refusesToken, action === "refresh");
      assert.equal(found.hintMs, 5_000);
      assert.equal(judgeStatus(status, undefined).hintMs, 0);
    });
  }
}

for (const { code, client } of Object.values(CLOSE)) {
  test(`judgeEnd() follows the table of close codes for ${code}: ${client}`, () => {
    const end = { kind: "closed", code, reason: "why" } as const;
    const found = judgeEnd(end, true);
    assert.deepEqual(found, { action: client, why: end, refusesToken: client === "refresh", hintMs: 0 });
  });
}

test("judgeEnd() lets a token stay good when the server was not reached", () => {
  const found = judgeEnd({ kind: "unreachable" }, true);
  assert.equal(found.action, "backoff");
  assert.equal(found.refusesToken, false);
});

test("judgeEnd() takes an end that is unclear for a refusal, but only of a token that was shown", () => {
  assert.equal(judgeEnd({ kind: "unclear" }, true).refusesToken, true);
  assert.equal(judgeEnd({ kind: "unclear" }, false).refusesToken, false);
  for (const shown of [true, false]) assert.equal(judgeEnd({ kind: "unclear" }, shown).action, "backoff");
});

test("judgeEnd() judges an HTTP status like judgeStatus()", () => {
  const end = { kind: "refused", status: 503, retryAfterMs: 7 } as const;
  assert.deepEqual(judgeEnd(end, true), judgeStatus(503, 7));
});

test("judgeEnd() stops when it can never work", () => {
  const error = new PortcullisError("unsupported", "This runtime has no global WebSocket.");
  const found = judgeEnd({ kind: "unusable", error }, true);
  assert.equal(found.action, "stop");
  assert.deepEqual(found.why, { kind: "unusable", error });
});
