import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientLimits, resolveClientLimits } from "../../src/client/client_limits.ts";
import { type TokenReason, type TokenRequest, TokenSource } from "../../src/client/token_source.ts";
import { settle } from "../support/client_bench.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { signal } from "../support/server.ts";

/** A source and what it asked; without another `getToken`, the answers are `t1`, `t2` and so on. */
function made(
  answer: (request: TokenRequest, count: number) => unknown = (_request, count) => `t${count}`,
  limits: Partial<ClientLimits> = {},
) {
  const clock = new ManualClock();
  const asked: TokenReason[] = [];
  const signals: AbortSignal[] = [];
  const getToken = (request: TokenRequest) => {
    asked.push(request.reason);
    signals.push(request.signal);
    return answer(request, asked.length) as string;
  };
  const source = new TokenSource({ getToken, clock, limits: resolveClientLimits(limits) });
  return { source, clock, asked, signals };
}

test("TokenSource.take() asks once and keeps a good token", async () => {
  const { source, asked, clock } = made();
  assert.equal(await source.take(), "t1");
  source.accept("t1", clock.now() + 1_000);
  assert.equal(await source.take(), "t1");
  assert.deepEqual(asked, ["first"]);
  assert.equal(clock.pending, 0);
});

test("TokenSource asks once for all who need a token at the same time", async () => {
  const answer = signal<string>();
  const { source, asked } = made(() => answer.promise);
  const needs = [source.take(), source.take(), source.renew("t0")];
  answer.resolve("t1");
  assert.deepEqual(await Promise.all(needs), ["t1", "t1", "t1"]);
  assert.deepEqual(asked, ["first"]);
});

test("TokenSource.take() asks again after a refusal, and says so", async () => {
  const { source, asked } = made();
  source.refuse(await source.take());
  assert.equal(await source.take(), "t2");
  assert.deepEqual(asked, ["first", "refused"]);
});

test("TokenSource.take() keeps its token when another is refused", async () => {
  const { source, asked } = made();
  await source.take();
  source.refuse("t0");
  assert.equal(await source.take(), "t1");
  assert.deepEqual(asked, ["first"]);
});

test("TokenSource.take() asks again when its token has expired, and not a millisecond before", async () => {
  const { source, asked, clock } = made();
  source.accept(await source.take(), clock.now() + 1_000);
  clock.advance(999);
  assert.equal(await source.take(), "t1");
  clock.advance(1);
  assert.equal(await source.take(), "t2");
  assert.deepEqual(asked, ["first", "expiring"]);
});

test("TokenSource.take() hands an expired token out once more when that is what it is given: the clock may be wrong", async () => {
  const { source, clock } = made(() => "t1");
  source.accept(await source.take(), clock.now());
  assert.equal(await source.take(), "t1");
});

test("TokenSource never hands out a token that was refused, however often it is given", async () => {
  const { source, asked } = made(() => "t1");
  source.refuse(await source.take());
  for (let i = 0; i < 3; i++) {
    await assert.rejects(source.take(), { code: "token_refused" });
    await assert.rejects(source.renew("t0"), { code: "token_refused" });
  }
  assert.deepEqual(new Set(asked.slice(1)), new Set(["refused"]));
});

test("TokenSource forgets the refusal that is longest ago, and only beyond its limit", async () => {
  const { source } = made(() => "t1", { maxRefusedTokens: 2 });
  for (const token of ["t1", "t2"]) source.refuse(token);
  await assert.rejects(source.take(), { code: "token_refused" });
  source.refuse("t3");
  assert.equal(await source.take(), "t1");
});

test("TokenSource.renew() asks for another while the current one stays good", async () => {
  const { source, asked, clock } = made();
  source.accept(await source.take(), clock.now() + 1_000);
  assert.equal(await source.renew("t1"), "t2");
  assert.deepEqual(asked, ["first", "expiring"]);
});

test("TokenSource.renew() does not ask again while the answer has not been judged", async () => {
  const { source, asked, clock } = made();
  source.accept(await source.take(), clock.now() + 1_000);
  await source.renew("t1");
  assert.equal(await source.renew("t1"), "t2");
  assert.equal(await source.take(), "t2");
  assert.equal(asked.length, 2);
});

test("TokenSource.take() goes back to the token that was accepted when the newer one is refused", async () => {
  const { source, asked, clock } = made();
  source.accept(await source.take(), clock.now() + 1_000);
  source.refuse(await source.renew("t1"));
  assert.equal(await source.take(), "t1");
  assert.equal(await source.renew("t1"), "t3");
  assert.deepEqual(asked, ["first", "expiring", "refused"]);
});

test("TokenSource passes on that getToken failed, at once or later, and asks again the next time", async () => {
  const failures = [
    () => {
      throw new Error("at once");
    },
    () => Promise.reject(new Error("later")),
    () => "t3",
  ];
  const { source, asked, clock } = made(() => failures.shift()?.());
  await assert.rejects(source.take(), { code: "token_failed", cause: new Error("at once") });
  await assert.rejects(source.take(), { code: "token_failed", cause: new Error("later") });
  assert.equal(await source.take(), "t3");
  assert.deepEqual(asked, ["first", "first", "first"]);
  assert.equal(clock.pending, 0);
});

const NO_TOKENS: readonly unknown[] = [undefined, null, "", 7, {}, "a b", "a\nb", "ä", "x".repeat(65)];

for (const answer of NO_TOKENS) {
  test(`TokenSource takes ${JSON.stringify(answer)} for no token, and does not repeat it`, async () => {
    const { source } = made(() => answer, { maxTokenBytes: 64 });
    await assert.rejects(source.take(), (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, "token_failed");
      assert.doesNotMatch(error.message, /a b|ä|xx/);
      return true;
    });
  });
}

test("TokenSource takes a token of just the longest length", async () => {
  const { source } = made(() => "x".repeat(64), { maxTokenBytes: 64 });
  assert.equal((await source.take()).length, 64);
});

test("TokenSource gives up a getToken that takes too long, tells it so, and can ask again", async () => {
  const { source, clock, signals } = made((_, count) => count === 1 ? new Promise(() => undefined) : "t2", {
    tokenTimeoutMs: 100,
  });
  const late = source.take();
  clock.advance(99);
  assert.equal(signals[0]?.aborted, false);
  clock.advance(1);
  await assert.rejects(late, { code: "token_failed", message: /100 ms/ });
  assert.equal(signals[0]?.aborted, true);
  assert.equal(await source.take(), "t2");
  assert.equal(clock.pending, 0);
});

test("TokenSource.stop() aborts the question that is open", async () => {
  const { source, clock, signals } = made(() => new Promise(() => undefined));
  const open = source.take();
  source.stop();
  await assert.rejects(open, { code: "token_failed" });
  assert.equal(signals[0]?.aborted, true);
  assert.equal(clock.pending, 0);
});

test("TokenSource.known lists every token that must not be seen", async () => {
  const { source, clock } = made();
  assert.deepEqual([...source.known], []);
  source.accept(await source.take(), clock.now() + 1_000);
  source.refuse("t0");
  await source.renew("t1");
  await settle();
  assert.deepEqual([...source.known], ["t2", "t1", "t0"]);
});
