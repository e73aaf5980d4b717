import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpDoor } from "../../src/client/http_door.ts";
import { settle } from "../support/client_bench.ts";
import { ManualClock } from "../support/manual_clock.ts";

const CHECK_URL = new URL("https://chat.example/check");
const never = new AbortController().signal;

/** A door whose server answers this, and what it was asked. */
function made(answer: () => Response | Promise<Response>) {
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = ((url: URL, init: RequestInit) => {
    asked.push({ url: url.href, init });
    const aborted = new Promise<never>((_resolve, reject) =>
      init.signal?.addEventListener("abort", () => reject(new Error("aborted")))
    );
    return Promise.race([Promise.resolve().then(answer), aborted]);
  }) as typeof globalThis.fetch;
  const door = new HttpDoor({ fetch, clock, connectTimeoutMs: 100 });
  return { door, clock, asked };
}

const ticketOf = (body: unknown, status = 200) => () => new Response(JSON.stringify(body), { status });

test("HttpDoor asks with the token in a header, follows no redirect, and neither caches nor sends cookies", async () => {
  const { door, asked, clock } = made(() => new Response(null, { status: 204 }));
  await door.check(CHECK_URL, "a.b.c", never);
  await door.ticket(CHECK_URL, "a.b.c", never);
  assert.deepEqual(asked.map(({ init }) => init.method), ["GET", "POST"]);
  for (const { url, init } of asked) {
    assert.equal(url, CHECK_URL.href);
    assert.deepEqual(init.headers, { Authorization: "Bearer a.b.c" });
    assert.equal(init.redirect, "error");
    assert.equal(init.cache, "no-store");
    assert.equal(init.credentials, "omit");
  }
  assert.equal(clock.pending, 0);
});

test("HttpDoor.check() says that a good token is good", async () => {
  const { door } = made(() => new Response("fine"));
  assert.equal(await door.check(CHECK_URL, "a.b.c", never), "good");
});

for (
  const [status, action] of [[401, "refresh"], [403, "stop"], [404, "stop"], [503, "backoff"]] as const
) {
  test(`HttpDoor.check() and HttpDoor.ticket() answer ${action} for ${status}, with its Retry-After`, async () => {
    const headers = { "Retry-After": "Tue, 01 Jan 2030 00:00:05 GMT" };
    const { door } = made(() => new Response("no", { status, headers }));
    const wanted = {
      action,
      why: { kind: "refused", status },
      refusesToken: action === "refresh",
      hintMs: 5_000,
    };
    assert.deepEqual(await door.check(CHECK_URL, "a.b.c", never), wanted);
    assert.deepEqual(await door.ticket(CHECK_URL, "a.b.c", never), { ok: false, fault: wanted });
  });
}

test("HttpDoor.ticket() answers with the ticket", async () => {
  const { door } = made(ticketOf({ ticket: "AbC-_9AbC-_9AbC-", expiresInMs: 15_000 }));
  assert.deepEqual(await door.ticket(CHECK_URL, "a.b.c", never), { ok: true, value: "AbC-_9AbC-_9AbC-" });
});

const NO_TICKETS: Readonly<Record<string, () => Response>> = {
  "no JSON": () => new Response("<html>"),
  "JSON that is no object": ticketOf([1]),
  "an object without a ticket": ticketOf({}),
  "a ticket that is no text": ticketOf({ ticket: 7 }),
  "a ticket that would change the URL": ticketOf({ ticket: "AbC-_9AbC-_9&a=b" }),
  "a ticket that is short": ticketOf({ ticket: "AbC-_9AbC-_9AbC" }),
  "a ticket without end": ticketOf({ ticket: "x".repeat(257) }),
};

for (const [what, answer] of Object.entries(NO_TICKETS)) {
  test(`HttpDoor.ticket() comes back later for ${what}`, async () => {
    const found = await made(answer).door.ticket(CHECK_URL, "a.b.c", never);
    assert.ok(!found.ok);
    assert.deepEqual(found.fault.why, { kind: "no_ticket" });
    assert.equal(found.fault.action, "backoff");
    assert.equal(found.fault.refusesToken, false);
  });
}

test("HttpDoor.check() says nothing of a token when the server cannot be reached", async () => {
  const { door, clock } = made(() => Promise.reject(new TypeError("fetch failed")));
  assert.equal(await door.check(CHECK_URL, "a.b.c", never), undefined);
  const found = await door.ticket(CHECK_URL, "a.b.c", never);
  assert.ok(!found.ok && !found.fault.refusesToken);
  assert.equal(clock.pending, 0);
});

test("HttpDoor gives up when no answer comes in time", async () => {
  const { door, clock } = made(() => new Promise(() => undefined));
  const found = door.check(CHECK_URL, "a.b.c", never);
  await settle();
  clock.advance(100);
  assert.equal(await found, undefined);
  assert.equal(clock.pending, 0);
});

test("HttpDoor gives up when the client is closed, before or while it asks", async () => {
  const { door, clock, asked } = made(() => new Promise(() => undefined));
  const closed = new AbortController();
  const found = door.check(CHECK_URL, "a.b.c", closed.signal);
  closed.abort();
  await found;
  await door.check(CHECK_URL, "a.b.c", closed.signal);
  assert.equal(asked.length, 1);
  assert.equal(clock.pending, 0);
});

/** A body that goes on for ever, and counts what was taken of it. */
function endless(taken: { bytes: number }): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      taken.bytes += 1_024;
      controller.enqueue(new Uint8Array(1_024).fill(0x20));
    },
  });
}

test("HttpDoor.ticket() takes no more of an answer than a ticket can be", async () => {
  const taken = { bytes: 0 };
  const { door, clock } = made(() => new Response(endless(taken)));
  const found = await door.ticket(CHECK_URL, "a.b.c", never);
  assert.deepEqual(!found.ok && found.fault.why, { kind: "no_ticket" });
  assert.ok(taken.bytes <= 16_384, String(taken.bytes));
  assert.equal(clock.pending, 0);
});

test("HttpDoor.ticket() waits no longer for the body than for the head", async () => {
  const silent = (signal: AbortSignal) =>
    new ReadableStream({
      start: (controller) => signal.addEventListener("abort", () => controller.error(new Error("aborted"))),
    });
  const { door, clock, asked } = made(() => new Response(silent(asked[0]?.init.signal as AbortSignal)));
  const found = door.ticket(CHECK_URL, "a.b.c", never);
  await settle();
  clock.advance(100);
  const settled = await found;
  assert.deepEqual(!settled.ok && settled.fault.why, { kind: "unreachable" });
});
