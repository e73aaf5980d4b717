/**
 * What must hold for all bytes: the protocol never throws, asks for no more memory than what arrived is worth, tells the
 * same however TCP cuts the bytes, and is silent behind a fault; and whoever watches finds the same fault.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { FrameInspector } from "../../src/protocol/frame_inspector.ts";
import { explainFrame } from "../../src/protocol/frame_text.ts";
import { cutAt, cutEvery } from "../support/chunkers.ts";
import { framesTo } from "../support/frames.ts";
import { Endpoint } from "../support/frames_endpoint.ts";
import { type Allocations, watchAllocations } from "./allocations.ts";
import type { StreamCase } from "./stream_case.ts";

/** What an endpoint came to. */
export interface Observed {
  readonly events: readonly string[];
  /** The frames that it sent. */
  readonly sent: readonly string[];
  readonly state: string;
}

/** Cutting more bytes than this one by one says nothing new, and takes long. */
const SINGLE_BYTES = 4_096;

/** A rule that a sender can break without meeting a limit of ours. */
const BROKEN_RULE = /^closed \d+ by local (?!message_too_big|too_many_fragments)/;

type Feed = (endpoint: Endpoint, chunk: Buffer) => void;

const feedPlainly: Feed = (endpoint, chunk) => endpoint.receive(chunk);

/** An application that stops reading at each event, and goes on when the chunk is used up. */
const feedWithPauses: Feed = (endpoint, chunk) => {
  endpoint.during = () => endpoint.protocol.pause();
  endpoint.receive(chunk);
  for (let told = -1; told < endpoint.events.length;) {
    told = endpoint.events.length;
    endpoint.protocol.resume();
  }
};

