import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bench, bench } from "../support/session_dispatcher.ts";

/** The codes of the replies so far. */
function codes({ sender }: Bench): string[] {
  return sender.replies.map((reply) => {
    const { type, code } = reply as { readonly type: string; readonly code?: string };
    return code ?? type;
  });
}

const TWO_PER_SECOND = { maxMessagesPerSecond: 2 };

test("Dispatcher.receive() answers rate_limited when a session sends more than it may in all, and says when it may again", () => {
  const made = bench(undefined, ["member"], TWO_PER_SECOND);
  for (const id of ["1", "2", "3"]) made.send({ type: "ask", id });
  assert.deepEqual(codes(made), ["ok", "ok", "rate_limited"]);
  const { re, retryAfterMs } = made.sender.replies[2] as {
    readonly re: string;
    readonly retryAfterMs: number;
  };
  assert.deepEqual([re, retryAfterMs], ["3", 500]);
  made.clock.advance(499);
  made.send({ type: "ask" });
  made.clock.advance(1);
  made.send({ type: "ask" });
  assert.deepEqual(codes(made).slice(3), ["rate_limited", "ok"]);
});

const DENIED: Readonly<Record<string, object | string>> = {
  "is no JSON": "{",
  "is too large": "x".repeat(1_000),
  "has an unknown type": { type: "__proto__" },
  "has invalid data": { type: "say", data: 7 },
};

for (const [what, message] of Object.entries(DENIED)) {
  test(`Dispatcher.receive() counts a message that ${what}, too`, () => {
    const made = bench(undefined, ["member"], TWO_PER_SECOND);
    for (let i = 0; i < 3; i++) made.send(message);
    assert.equal(codes(made)[2], "rate_limited");
    assert.notEqual(codes(made)[0], "rate_limited");
    assert.deepEqual(made.sender.closes, []);
  });
}

test("Dispatcher.receive() counts each session by itself", () => {
  const made = bench(undefined, ["member"], TWO_PER_SECOND);
  const other = bench(undefined, ["member"], TWO_PER_SECOND);
  for (let i = 0; i < 3; i++) made.send({ type: "ask" });
  other.send({ type: "ask" });
  assert.deepEqual(codes(other), ["ok"]);
});

test("Dispatcher.receive() calls no function of the application for a message over the rate", () => {
  const made = bench(undefined, ["member"], { maxMessagesPerSecond: 1 });
  made.send({ type: "ask" });
  made.send({ type: "say", data: "hi" });
  assert.deepEqual(made.calls, []);
});

test("Dispatcher.receive() closes with 1013 whoever goes on when he is told to wait", () => {
  const made = bench(undefined, ["member"], { maxMessagesPerSecond: 1, maxRateDenials: 3 });
  for (let i = 0; i < 4; i++) made.send({ type: "ask" });
  assert.deepEqual(made.sender.closes, []);
  made.send({ type: "ask" });
  assert.deepEqual(made.sender.closes.map(({ code }) => code), [1013]);
  assert.equal(codes(made).length, 5);
  assert.equal(made.session.end, "insistent");
});

test("Dispatcher.receive() counts the denials by the rate of a row, too", () => {
  const made = bench(undefined, ["member"], { maxRateDenials: 3 });
  // Once a second.
  for (let i = 0; i < 4; i++) made.send({ type: "say", data: "hi" });
  assert.deepEqual(made.sender.closes, []);
  made.send({ type: "say", data: "hi" });
  assert.deepEqual(made.sender.closes.map(({ code }) => code), [1013]);
});

test("Dispatcher.receive() forgives a hundredth of the denials per second", () => {
  const made = bench(undefined, ["member"], { maxMessagesPerSecond: 1, maxRateDenials: 2 });
  for (let i = 0; i < 3; i++) made.send({ type: "ask" });
  made.clock.advance(50_000);
  for (let i = 0; i < 2; i++) made.send({ type: "ask" });
  assert.deepEqual(made.sender.closes, []);
  made.send({ type: "ask" });
  assert.equal(made.sender.closes.length, 1);
});
