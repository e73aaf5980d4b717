/**
 * What a page watches, as server-sent events: with a bound on how many there are in a second, so that hundreds of frames freeze neither
 * the page nor this server; what is left out is counted, and the page says so.
 *
 * @module
 */

import type { ServerResponse } from "node:http";
import type { Clock } from "../base/clock.ts";
import { TokenBucket } from "../base/token_bucket.ts";
import { systemClock } from "../io/system_clock.ts";
import type { TraceEvent } from "../mod.ts";
import { answerText, SECURITY_FIELDS } from "./answer.ts";
import { showEvent } from "./shown_event.ts";
import type { Watches } from "./watch.ts";

/** So many pages watch at once. */
const MAX_STREAMS = 64;

/** What a person can follow is far less; what a page can draw is not much more. */
const EVENTS = { perSecond: 60, burst: 120 };

/** What comes after one of these makes no sense without it; each is rare, but for whoever wants it not to be. */
const VITAL: ReadonlySet<TraceEvent["kind"]> = new Set(["request", "decision", "answer", "end", "lease"]);
const VITAL_EVENTS = { perSecond: 60, burst: 240 };

/** A page that does not read is sent nothing more but what is vital, … */
const MAX_QUEUED_BYTES = 262_144;
/** … and is cut off when even that is too much. Its browser asks again. */
const CUT_OFF_BYTES = 524_288;

/** After this time, the page is told how many were left out, if nothing has come by then that tells it. */
const TELL_SKIPPED_MS = 500;

/** When a browser asks again whose stream has broken off. */
const RETRY_MS = 1_000;

/** So often something is written to each page: to one that has gone without a word, that fails at last. */
const PING_MS = 15_000;

let streams = 0;

/**
 * Answers a page that watches.
 *
 * @param response Stays open until the page goes.
 * @param watches Where the events are.
 * @param names What it watches, at most 8 names; each event says of which of them it is.
 * @param clock The time.
 */
export function streamEvents(
  response: ServerResponse,
  watches: Watches,
  names: readonly string[],
  clock: Clock = systemClock,
): void {
  // What waits for its turn on a socket is not told of the socket's end, and would be kept for ever. No browser asks so.
  if (response.socket === null) {
    return answerText(response, 503, "Ask for each stream on a connection of its own.");
  }
  const stops = streams < MAX_STREAMS ? names.map((name) => watchOne(response, watches, name, clock)) : [];
  const stopAll = () => {
    for (const stop of stops) stop?.();
  };
  if (stops.length === 0 || stops.includes(undefined)) {
    stopAll();
    return answerText(response, 503, "Too many pages watch already.");
  }
  streams++;
  const stopPings = pingEvery(PING_MS, response, clock);
  response.once("close", () => {
    streams--;
    stopPings();
    stopAll();
  });
  // What is written while the page goes fails, and is of no use to anybody.
  response.on("error", () => undefined);
  const fields = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
  response.writeHead(200, { ...SECURITY_FIELDS, ...fields });
  // The page waits for this before it connects: what it does next is not missed.
  response.write(`retry: ${RETRY_MS}\n: watching\n\n`);
}

/** @returns Ends it. */
function pingEvery(delayMs: number, response: ServerResponse, clock: Clock): () => void {
  const ping = () => {
    response.write(":\n\n");
    timer = clock.after(delayMs, ping);
  };
  let timer = clock.after(delayMs, ping);
  return () => timer.cancel();
}

/** @returns Ends it; `undefined` when too many watch already. */
function watchOne(
  response: ServerResponse,
  watches: Watches,
  watch: string,
  clock: Clock,
): (() => void) | undefined {
  const ordinary = new TokenBucket(EVENTS, clock.now());
  const vital = new TokenBucket(VITAL_EVENTS, clock.now());
  let skipped = 0;
  const send = (event: object) => response.write(`data: ${JSON.stringify({ watch, ...event })}\n\n`);
  const tellSkipped = () => {
    if (skipped > 0 && !response.destroyed) send({ kind: "skipped", atMs: clock.now(), count: skipped });
    skipped = 0;
  };
  const isSkipped = (kind: TraceEvent["kind"]) =>
    VITAL.has(kind)
      ? vital.take(clock.now()) > 0
      : response.writableLength > MAX_QUEUED_BYTES || ordinary.take(clock.now()) > 0;
  return watches.watch(watch, (event) => {
    if (response.writableLength > CUT_OFF_BYTES) return void response.destroy();
    if (!isSkipped(event.kind)) {
      tellSkipped();
      send(showEvent(event));
    } else if (skipped++ === 0) {
      // What is left out at the end is told, too.
      clock.after(TELL_SKIPPED_MS, tellSkipped);
    }
  });
}