/** Says what is wrong with a case, in one line; `undefined` when nothing is. */
export function checkStream(sample: StreamCase): string | undefined {
  try {
    return firstComplaint(sample);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack?.split("\n").slice(0, 3).join(" ") : String(error)}`;
  }
}

/** What an endpoint makes of the bytes when they come in one chunk. */
export function observeWhole(sample: StreamCase): Observed {
  return observe(sample, [sample.bytes], feedPlainly);
}

function firstComplaint(sample: StreamCase): string | undefined {
  const { bytes, cuts } = sample;
  const whole = observeWhole(sample);
  const last = whole.events.at(-1) ?? "";
  if (sample.intact && BROKEN_RULE.test(last)) {
    return `no rule is broken, but ${last}`;
  }
  const atCuts = cutAt(bytes, ...cuts);
  const ways: Readonly<Record<string, Observed>> = {
    "cut": observe(sample, atCuts, feedPlainly),
    "byte by byte": observe(sample, cutEvery(bytes, bytes.length > SINGLE_BYTES ? 509 : 1), feedPlainly),
    "with pauses": observe(sample, atCuts, feedWithPauses),
  };
  for (const [way, observed] of Object.entries(ways)) {
    const [got, wanted] = [JSON.stringify(observed), JSON.stringify(whole)];
    if (got !== wanted) return `${way}: ${got}, but whole: ${wanted}`;
  }
  return behindOwnClose(sample, whole) ?? inspected(sample, atCuts, last);
}

/** Whoever watches finds the rule that is broken, the same and no other. */
function inspected(
  { role, limits, agreed }: StreamCase,
  chunks: readonly Buffer[],
  last: string,
): string | undefined {
  const found: (string | undefined)[] = [];
  const inspector = new FrameInspector(
    { from: role === "server" ? "client" : "server", limits, deflate: agreed, keptBytes: 64 },
    (frame) => {
      explainFrame(frame);
      if (frame.rule !== undefined) found.push(frame.rule);
    },
  );
  for (const chunk of chunks) inspector.take(chunk);
  inspector.end();
  const [, broken] = /^closed \d+ by local (\w+)/.exec(last) ?? [];
  const [rule, ...others] = found;
  return rule === broken && others.length === 0 ? undefined : `inspected: ${found}, but: ${last}`;
}

/** What is only found by inflating a message, which is not done behind our own Close frame. */
const FOUND_BY_INFLATING = /^closed \d+ by local (?:compressed_data|utf8_message|message_too_big)/;

/** Behind our own Close frame messages are dropped, and the rules on frames hold as before. */
function behindOwnClose(
  sample: StreamCase,
  whole: Observed,
): string | undefined {
  if (sample.agreed !== undefined && FOUND_BY_INFLATING.test(whole.events.at(-1) ?? "")) return undefined;
  const endpoint = newEndpoint(sample);
  endpoint.protocol.close(1000, "");
  const { events, sent } = run(endpoint, sample, [sample.bytes], feedPlainly);
  const wanted = withoutMessages(whole.events).map(closeCode);
  if (JSON.stringify(events.map(closeCode)) !== JSON.stringify(wanted)) {
    return `behind our own Close: ${JSON.stringify(events)}, but before: ${JSON.stringify(whole.events)}`;
  }
  return sent.filter((line) => line.startsWith("close")).length === 1
    ? undefined
    : `two Close frames: ${sent}`;
}

const withoutMessages = (events: readonly string[]) =>
  events.filter((event) => /^(?:pong|closed)\b/.test(event));

/** Who closed first is another one when we already had. */
const closeCode = (event: string) => event.replace(/^(closed \d+) .*/, "$1");

function newEndpoint({ role, limits, agreed }: StreamCase): Endpoint {
  return new Endpoint(role, limits, agreed);
}

function observe(
  sample: StreamCase,
  chunks: readonly Buffer[],
  feed: Feed,
): Observed {
  return run(newEndpoint(sample), sample, chunks, feed);
}

function run(
  endpoint: Endpoint,
  sample: StreamCase,
  chunks: readonly Buffer[],
  feed: Feed,
): Observed {
  const asked: Allocations = { largest: 0, total: 0 };
  watchAllocations(asked, () => chunks.forEach((chunk) => feed(endpoint, chunk)));
  expectModesty(asked, sample);
  const observed = { events: [...endpoint.events], sent: endpoint.sent(), state: endpoint.protocol.state };
  expectOneEnd(endpoint, sample);
  return observed;
}

/** What zlib asks for besides the message: its pieces of 64 KiB, and a window that is remembered. */
const ZLIB_BYTES = 262_144;

/**
 * 4 times what arrived is what a buffer may grow by; headers that come byte by byte are copied a few times each. What is
 * compressed is worth what a message may become.
 */
function expectModesty(
  { largest, total }: Allocations,
  { agreed, limits, bytes }: StreamCase,
): void {
  const received = bytes.length;
  const inflated = agreed === undefined ? 0 : limits.maxMessageBytes + ZLIB_BYTES;
  const modest = largest <= 4 * received + inflated + 1_024;
  if (modest && (agreed !== undefined || total <= 32 * received + 16_384)) {
    return;
  }
  throw new Error(`${received} bytes came, ${largest} were asked for at once, ${total} in all`);
}

/** It is said once that the connection is over, and nothing is said or sent behind that. */
function expectOneEnd(endpoint: Endpoint, { role }: StreamCase): void {
  const { events, protocol } = endpoint;
  const told = events.length;
  if (protocol.state === "closed") {
    endpoint.receive(framesTo(role, { opcode: 9 }, { opcode: 10 }, { payload: "late" }, { opcode: 8 }));
    if (events.length > told) {
      throw new Error(`behind the end: ${events.slice(told)}`);
    }
  }
  protocol.receiveEnd();
  const more = endpoint.sent();
  if (more.length > 0) throw new Error(`sent behind the end: ${more}`);
  const ends = events.filter((event) => event.startsWith("closed"));
  if (ends.length !== 1 || ends[0] !== events.at(-1)) {
    throw new Error(`not one end: ${events}`);
  }
}
