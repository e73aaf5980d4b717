import assert from "node:assert/strict";
import { test } from "node:test";
import { DENIALS } from "../../src/session/envelope.ts";
import { bench } from "../support/session_dispatcher.ts";

const INTERNAL = { type: "error", re: "7", code: "internal", ...DENIALS.internal };
const EXPIRED = { type: "error", re: "7", code: "expired", ...DENIALS.expired };
const ASK = { type: "ask", id: "7" };

/** An answer that can be had at the right moment, or never. */
function deferred<Value>() {
  let settle:
    | { readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void }
    | undefined;
  const promise = new Promise<Value>((resolve, reject) => settle = { resolve, reject });
  return { promise, settle: settle as NonNullable<typeof settle> }; // The executor has run by now.
}

function boom(): never {
  throw new Error("the password is hunter2");
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

/** What a handler may do that leaves no answer, each in its own way. */
const FAILURES: Readonly<Record<string, () => unknown>> = {
  "throws": boom,
  "throws nothing at all": () => {
    throw undefined;
  },
  "rejects": () => Promise.reject(new Error("the password is hunter2")),
  "rejects with nothing at all": () => Promise.reject(),
  "returns a BigInt": () => 7n,
  "returns a promise of a BigInt": () => Promise.resolve({ deep: [7n] }),
  "returns a cycle": () => cyclic,
  "returns what throws when it is written": () => ({ toJSON: boom }),
  "returns what throws when it is read": () =>
    Object.defineProperty({}, "x", { get: boom, enumerable: true }),
  "returns a thenable whose getter throws": () => Object.defineProperty({}, "then", { get: boom }),
  "returns a thenable whose getter throws the second time": () => {
    let looks = 0;
    return Object.defineProperty({}, "then", { get: () => (++looks > 1 ? boom() : () => undefined) });
  },
  "returns a thenable that throws": () => ({ then: boom }),
  "returns a thenable that rejects": () => ({
    then: (_: unknown, reject: (error: unknown) => void) => reject("no"),
  }),
  "returns a proxy that refuses every look": () => new Proxy({}, { has: boom, get: boom, ownKeys: boom }),
};

for (const [name, handler] of Object.entries(FAILURES)) {
  test(`Dispatcher.receive() answers internal, once and without details, when a handler ${name}`, async () => {
    const made = bench(handler);
    await made.send(ASK);
    assert.deepEqual(made.sender.replies, [INTERNAL]);
    assert.equal(made.errors.length, 1);
    assert.deepEqual(made.events.map(({ event, type }) => [event, type]), [["sys_crash", "ask"]]);
    assert.equal(JSON.stringify([made.sender.texts, made.events]).includes("hunter2"), false);
    assert.equal(made.sender.open, true);
  });
}

test("Dispatcher.receive() reports to the application what was thrown", () => {
  const error = new Error("broken");
  const made = bench(() => {
    throw error;
  });
  made.send(ASK);
  assert.equal(made.errors[0], error);
});

test("Dispatcher.receive() answers when the promise of a handler resolves, and not before", async () => {
  const { promise, settle } = deferred<unknown>();
  const made = bench(() => promise);
  const receiving = made.send(ASK);
  assert.ok(receiving instanceof Promise);
  assert.deepEqual(made.sender.texts, []);
  settle.resolve({ a: 1 });
  await receiving;
  assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7", data: { a: 1 } }]);
});

test("Dispatcher.receive() says by its promise when the next message may follow: then replies keep their order", async () => {
  const first = deferred<string>();
  const made = bench((data) => (data === "slow" ? first.promise : data));
  const serve = async () => {
    for (const data of ["slow", "fast"]) await made.send({ type: "ask", data });
  };
  const served = serve();
  assert.deepEqual(made.sender.texts, []);
  first.settle.resolve("slow");
  await served;
  assert.deepEqual(made.sender.replies, [{ type: "ok", data: "slow" }, { type: "ok", data: "fast" }]);
});

test("Dispatcher.receive() lets one session's handler take its time without holding up the others", async () => {
  const slow = deferred<string>();
  const made = bench((data) => (data === "slow" ? slow.promise : data));
  const waiting = made.send({ type: "ask", data: "slow" });
  assert.equal(made.send({ type: "ask", data: "fast" }), undefined);
  assert.deepEqual(made.sender.replies, [{ type: "ok", data: "fast" }]);
  slow.settle.resolve("slow");
  await waiting;
  assert.equal(made.sender.texts.length, 2);
});

test("Dispatcher.receive() waits for any thenable, and answers with what it comes to", async () => {
  const made = bench(() => ({ then: (resolve: (value: unknown) => void) => resolve({ a: 1 }) }));
  await made.send(ASK);
  assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7", data: { a: 1 } }]);
});

test("Dispatcher.receive() takes what merely looks like a thenable for data", () => {
  for (const data of [{ then: 7 }, { then: null }, { then: "later" }]) {
    const made = bench(() => data);
    assert.equal(made.send(ASK), undefined);
    assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7", data }]);
  }
});

test("Dispatcher.receive() answers without data when a handler returns nothing that JSON can hold", () => {
  for (const nothing of [undefined, () => 1, Symbol("x")]) {
    const made = bench(() => nothing);
    made.send(ASK);
    assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7" }]);
  }
});

test("Dispatcher.receive() drops the answer of a handler whose session has closed meanwhile", async () => {
  const { promise, settle } = deferred<string>();
  const made = bench(() => promise);
  const receiving = made.send(ASK);
  made.sender.close(1001, "");
  settle.resolve("late");
  await receiving;
  assert.deepEqual([made.sender.texts, made.errors], [[], []]);
});

test("Dispatcher.receive() lets a handler speak to others, who get it before the answer is sent", () => {
  const made = bench((_data, { groups }) => groups.send("everyone", "said", "hi"));
  made.send(ASK);
  assert.deepEqual(made.sender.deliveries, [{ type: "said", data: "hi" }]);
  assert.deepEqual(made.sender.replies, [{ type: "ok", re: "7", data: 1 }]);
});

test("Dispatcher.receive() judges an answer alike whether the handler took its time, also when it took the role itself", async () => {
  for (const answer of [() => "done", () => Promise.resolve("done")]) {
    const made = bench((_data, { session, leases }) => {
      leases.setRoles(session.subject, []);
      return answer();
    });
    await made.send(ASK);
    assert.equal((made.sender.replies.at(-1) as { readonly code?: string }).code, "forbidden");
  }
});

for (
  const [roles, reply] of [
    [[], { type: "error", re: "7", code: "forbidden", ...DENIALS.forbidden }],
    [["admin"], { type: "ok", re: "7", data: "of the time before" }],
  ] as const
) {
  test(`Dispatcher.receive() answers ${reply.type} when the roles have become [${roles}] while the handler was at work`, async () => {
    const made = bench(() => Promise.resolve("of the time before"));
    const receiving = made.send(ASK);
    made.context.leases.setRoles("ada", roles);
    await receiving;
    assert.deepEqual(made.sender.replies.at(-1), reply);
    assert.equal(made.session.end, undefined);
  });
}

test("Dispatcher.receive() answers expired when the identity has ended while the handler was at work", async () => {
  for (
    const [afterMs, reply] of [[59_999, { type: "ok", re: "7", data: "secret" }], [60_000, EXPIRED]] as const
  ) {
    const { promise, settle } = deferred<string>();
    const made = bench(() => promise);
    const receiving = made.send(ASK);
    // As when the event loop is busy: the timer of the lease is late.
    made.clock.jump(afterMs);
    settle.resolve("secret");
    await receiving;
    assert.deepEqual(made.sender.replies, [reply]);
    assert.deepEqual(made.sender.closes.map(({ code }) => code), reply === EXPIRED ? [3000] : []);
  }
});

test("Dispatcher.receive() writes nothing more down of a session that was ended while its handler was at work", async () => {
  const { promise, settle } = deferred<string>();
  const made = bench(() => promise);
  const receiving = made.send(ASK);
  made.clock.advance(60_000);
  assert.deepEqual(made.events.map(({ event }) => event), ["session_expired"]);
  settle.resolve("late");
  await receiving;
  assert.deepEqual(made.events.map(({ event }) => event), ["session_expired"]);
});
