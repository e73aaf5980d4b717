import assert from "node:assert/strict";
import { test } from "node:test";
import { DENIALS } from "../../src/session/envelope.ts";
import { type Bench, bench } from "../support/session_dispatcher.ts";
import { CLAIMS, jws, NOW, NOW_MS, SECRET } from "../support/tokens.ts";

/** Short enough for the messages of these tests, longer-lived than the session. */
const TOKEN = jws({ payload: { sub: "ada", aud: "chat", exp: NOW + 90 } });
const OTHERS = jws({ payload: { sub: "eve", aud: "chat", exp: NOW + 90 } });
const BAD = jws({ payload: { sub: "ada", aud: "chat", exp: NOW + 90 }, secret: SECRET.subarray(1) });
const TERMS = { roles: [], expiresAt: NOW_MS + 90_000 };

const ask = (made: Bench, token: unknown, id: string | undefined = "7") =>
  made.send({ type: "auth.refresh", id, data: { token } });

/** Room for a token, which the other tests have no need of. */
const roomy = () => bench(undefined, ["member"], { maxEnvelopeBytes: 20_000 });

test("Dispatcher.receive() refreshes the lease, and answers with its terms under the id of the message", () => {
  const made = roomy();
  assert.equal(ask(made, TOKEN), undefined);
  assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7", data: TERMS }]);
  assert.equal(made.session.expiresAtMs, NOW_MS + 90_000);
  assert.deepEqual(made.events.map(({ event, reason }) => [event, reason]), [["session_renewed", "refresh"]]);
  made.send({ type: "auth.refresh", data: { token: TOKEN } });
  assert.deepEqual(made.sender.replies.at(-1), { type: "ok", data: TERMS });
});

test("Dispatcher.receive() lets everybody refresh, whatever the roles, and holds the next message to the new ones", () => {
  const made = roomy();
  made.send({ type: "say", id: "1", data: "hi" });
  ask(made, TOKEN, "2");
  made.clock.advance(1_000);
  made.send({ type: "say", id: "3", data: "hi" });
  ask(made, jws({ payload: { ...CLAIMS, exp: NOW + 90 } }), "4");
  made.send({ type: "say", id: "5", data: "hi" });
  assert.deepEqual(made.sender.replies.map((reply) => Object.values(reply as object).slice(0, 3)), [
    ["ok", "1", "HI"],
    ["ok", "2", TERMS],
    ["error", "3", "forbidden"],
    ["ok", "4", { roles: ["member"], expiresAt: NOW_MS + 90_000 }],
    ["ok", "5", "HI"],
  ]);
});

test("Dispatcher.receive() denies a token that is not good, and one of another subject, and goes on", () => {
  const made = roomy();
  ask(made, BAD, "1");
  ask(made, OTHERS, "2");
  made.send({ type: "say", id: "3", data: "hi" });
  const [bad, others, said] = made.sender.replies;
  const { retryable } = DENIALS.invalid_data;
  assert.deepEqual(bad, {
    type: "error",
    re: "1",
    code: "invalid_data",
    message: "The token is not valid.",
    retryable,
  });
  assert.deepEqual(others, {
    type: "error",
    re: "2",
    code: "forbidden",
    message: "The token is not for this session.",
    retryable: DENIALS.forbidden.retryable,
  });
  assert.deepEqual(said, { type: "ok", re: "3", data: "HI" });
  assert.equal(made.session.expiresAtMs, NOW_MS + 60_000);
  // One event for each decision, with the reason that the peer is not told.
  assert.deepEqual(made.events.map(({ event, reason }) => [event, reason]), [
    ["authn_login_fail", "signature"],
    ["authn_login_fail", "other_subject"],
  ]);
});

const NO_TOKEN: readonly unknown[] = [
  undefined,
  null,
  TOKEN,
  7,
  [TOKEN],
  {},
  { token: null },
  { token: [TOKEN] },
  { token: { token: TOKEN } },
  { Token: TOKEN },
];

