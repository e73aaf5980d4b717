import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { PortcullisError } from "../../src/base/errors.ts";
import type { Limits } from "../../src/base/limits.ts";
import { DENIALS } from "../../src/session/envelope.ts";
import { bench } from "../support/session_dispatcher.ts";

const ASK = { type: "ask", id: "7" };
const INTERNAL = { type: "error", re: "7", code: "internal", ...DENIALS.internal };
const LIMITS = { handlerTimeoutMs: 1_000 };

/** A promise that nobody settles. */
const never = new Promise<never>(() => undefined);

/** The code of the error with which a signal aborted. */
function codeOf(signal: AbortSignal | undefined): string | undefined {
  return signal?.reason instanceof PortcullisError ? signal.reason.code : undefined;
}

test("Dispatcher.receive() answers internal when a handler takes longer than its deadline, and not before", async () => {
  const made = bench(() => never, ["member"], LIMITS);
  const receiving = made.send(ASK);
  made.clock.advance(999);
  assert.deepEqual(made.sender.replies, []);
  made.clock.advance(1);
  await receiving;
  assert.deepEqual(made.sender.replies, [INTERNAL]);
  assert.equal(made.sender.open, true);
  assert.deepEqual(made.events.map(({ event, reason, type, stack }) => [event, reason, type, stack]), [
    ["sys_crash", "handler_timeout", "ask", undefined],
  ]);
  assert.deepEqual(made.errors.map((error) => (error as PortcullisError).code), ["handler_timeout"]);
});

test("Dispatcher.receive() takes the next message when a handler was given up", async () => {
  const made = bench((data) => data === "stuck" ? never : data, ["member"], LIMITS);
  const receiving = made.send({ ...ASK, data: "stuck" });
  made.clock.advance(1_000);
  await receiving;
  made.send({ type: "ask", id: "8", data: 1 });
  assert.deepEqual(made.sender.replies.at(-1), { type: "ok", re: "8", data: 1 });
});

test("Dispatcher.receive() drops what comes of a handler behind its deadline, and reports what it throws", async () => {
  let answer: (value: unknown) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promises = [new Promise((resolve) => answer = resolve), new Promise((_, reject) => fail = reject)];
  const made = bench(() => promises.shift(), ["member"], LIMITS);
  for (let i = 0; i < 2; i++) {
    const receiving = made.send(ASK);
    made.clock.advance(1_000);
    await receiving;
  }
  answer("late");
  const error = new Error("later still");
  fail(error);
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(made.sender.replies, [INTERNAL, INTERNAL]);
  assert.equal(made.errors.at(-1), error);
  assert.equal(made.errors.length, 3);
});

test("Dispatcher.receive() aborts the signal of a handler when its deadline is over, and not of one that answered", async () => {
  const signals: AbortSignal[] = [];
  const made = bench(
    (data, { signal }) => {
      signals.push(signal);
      return data === "stuck" ? never : Promise.resolve();
    },
    ["member"],
    LIMITS,
  );
  await made.send({ ...ASK, data: "quick" });
  const receiving = made.send({ ...ASK, data: "stuck" });
  made.clock.advance(1_000);
  await receiving;
  assert.deepEqual(signals.map(codeOf), [undefined, "handler_timeout"]);
});

test("Dispatcher.receive() aborts the signal when the session ends, and nobody is answered", async () => {
  const signals: AbortSignal[] = [];
  const made = bench(
    (_data, { signal }) => {
      signals.push(signal);
      return never;
    },
    ["member"],
    LIMITS,
  );
  const receiving = made.send(ASK);
  made.lifecycle.end(made.session, "revoked");
  await receiving;
  assert.deepEqual(signals.map(codeOf), ["aborted"]);
  assert.deepEqual([made.sender.texts, made.errors], [[], []]);
});

test("Dispatcher.receive() aborts the signal of a handler that has ended its own session, and waits for it no longer", async () => {
  const signals: AbortSignal[] = [];
  const made = bench(
    (_data, { session, signal }) => {
      signals.push(signal);
      made.lifecycle.end(session, "removed");
      return never;
    },
    ["member"],
    LIMITS,
  );
  await made.send(ASK);
  assert.deepEqual(signals.map(codeOf), ["aborted"]);
});

test("Dispatcher.receive() gives a signal that has aborted to whom asks for it only then", async () => {
  let ask: (() => AbortSignal) | undefined;
  const made = bench(
    (_data, context) => {
      ask = () => context.signal;
      return never;
    },
    ["member"],
    LIMITS,
  );
  const receiving = made.send(ASK);
  made.clock.advance(1_000);
  await receiving;
  assert.equal(ask?.().aborted, true);
  assert.equal(codeOf(ask?.()), "handler_timeout");
});

test("Dispatcher.receive() takes it for no fault when a handler gives up with the reason of its signal", async () => {
  const made = bench(
    (_data, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    ["member"],
    LIMITS,
  );
  const receiving = made.send(ASK);
  made.lifecycle.end(made.session, "left");
  await receiving;
  assert.deepEqual([made.sender.texts, made.errors, made.events], [[], [], []]);
});

test("Dispatcher.receive() takes it for no fault when what a handler waited for gives up because of the signal", async () => {
  const made = bench((_data, { signal }) => delay(60_000, undefined, { signal }), ["member"], LIMITS);
  const receiving = made.send(ASK);
  made.lifecycle.end(made.session, "left");
  await receiving;
  await setImmediate();
  assert.deepEqual([made.sender.texts, made.errors, made.events], [[], [], []]);
});

test("Dispatcher.receive() reports what a handler throws for another reason when its signal has aborted", async () => {
  const fault = new Error("the disk is full", { cause: new Error("ENOSPC") });
  const made = bench(
    (_data, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(fault));
      }),
    ["member"],
    LIMITS,
  );
  const receiving = made.send(ASK);
  made.lifecycle.end(made.session, "left");
  await receiving;
  await setImmediate();
  assert.deepEqual(made.errors, [fault]);
});

