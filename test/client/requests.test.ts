import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClientLimits, resolveClientLimits } from "../../src/client/client_limits.ts";
import { Requests } from "../../src/client/requests.ts";
import { ManualClock } from "../support/manual_clock.ts";

/** Requests and a session that can come and go. */
function made(limits: Partial<ClientLimits> = {}) {
  const clock = new ManualClock();
  const requests = new Requests(clock, resolveClientLimits(limits));
  const sent: string[] = [];
  const session = { open: true, maxMessageBytes: 100 };
  const send = (text: string) => session.open && sent.push(text) > 0;
  const attach = () => requests.attach({ maxMessageBytes: session.maxMessageBytes, send });
  return { clock, requests, sent, session, attach };
}

const DENIAL = { code: "rate_limited", message: "Too often.", retryable: true, retryAfterMs: 200 } as const;

test("Requests.request() resolves with the data of its own reply", async () => {
  const { requests, sent, attach, clock } = made();
  attach();
  const [first, second] = [requests.request("a", 1), requests.request("b", 2)];
  assert.deepEqual(sent, ['{"type":"a","id":"1","data":1}', '{"type":"b","id":"2","data":2}']);
  requests.ok("2", "two");
  requests.ok("1", undefined);
  assert.deepEqual(await Promise.all([first, second]), [undefined, "two"]);
  assert.equal(clock.pending, 0);
});

test("Requests.request() rejects with what the server denied, on a property of its own", async () => {
  const { requests, attach, clock } = made();
  attach();
  const request = requests.request("a", 1);
  requests.denied("1", DENIAL);
  await assert.rejects(request, { name: "PortcullisError", code: "denied", denial: DENIAL });
  assert.equal(clock.pending, 0);
});

test("Requests takes no notice of replies that belong to nothing", () => {
  const { requests, attach } = made();
  attach();
  for (const id of [undefined, "7", "__proto__", "constructor"]) {
    requests.ok(id, 1);
    requests.denied(id, DENIAL);
  }
});

test("Requests.request() waits for a session, and is sent in its order", async () => {
  const { requests, sent, attach } = made();
  const all = [requests.request("a", 1), requests.request("b", 2)];
  assert.deepEqual(sent, []);
  attach();
  assert.deepEqual(sent.map((text) => JSON.parse(text).type), ["a", "b"]);
  requests.ok("1", "one");
  requests.ok("2", "two");
  assert.deepEqual(await Promise.all(all), ["one", "two"]);
});

test("Requests.hold() has new requests wait for the next session, while replies to the others still come", async () => {
  const { requests, sent, attach } = made();
  attach();
  const first = requests.request("a", 1);
  requests.hold();
  const second = requests.request("b", 2);
  assert.equal(sent.length, 1);
  requests.ok("1", "one");
  assert.equal(await first, "one");
  requests.detach();
  attach();
  assert.equal(sent.length, 2);
  requests.ok("2", "two");
  assert.equal(await second, "two");
});

test("Requests.request() takes its data as they are when it is made", () => {
  const { requests, sent, attach } = made();
  const data = { room: "lobby" };
  void requests.request("a", data);
  data.room = "attic";
  attach();
  assert.match(sent[0] ?? "", /lobby/);
});

test("Requests.detach() rejects what was sent, keeps what was not, and nothing is sent twice", async () => {
  const { requests, sent, session, attach, clock } = made();
  attach();
  const lost = requests.request("lost", 1);
  session.open = false;
  const kept = requests.request("kept", 2);
  requests.detach();
  await assert.rejects(lost, { code: "connection_lost" });
  session.open = true;
  attach();
  assert.deepEqual(sent.map((text) => JSON.parse(text).type), ["lost", "kept"]);
  requests.ok("1", "too late");
  requests.ok("2", "two");
  assert.equal(await kept, "two");
  assert.equal(clock.pending, 0);
});

test("Requests.stop() rejects everything, and all that comes after it", async () => {
  const { requests, attach, clock, sent } = made();
  const waiting = requests.request("waiting", 1);
  requests.stop();
  await assert.rejects(waiting, { code: "client_stopped" });
  await assert.rejects(requests.request("late", 1), { code: "client_stopped" });
  attach();
  assert.deepEqual(sent, []);
  assert.equal(clock.pending, 0);
});

