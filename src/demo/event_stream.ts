/**
 * What a page watches, as server-sent events: with a bound on how many there are in a second, so that hundreds of frames freeze neither
 * the page nor this server; what is left out is counted, and the page says so.
 *
 * @module
 */

import type { ServerResponse } from "node:http";
import { systemClock } from "../io/system_clock.ts";
import { TokenBucket } from "../base/token_bucket.ts";
import type { TraceEvent } from "../mod.ts";
import { showEvent } from "./shown_event.ts";
import type { Watches } from "./watch.ts";

/** What a person can follow is far less; what a page can draw is not much more. */
const EVENTS = { perSecond: 60, burst: 120 };

/** What a page that does not read is sent before it is sent nothing more. */
const MAX_QUEUED_BYTES = 1_048_576;

/** After this time, the page is told how many were left out, if nothing has come by then that tells it. */
const TELL_SKIPPED_MS = 500;

/** Always sent: each is rare, and what comes after it makes no sense without it. */
const NEVER_SKIPPED: ReadonlySet<TraceEvent["kind"]> = new Set([
  "request",
  "decision",
  "answer",
  "end",
  "lease",
]);

/**
 * Answers a page that watches.
 *
 * @param response Stays open until the page goes.
 * @param watches Where the events are.
 * @param names What it watches, at most 8 names; each event says of which of them it is.
 */
export function streamEvents(response: ServerResponse, watches: Watches, names: readonly string[]): void {
  const stops = names.map((name) => watchOne(response, watches, name));
  const stop = () => {
    for (const stopOne of stops) stopOne?.();
  };
  if (stops.includes(undefined)) {
    stop();
    response.writeHead(503, { "Content-Type": "text/plain; charset=utf-8" });
    response.end("Too many pages watch already.\n");
    return;
  }
  response.on("close", stop);
  response.on("error", stop);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  // The page waits for this before it connects: what it does next is not missed.
  response.write(": watching\n\n");
}

function watchOne(response: ServerResponse, watches: Watches, watch: string): (() => void) | undefined {
  const bucket = new TokenBucket(EVENTS, systemClock.now());
  let skipped = 0;
  const send = (event: object) => response.write(`data: ${JSON.stringify({ watch, ...event })}\n\n`);
  const tellSkipped = () => {
    if (skipped > 0) send({ kind: "skipped", atMs: systemClock.now(), count: skipped });
    skipped = 0;
  };
  return watches.watch(watch, (event) => {
    const isSkipped = response.writableLength > MAX_QUEUED_BYTES ||
      (!NEVER_SKIPPED.has(event.kind) && bucket.take(systemClock.now()) > 0);
    if (!isSkipped) {
      tellSkipped();
      send(showEvent(event));
    } else if (skipped++ === 0) {
      // What is left out at the end is told, too.
      systemClock.after(TELL_SKIPPED_MS, tellSkipped);
    }
  });
}
