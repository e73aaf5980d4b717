import assert from "node:assert/strict";
import { test } from "node:test";
import { PortcullisError, type RequestDenial } from "../../src/base/errors.ts";
import { Backoff } from "../../src/client/backoff.ts";
import { resolveClientLimits } from "../../src/client/client_limits.ts";
import { Lease } from "../../src/client/lease.ts";
import { type TokenReason, TokenSource } from "../../src/client/token_source.ts";
import type { LeaseChange } from "../../src/client/wire.ts";
import { HALF, settle } from "../support/client_bench.ts";
import { ManualClock } from "../support/manual_clock.ts";

/** A lease on `t1`; `getToken` answers `t2`, `t3` and so on, and the server what the test says. */
async function made(answer: (token: string, count: number) => unknown) {
  const clock = new ManualClock();
  const limits = resolveClientLimits();
  const asked: TokenReason[] = [];
  const given: { next: (count: number) => string } = { next: (count) => `t${count}` };
  const getToken = ({ reason }: { readonly reason: TokenReason }) => given.next(asked.push(reason));
  const tokens = new TokenSource({ getToken, clock, limits });
  const shown: string[] = [];
  const renewals: LeaseChange[] = [];
  const errors: unknown[] = [];
  const lease = new Lease({
    token: await tokens.take(),
    expiresAt: clock.now() + 60_000,
    tokens,
    clock,
    minPauseMs: 1_000,
    backoff: new Backoff(limits, HALF),
    refresh: async (token) => {
      shown.push(token);
      return await answer(token, shown.length);
    },
    renewed: (change) => void renewals.push(change),
    reportError: (error) => void errors.push(error),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settle();
  };
  return { lease, clock, tokens, asked, given, shown, renewals, errors, pass };
}

function denied(denial: Partial<RequestDenial> & { readonly code: string }): PortcullisError {
  const filled = { message: "", retryable: false, retryAfterMs: undefined, ...denial };
  return new PortcullisError("denied", "No.", { denial: filled });
}

/** Throws it the first time, and takes the token after that. */
const firstThen = (error: PortcullisError) => (_token: string, count: number) => {
  if (count === 1) throw error;
  return { roles: ["admin"], expiresAt: 1_800_000_120_000 };
};

test("Lease.expiring() shows another token, and the session stands on it", async () => {
  const { lease, clock, tokens, asked, shown, renewals, pass } = await made(() => ({
    roles: ["admin"],
    expiresAt: 1_800_000_120_000,
  }));
  lease.expiring();
  await settle();
  assert.deepEqual(shown, ["t2"]);
  assert.equal(lease.token, "t2");
  assert.deepEqual(renewals, [{ roles: ["admin"], expiresAt: 1_800_000_120_000 }]);
  assert.deepEqual(asked, ["first", "expiring"]);
  await pass(119_999);
  assert.equal(await tokens.take(), "t2");
  await pass(1);
  assert.equal(await tokens.take(), "t3");
  assert.equal(clock.pending, 0);
});

test("Lease.expiring() is renewed once, however often it is said, and again the next time", async () => {
  const { lease, shown, pass } = await made(() => ({}));
  lease.expiring();
  lease.expiring();
  await settle();
  assert.deepEqual(shown, ["t2"]);
  await pass(1_000);
  lease.expiring();
  await settle();
  assert.deepEqual(shown, ["t2", "t3"]);
});

test("Lease.expiring() makes no storm at the login when the server says it again at once", async () => {
  const { lease, shown, pass, clock } = await made(() => ({}));
  for (let turn = 0; turn < 3; turn++) {
    lease.expiring();
    await settle();
  }
  assert.deepEqual(shown, ["t2"]);
  await pass(999);
  assert.deepEqual(shown, ["t2"]);
  await pass(1);
  assert.deepEqual(shown, ["t2", "t3"]);
  lease.expiring();
  lease.end();
  assert.equal(clock.pending, 0);
});

for (const code of ["invalid_data", "forbidden"]) {
  test(`Lease never shows a token again that was answered with ${code}, and waits before it shows another`, async () => {
    const { lease, asked, shown, tokens, pass } = await made(firstThen(denied({ code })));
    lease.expiring();
    await settle();
    await pass(499);
    assert.deepEqual(shown, ["t2"]);
    await pass(1);
    assert.deepEqual(shown, ["t2", "t3"]);
    assert.deepEqual(asked, ["first", "expiring", "refused"]);
    assert.ok([...tokens.known].includes("t2"));
    assert.equal(lease.token, "t3");
  });
}

test("Lease waits as long as the server says, and shows the same token again when it was not judged", async () => {
  const { lease, asked, shown, pass } = await made(
    firstThen(denied({ code: "rate_limited", retryable: true, retryAfterMs: 5_000 })),
  );
  lease.expiring();
  await settle();
  await pass(5_499);
  assert.deepEqual(shown, ["t2"]);
  await pass(1);
  assert.deepEqual(shown, ["t2", "t2"]);
  assert.deepEqual(asked, ["first", "expiring"]);
});

test("Lease shows the same token again when no reply came", async () => {
  const { lease, shown, pass } = await made(firstThen(new PortcullisError("request_timeout", "Late.")));
  lease.expiring();
  await settle();
  await pass(500);
  assert.deepEqual(shown, ["t2", "t2"]);
  assert.equal(lease.token, "t2");
});

test("Lease gives up when the server says that the same again is of no use", async () => {
  const { lease, shown, errors, clock, tokens } = await made(firstThen(denied({ code: "unknown_type" })));
  lease.expiring();
  await settle();
  assert.equal(clock.pending, 0);
  assert.deepEqual(shown, ["t2"]);
  assert.equal(errors.length, 1);
  assert.equal(lease.token, "t1");
  assert.equal(await tokens.take(), "t2");
});

test("Lease waits longer each time getToken fails, and short again once it was renewed", async () => {
  const { lease, given, errors, shown, clock, pass } = await made(() => ({}));
  given.next = () => {
    throw new Error("The login is down.");
  };
  lease.expiring();
  await settle();
  for (const delayMs of [500, 1_000, 2_000]) {
    await pass(delayMs - 1);
    assert.equal(clock.pending, 1);
    await pass(1);
  }
  assert.equal(errors.length, 4);
  given.next = (count) => `t${count}`;
  await pass(4_000);
  assert.equal(shown.length, 1);
  await pass(1_000);
  given.next = () => "";
  lease.expiring();
  await settle();
  given.next = (count) => `t${count}`;
  await pass(500);
  assert.equal(shown.length, 2);
});

test("Lease counts it as a failure when getToken answers with a refused token, and does not show it", async () => {
  const { lease, tokens, given, shown, asked, errors, pass } = await made(() => ({}));
  tokens.refuse("t0");
  given.next = () => "t0";
  lease.expiring();
  await settle();
  await pass(500);
  assert.deepEqual(shown, []);
  assert.deepEqual(asked, ["first", "refused", "refused"]);
  assert.equal((errors[0] as PortcullisError).code, "token_refused");
});

test("Lease.end() ends everything: no token is asked for, shown or reported any more", async () => {
  const answers: (() => void)[] = [];
  const { lease, clock, shown, renewals, errors, pass } = await made(() =>
    new Promise<object>((resolve) => answers.push(() => resolve({ roles: ["late"] })))
  );
  lease.expiring();
  await settle();
  lease.end();
  answers[0]?.();
  await pass(60_000);
  assert.deepEqual([shown.length, renewals, errors], [1, [], []]);
  assert.equal(clock.pending, 0);
});

test("Lease.end() ends a wait, and a question that is open", async () => {
  const waiting = await made(firstThen(denied({ code: "forbidden" })));
  waiting.lease.expiring();
  await settle();
  waiting.lease.end();
  assert.equal(waiting.clock.pending, 0);
  const asking = await made(() => ({}));
  asking.lease.expiring();
  asking.lease.end();
  await settle();
  assert.deepEqual(asking.shown, []);
});

test("Lease.changed() notes another end of the same token", async () => {
  const { lease, clock, tokens } = await made(() => ({}));
  lease.changed({ roles: ["guest"] });
  assert.equal(await tokens.take(), "t1");
  lease.changed({ expiresAt: clock.now() });
  assert.equal(await tokens.take(), "t2");
});

test("Lease.lastedMs tells how long the session has lasted", async () => {
  const { lease, clock } = await made(() => ({}));
  clock.advance(1_234);
  assert.equal(lease.lastedMs, 1_234);
});