test("Requests.request() rejects when its time is over, session or not, and not a millisecond before", async () => {
  for (const attached of [true, false]) {
    const { requests, attach, clock, sent } = made({ requestTimeoutMs: 1_000 });
    if (attached) attach();
    const ends: string[] = [];
    const usual = requests.request("usual", 1).catch(({ code }) => ends.push(`usual ${code}`));
    const own = requests.request("own", 1, { timeoutMs: 50 }).catch(({ code }) => ends.push(`own ${code}`));
    clock.advance(49);
    clock.advance(1);
    await own;
    assert.deepEqual(ends, ["own request_timeout"]);
    clock.advance(950);
    await usual;
    assert.equal(ends[1], "usual request_timeout");
    attach();
    assert.equal(sent.length, attached ? 2 : 0);
  }
});

test("Requests.request() rejects when its signal aborts, before or after it was sent", async () => {
  const { requests, attach, clock, sent } = made();
  const reason = new Error("left the page");
  const aborted = { code: "aborted", cause: reason };
  await assert.rejects(requests.request("never", 1, { signal: AbortSignal.abort(reason) }), aborted);
  const controller = new AbortController();
  const waiting = requests.request("waiting", 1, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(waiting, aborted);
  attach();
  const later = new AbortController();
  const inFlight = requests.request("sent", 1, { signal: later.signal });
  later.abort(reason);
  await assert.rejects(inFlight, aborted);
  assert.deepEqual(sent.map((text) => JSON.parse(text).type), ["sent"]);
  assert.equal(clock.pending, 0);
});

test("Requests.request() takes no notice of a signal that aborts after the reply", async () => {
  const { requests, attach } = made();
  attach();
  const controller = new AbortController();
  const request = requests.request("a", 1, { signal: controller.signal });
  requests.ok("1", "one");
  controller.abort();
  assert.equal(await request, "one");
});

test("Requests.request() rejects beyond the limit, and takes more when one has ended", async () => {
  const { requests, attach } = made({ maxPendingRequests: 2 });
  const [first] = [requests.request("a", 1), requests.request("b", 1)];
  await assert.rejects(requests.request("c", 1), { code: "too_many_requests" });
  attach();
  await assert.rejects(requests.request("c", 1), { code: "too_many_requests" });
  requests.ok("1", "one");
  await first;
  void requests.request("d", 1);
});

test("Requests.request() rejects what is longer than the server takes, counted in bytes of UTF-8", async () => {
  const { requests, sent, session, attach } = made();
  const frame = '{"type":"a","id":"1","data":""}'.length;
  session.maxMessageBytes = frame + 9;
  attach();
  void requests.request("a", "€€€");
  await assert.rejects(requests.request("a", "€€€x"), { code: "message_too_large" });
  await assert.rejects(requests.request("a", "x".repeat(10)), { code: "message_too_large" });
  void requests.request("a", "x".repeat(9));
  assert.equal(sent.length, 2);
});

test("Requests.attach() rejects what has become too long while it waited, and sends the rest", async () => {
  const { requests, sent, attach } = made();
  const long = requests.request("a", "x".repeat(100));
  void requests.request("b", 1);
  attach();
  await assert.rejects(long, { code: "message_too_large" });
  assert.deepEqual(sent, ['{"type":"b","id":"2","data":1}']);
});

test("Requests.request() rejects data that JSON cannot hold", async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const { requests, clock } = made();
  for (const data of [circular, 1n]) {
    await assert.rejects(requests.request("a", data), { code: "invalid_argument" });
  }
  assert.equal(clock.pending, 0);
});

test("Requests.request() rejects a time that no timer can wait for", async () => {
  const { requests } = made();
  for (const timeoutMs of [0, -1, 0.5, NaN, Infinity, 2 ** 31]) {
    await assert.rejects(requests.request("a", 1, { timeoutMs }), { code: "invalid_argument" });
  }
  void requests.request("a", 1, { timeoutMs: 2 ** 31 - 1 });
});

test("Requests sends nothing more that was ended by what looks at the wire", async () => {
  const clock = new ManualClock();
  const requests = new Requests(clock, resolveClientLimits());
  const all = [requests.request("a", 1), requests.request("b", 2)];
  const sent: string[] = [];
  requests.attach({
    maxMessageBytes: 100,
    send: (text) => {
      sent.push(text);
      requests.stop();
      return true;
    },
  });
  assert.equal(sent.length, 1);
  for (const request of all) await assert.rejects(request, { code: "client_stopped" });
});