for (const data of NO_TOKEN) {
  test(`Dispatcher.receive() denies a refresh with ${JSON.stringify(data)?.slice(0, 20)} as invalid data`, () => {
    const made = roomy();
    made.send({ type: "auth.refresh", id: "7", data });
    assert.deepEqual(made.sender.replies, [
      { type: "error", re: "7", code: "invalid_data", ...DENIALS.invalid_data },
    ]);
    assert.deepEqual(made.events, [{
      event: "input_validation_fail",
      atMs: NOW_MS,
      reason: "invalid_data",
      subject: "ada",
      sessionId: made.session.id,
      type: "auth.refresh",
    }]);
  });
}

test("Dispatcher.receive() refreshes no lease that is over, however good the token", () => {
  const made = roomy();
  made.clock.jump(60_000);
  ask(made, TOKEN);
  assert.deepEqual(made.sender.replies, [{ type: "error", re: "7", code: "expired", ...DENIALS.expired }]);
  assert.deepEqual(made.sender.closes.map(({ code }) => code), [3000]);
  assert.equal(made.session.end, "expired");
  assert.deepEqual(made.events.map(({ event }) => event), [
    "session_use_after_expire",
    "session_expired",
  ]);
  assert.equal(ask(made, TOKEN), undefined);
  assert.deepEqual([made.sender.texts.length, made.events.length], [1, 2]);
});

test("Dispatcher.receive() takes five refreshes at once, then one a second, good or bad", () => {
  const made = roomy();
  for (const token of [TOKEN, BAD, 7, OTHERS, TOKEN, TOKEN]) ask(made, token);
  assert.deepEqual(made.sender.replies.at(-1), {
    type: "error",
    re: "7",
    code: "rate_limited",
    ...DENIALS.rate_limited,
    retryAfterMs: 1_000,
  });
  assert.equal(made.sender.texts.length, 6);
  assert.deepEqual(made.events.at(-1)?.event, "excess_rate_limit_exceeded");
  made.clock.advance(1_000);
  ask(made, TOKEN);
  ask(made, TOKEN);
  const codes = made.sender.replies.slice(-2).map((reply) => (reply as { readonly code?: string }).code);
  assert.deepEqual(codes, [undefined, "rate_limited"]);
});

test("Dispatcher.receive() counts refreshes against no other type, and no other against them", () => {
  const made = roomy();
  for (let times = 0; times < 6; times++) ask(made, 7);
  made.send({ type: "say", id: "8", data: "hi" });
  assert.deepEqual(made.sender.replies.at(-1), { type: "ok", re: "8", data: "HI" });
});

test("Dispatcher.receive() measures a refresh like any other message, before it reads it", () => {
  const made = bench();
  ask(made, "x".repeat(200));
  assert.equal((made.sender.replies[0] as { readonly code?: string }).code, "too_large");
});

test("Dispatcher.receive() tells no token, and nothing of one, in any reply or event", () => {
  const made = roomy();
  const secret = "hunter2".repeat(10);
  const tokens = [TOKEN, BAD, OTHERS, secret];
  for (const token of tokens) ask(made, token);
  made.send({ type: "auth.refresh", data: secret });
  made.send({ type: "auth.refresh", id: "9", token: secret });
  const told = JSON.stringify([made.sender.texts, made.events, made.errors]);
  const pieces = [...tokens.flatMap((token) => token.split(".")), "hunter2"];
  for (const piece of pieces) assert.equal(told.includes(piece), false, piece);
});

test("Dispatcher.receive() knows auth and the types of the server as little as any other", () => {
  const made = roomy();
  for (
    const type of ["auth", "auth.expiring", "auth.changed", "server.bye", "auth.refresh ", "Auth.refresh"]
  ) {
    made.send({ type, data: { token: TOKEN } });
    assert.equal((made.sender.replies.at(-1) as { readonly code?: string }).code, "unknown_type", type);
  }
  assert.equal(made.session.expiresAtMs, NOW_MS + 60_000);
});
