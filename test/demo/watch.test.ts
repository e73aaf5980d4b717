import assert from "node:assert/strict";
import { test } from "node:test";
import { Watches } from "../../src/demo/watch.ts";
import type { TraceEvent } from "../../src/mod.ts";

const NAME = "a-name-of-a-watch";
const ABOUT = { atMs: 0, connection: 1, sessionId: "s1", subject: "ada", roles: [] };
const LEASE = { kind: "lease", ...ABOUT, leasedAtMs: 0, expiresAtMs: 1, reason: undefined } as const;

function request(connection: number, name: string): TraceEvent {
  const line = `GET /ws?watch=${name} HTTP/1.1`;
  return { kind: "request", atMs: 0, connection, address: "", request: { line, fields: [] } };
}

function answer(connection: number, status: number): TraceEvent {
  return { kind: "answer", atMs: 0, connection, answer: `HTTP/1.1 ${status} Whatever` };
}

function decision(
  connection: number,
  outcome: "admitted" | "refused",
  purpose: "upgrade" | "check",
): TraceEvent {
  const about = {
    refused: undefined,
    carrier: undefined,
    subject: undefined,
    origin: undefined,
    address: "",
  };
  return {
    kind: "decision",
    atMs: 0,
    connection,
    decision: { outcome, purpose, atMs: 0, steps: [], ...about },
  };
}

function end(connection: number): TraceEvent {
  const status = { code: 1000, reason: "", by: "peer", rule: undefined } as const;
  return { kind: "end", atMs: 0, connection, status };
}

function watching(name = NAME) {
  const watches = new Watches();
  const seen: string[] = [];
  const stop = watches.watch(name, ({ kind }) => void seen.push(kind));
  const tell = (...events: TraceEvent[]) => {
    for (const event of events) watches.tell(event);
    return seen.splice(0);
  };
  return { watches, tell, stop };
}

test("Watches.tell() hands the events of a connection to whoever watches its name, and those of its session", () => {
  const { tell } = watching();
  const opened: TraceEvent = { ...LEASE, change: "opened" };
  const denied: TraceEvent = { kind: "delivery", ...ABOUT, type: "x", allowed: [], outcome: "forbidden" };
  assert.deepEqual(
    tell(request(1, NAME), decision(1, "admitted", "upgrade"), answer(1, 101), opened, denied, end(1)),
    ["request", "decision", "answer", "lease", "delivery", "end"],
  );
});

test("Watches.tell() hands on nothing of another name, of none, or of a connection that was there before", () => {
  const { tell, watches } = watching();
  assert.deepEqual(tell(request(1, "another-name"), answer(1, 101), end(1)), []);
  assert.deepEqual(tell(answer(2, 101), end(2)), []);
  assert.deepEqual(tell({ ...LEASE, change: "changed", connection: 3 }), []);
  assert.equal(watches.observes("GET /ws HTTP/1.1"), false);
  assert.equal(watches.observes(`GET /ws?watch=${NAME} HTTP/1.1`), true);
  assert.equal(watches.observes(`GET /ws?x=1&watch=${NAME}&y=2 HTTP/1.1`), true);
});

test("Watches.tell() hands on nothing after the end of a connection, or of an attempt", () => {
  const { tell } = watching();
  tell(request(1, NAME), answer(1, 101), end(1));
  assert.deepEqual(tell(end(1)), []);
  tell(request(2, NAME), decision(2, "refused", "upgrade"), answer(2, 401));
  assert.deepEqual(tell(end(2)), []);
  tell(request(3, NAME), decision(3, "admitted", "check"));
  assert.deepEqual(tell(end(3)), []);
  tell(request(4, NAME), end(4));
  assert.deepEqual(tell(end(4)), []);
});

test("Watches.tell() goes on with a refusal that is explained by a connection", () => {
  const { tell } = watching();
  tell(request(1, NAME), decision(1, "refused", "upgrade"), answer(1, 101));
  assert.deepEqual(tell(end(1)), ["end"]);
});

test("Watches.watch() ends what it began, and nothing of others who watch the same", () => {
  const { watches, tell, stop } = watching();
  const others: string[] = [];
  watches.watch(NAME, ({ kind }) => void others.push(kind));
  stop?.();
  stop?.();
  assert.deepEqual(tell(request(1, NAME)), []);
  assert.deepEqual(others, ["request"]);
});

test("Watches.tell() hands on both a refusal and its answer, and forgets them", () => {
  const { tell, watches } = watching();
  const kinds = tell(request(1, NAME), decision(1, "refused", "upgrade"), answer(1, 401));
  assert.deepEqual(kinds, ["request", "decision", "answer"]);
  assert.equal(watches.size, 0);
});

test("Watches.tell() keeps nothing of a name whose last watcher has gone, and all of it before", () => {
  const { tell, watches, stop } = watching();
  const other = watches.watch(NAME, () => undefined);
  tell(request(1, NAME), answer(1, 101), { ...LEASE, change: "opened", connection: 1 }, request(2, NAME));
  other?.();
  assert.equal(watches.size, 2);
  stop?.();
  assert.equal(watches.size, 0);
  watches.tell(request(3, NAME));
  assert.equal(watches.size, 0);
});

test("Watches.tell() tells of the latest 64 connections of a name, however many are never decided", () => {
  const { tell, watches } = watching();
  for (let i = 1; i <= 65; i++) tell(request(i, NAME));
  assert.equal(watches.size, 64);
  assert.deepEqual(tell(end(1)), []);
  assert.deepEqual(tell(end(2), end(65)), ["end", "end"]);
});

test("Watches.watch() refuses the fifth watcher of a name, and takes one for one that has gone", () => {
  const { watches, stop } = watching();
  for (let i = 0; i < 3; i++) assert.notEqual(watches.watch(NAME, () => undefined), undefined);
  assert.equal(watches.watch(NAME, () => undefined), undefined);
  stop?.();
  assert.notEqual(watches.watch(NAME, () => undefined), undefined);
});

test("Watches.watch() has room for 8 attacks when pages have taken all of theirs", () => {
  const watches = new Watches();
  for (let i = 0; i < 256; i++) watches.watch(`name-number-${i}`, () => undefined);
  const attack = (i: number) => watches.watch(`attack-number-${i}`, () => undefined, "attack");
  for (let i = 0; i < 8; i++) assert.notEqual(attack(i), undefined);
  assert.equal(attack(8), undefined);
});

test("Watches.watch() refuses the 257th name, and not another watcher of one that is there", () => {
  const watches = new Watches();
  const stops = Array.from({ length: 256 }, (_, i) => watches.watch(`name-number-${i}`, () => undefined));
  assert.equal(watches.watch("one-too-many", () => undefined), undefined);
  assert.notEqual(watches.watch("name-number-0", () => undefined), undefined);
  stops[1]?.();
  assert.notEqual(watches.watch("one-too-many", () => undefined), undefined);
});

test("Watches.isName() takes what a page draws, and nothing that could be anything else", () => {
  for (const name of ["12345678", crypto.randomUUID()]) assert.equal(Watches.isName(name), true);
  for (const name of ["1234567", "a".repeat(65), "with blank", "a&b=cdefg", null, 12_345_678]) {
    assert.equal(Watches.isName(name), false);
  }
});
