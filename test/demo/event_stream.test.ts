import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { test } from "node:test";
import { streamEvents } from "../../src/demo/event_stream.ts";
import { Watches } from "../../src/demo/watch.ts";
import type { TraceEvent } from "../../src/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";

const NAME = "a-name-of-a-watch";

/** A response that writes down what it is given; how much of it waits is said by hand. */
class FakeResponse extends EventEmitter {
  writableLength = 0;
  destroyed = false;
  /** Not `null`, as that of a response that waits for its turn. */
  readonly socket: unknown = undefined;
  status = 0;
  fields: Readonly<Record<string, string>> = {};
  readonly texts: string[] = [];
  writeHead(status: number, fields: Readonly<Record<string, string>>): void {
    this.status = status;
    this.fields = fields;
  }
  write(text: string): void {
    this.texts.push(text);
  }
  end(text: string): void {
    this.texts.push(text);
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit("close");
  }
  /** The kinds of the events that were sent. */
  get kinds(): string[] {
    return this.texts.flatMap((text) => /"kind":"(\w+)"/.exec(text)?.[1] ?? []);
  }
}

function stream(watches = new Watches(), names = [NAME]) {
  const [response, clock] = [new FakeResponse(), new ManualClock()];
  // It does no more with a response than this one can.
  streamEvents(response as unknown as ServerResponse, watches, names, clock);
  const tell = (event: TraceEvent, times = 1) => {
    for (let i = 0; i < times; i++) watches.tell(event);
  };
  return { watches, response, clock, tell };
}

const REQUEST: TraceEvent = {
  kind: "request",
  atMs: 0,
  connection: 1,
  address: "",
  request: { line: `GET /ws?watch=${NAME} HTTP/1.1`, fields: [] },
};
const LEASE = {
  kind: "lease",
  atMs: 0,
  connection: 1,
  sessionId: "s1",
  subject: "ada",
  roles: [],
  change: "opened",
  leasedAtMs: 0,
  expiresAtMs: 1,
  reason: undefined,
} as const satisfies TraceEvent;
const DELIVERY: TraceEvent = {
  kind: "delivery",
  connection: 1,
  atMs: 0,
  sessionId: "s1",
  subject: "ada",
  roles: [],
  type: "x",
  allowed: [],
  outcome: "sent",
};

test("streamEvents() sends what is watched, by the number of its connection, and says that it is nothing else", (t) => {
  const { response, tell } = stream();
  t.after(() => response.destroy());
  tell(REQUEST);
  tell(LEASE);
  assert.equal(response.status, 200);
  assert.equal(response.fields["X-Content-Type-Options"], "nosniff");
  assert.deepEqual(response.kinds, ["request", "lease"]);
  for (const text of response.texts.slice(1)) assert.match(text, /"connection":1\b/);
});

test("streamEvents() leaves out what comes too fast, and says how much", (t) => {
  const { response, clock, tell } = stream();
  t.after(() => response.destroy());
  tell(REQUEST);
  tell(LEASE);
  tell(DELIVERY, 123);
  assert.equal(response.kinds.filter((kind) => kind === "delivery").length, 120);
  clock.advance(500);
  assert.match(response.texts.at(-1) ?? "", /"kind":"skipped".*"count":3\b/);
});

test("streamEvents() leaves out even what is vital when hundreds come at once", (t) => {
  const { response, clock, tell } = stream();
  t.after(() => response.destroy());
  tell(REQUEST, 241);
  assert.equal(response.kinds.length, 240);
  clock.advance(500);
  assert.match(response.texts.at(-1) ?? "", /"count":1\b/);
  tell(REQUEST);
  assert.equal(response.kinds.at(-1), "request");
});

test("streamEvents() sends a page that does not read what is vital alone, and then cuts it off", () => {
  const { watches, response, tell } = stream();
  tell(REQUEST);
  tell(LEASE);
  response.writableLength = 262_145;
  tell(DELIVERY);
  tell(REQUEST);
  assert.deepEqual(response.kinds, ["request", "lease", "skipped", "request"]);
  response.writableLength = 524_288;
  tell(REQUEST);
  assert.equal(response.destroyed, false);
  response.writableLength = 524_289;
  tell(REQUEST);
  assert.equal(response.destroyed, true);
  assert.equal(watches.observes(`GET /ws?watch=${NAME} HTTP/1.1`), false);
});

test("streamEvents() answers the 65th page with 503, and the next once one has gone", () => {
  const watches = new Watches();
  const open = Array.from({ length: 64 }, (_, i) => stream(watches, [`name-number-${i}`]).response);
  assert.ok(open.every(({ status }) => status === 200));
  const full = stream(watches, ["one-too-many"]).response;
  assert.deepEqual([full.status, full.texts], [503, ["Too many pages watch already.\n"]]);
  assert.equal(watches.observes("GET /ws?watch=one-too-many HTTP/1.1"), false);
  open[0]?.destroy();
  const next = stream(watches, ["one-too-many"]).response;
  assert.equal(next.status, 200);
  for (const response of [...open, next]) response.destroy();
});

test("streamEvents() watches none of its names when there is no room for one of them", () => {
  const watches = new Watches();
  const stops = Array.from({ length: 4 }, () => watches.watch("a-full-name", () => undefined));
  assert.equal(stream(watches, [NAME, "a-full-name"]).response.status, 503);
  assert.equal(watches.observes(`GET /ws?watch=${NAME} HTTP/1.1`), false);
  stops[0]?.();
  const { response } = stream(watches, [NAME, "a-full-name"]);
  assert.equal(response.status, 200);
  response.destroy();
});

test("streamEvents() writes something to a quiet page every 15 s, and no more once it has gone", () => {
  const { response, clock } = stream();
  clock.advance(30_000);
  assert.deepEqual(response.texts.slice(1), [":\n\n", ":\n\n"]);
  response.destroy();
  assert.equal(clock.pending, 0);
});

test("streamEvents() refuses what waits for its turn on a socket, whose end it would not be told of", () => {
  const [response, watches] = [new FakeResponse(), new Watches()];
  const queued = Object.assign(response, { socket: null });
  streamEvents(queued as unknown as ServerResponse, watches, [NAME], new ManualClock());
  assert.equal(response.status, 503);
  assert.equal(watches.observes(`GET /ws?watch=${NAME} HTTP/1.1`), false);
});