test("Dispatcher.receive() leaves no timer behind a handler that answered, failed or was left", async () => {
  const made = bench((data) => data === "fails" ? Promise.reject(new Error("no")) : Promise.resolve(data));
  const before = made.clock.pending;
  await made.send({ type: "ask", data: "answers" });
  await made.send({ type: "ask", data: "fails" });
  assert.equal(made.clock.pending, before);
});

test("Dispatcher.receive() writes down where a handler failed, without what the error says", () => {
  const made = bench(function ask(): never {
    throw new RangeError("the password is hunter2\n    at home (x:1:1)\n    at \u001b[2Jscreen");
  });
  made.send(ASK);
  const stack = String(made.events[0]?.stack);
  assert.match(stack, /^RangeError\n/);
  assert.match(stack, /\n {4}at .*dispatch_deadline\.test\.ts/);
  assert.equal(stack.includes("hunter2") || stack.includes("\u001b"), false);
  assert.ok(stack.length <= 4_096);
  assert.equal(JSON.stringify(made.sender.texts).includes("dispatch_deadline"), false);
});

const UNUSUAL: readonly (readonly [what: string, thrown: unknown, stack: RegExp])[] = [
  ["no error", "hunter2", /^A value that is no error was thrown: string$/],
  ["nothing", undefined, /^A value that is no error was thrown: undefined$/],
  ["an error whose stack cannot be read", unreadable(), /^An error that cannot be read was thrown$/],
  ["an error whose name ends a line", named("x\ny"), /^x\\u\{a\}y/],
];

function unreadable(): Error {
  return Object.defineProperty(new Error("x"), "stack", {
    get: () => {
      throw new Error("no");
    },
  });
}

function named(name: string): Error {
  return Object.defineProperty(new Error("x"), "name", { value: name });
}

for (const [what, thrown, stack] of UNUSUAL) {
  test(`Dispatcher.receive() writes down that a handler failed when it throws ${what}`, () => {
    const made = bench(() => {
      throw thrown;
    });
    made.send(ASK);
    assert.match(String(made.events[0]?.stack), stack);
    assert.deepEqual(made.sender.replies, [INTERNAL]);
  });
}

/** A bench whose handler is given up, late or with its session, and then done when the test says so. */
function neglectful(limits: Partial<Limits> = {}) {
  const done: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const made = bench(
    () => new Promise<void>((resolve, reject) => done.push({ resolve, reject })),
    ["member"],
    { ...LIMITS, maxGivenUpHandlersPerSubject: 2, ...limits },
  );
  const giveUp = async () => {
    const receiving = made.send(ASK);
    made.clock.advance(1_000);
    await receiving;
  };
  const last = () => made.sender.replies.at(-1) as { readonly code?: string };
  return { ...made, done, giveUp, last };
}

test("Dispatcher.receive() calls no handler while as many as may be are at work for nobody, until one of them is done", async () => {
  for (const settle of ["resolve", "reject"] as const) {
    const { done, giveUp, last, send, dispatcher, events } = neglectful();
    await giveUp();
    await giveUp();
    assert.equal(last().code, "internal");
    assert.equal(dispatcher.givenUpHandlers, 2);
    void send({ type: "ask", id: "8" });
    assert.deepEqual([last(), done.length], [{ ...INTERNAL, re: "8" }, 2]);
    assert.equal(events.at(-1)?.reason, "given_up_handlers");
    done[0]?.[settle](new Error("at last"));
    await setImmediate();
    assert.equal(dispatcher.givenUpHandlers, 1);
    void send({ type: "ask", id: "9" });
    assert.equal(done.length, 3);
  }
});

test("Dispatcher.receive() closes nobody because handlers do not come to an end", async () => {
  const { giveUp, last, send, session } = neglectful({ maxRateDenials: 2 });
  await giveUp();
  await giveUp();
  for (let i = 0; i < 10; i++) void send({ type: "ask", id: "8" });
  assert.deepEqual([last().code, session.end], ["internal", undefined]);
});

test("Dispatcher.receive() counts handlers of sessions that have ended, for as long as they are at work", async () => {
  const { done, send, session, sender, lifecycle, dispatcher } = neglectful();
  const receiving = send(ASK);
  lifecycle.end(session, "revoked");
  await receiving;
  assert.equal(dispatcher.givenUpHandlers, 1);
  done[0]?.resolve();
  await setImmediate();
  assert.equal(dispatcher.givenUpHandlers, 0);
  assert.deepEqual(sender.texts, []);
});

test("Dispatcher.receive() counts no handler that answers in time, or fails", async () => {
  const { done, send, dispatcher } = neglectful();
  for (const settle of ["resolve", "reject"] as const) {
    const receiving = send(ASK);
    done.pop()?.[settle](new Error("no"));
    await receiving;
  }
  assert.equal(dispatcher.givenUpHandlers, 0);
});
