/**
 * Frames in words: each field of a header as RFC 6455 §5.2 lays it out, and a plain sentence on what the frame is and what is wrong with it.
 *
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import { meaningOfCode } from "./close_codes.ts";
import { LENGTH_16, LENGTH_64, OPCODE } from "./frame.ts";
import { extensionSize, type InspectedFrame } from "./inspected_frame.ts";
import { FRAME_RULES, type FrameRule } from "./rules.ts";

/** One field of a header. */
export interface FrameField {
  /** Its name in §5.2, in short. */
  readonly name:
    | "FIN"
    | "RSV1"
    | "RSV2"
    | "RSV3"
    | "opcode"
    | "MASK"
    | "length"
    | "extended length"
    | "masking key";
  /** Its bits, as they were on the wire; of more than 7, in groups of 8. */
  readonly bits: string;
  /** What they say. */
  readonly means: string;
}

const OPCODE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OPCODE).map(([name, opcode]) => [opcode, name]),
);

/** Names an opcode: `text`, `ping` and so on, or `reserved`. */
export function opcodeName(opcode: number): string {
  return OPCODE_NAMES.get(opcode) ?? "reserved";
}

/**
 * Lays out the header of a frame.
 *
 * @param frame The frame. Its header may have been cut off: then there are only the fields that have come.
 * @returns Its fields, in the order of the wire.
 *
 * @example
 * ```ts
 * import { FrameInspector, frameFields, resolveLimits } from "portcullis";
 * import { deepStrictEqual } from "node:assert";
 *
 * const inspector = new FrameInspector({ from: "server", limits: resolveLimits(), keptBytes: 64 }, (frame) => {
 *   deepStrictEqual(frameFields(frame)[4], { name: "opcode", bits: "1001", means: "ping" });
 * });
 * inspector.take(Uint8Array.of(0x89, 0x00));
 * ```
 */
export function frameFields(frame: InspectedFrame): FrameField[] {
  const { header, shortLength, maskingKey } = frame;
  const bit = (isSet: boolean) => isSet ? "1" : "0";
  const fields: FrameField[] = [
    {
      name: "FIN",
      bits: bit(frame.fin),
      means: frame.fin ? "the last frame of its message" : "more fragments follow",
    },
    {
      name: "RSV1",
      bits: bit(frame.rsv1),
      means: frame.rsv1 ? "compressed, if that was agreed on" : "not compressed",
    },
    { name: "RSV2", bits: bit(frame.rsv2), means: "reserved" },
    { name: "RSV3", bits: bit(frame.rsv3), means: "reserved" },
    { name: "opcode", bits: binary(frame.opcode, 4), means: opcodeName(frame.opcode) },
  ];
  if (header.length < 2) return fields;
  fields.push(
    { name: "MASK", bits: bit(frame.masked), means: frame.masked ? "a masking key follows" : "not masked" },
    { name: "length", bits: binary(shortLength, 7), means: lengthMeans(shortLength) },
  );
  const keyAt = 2 + extensionSize(shortLength);
  const [extended, key] = [header.subarray(2, keyAt), header.subarray(keyAt)];
  if (extended.length > 0) {
    fields.push({ name: "extended length", bits: octets(extended), means: lengthText(frame) ?? CUT });
  }
  if (key.length > 0) {
    const means = maskingKey === undefined ? CUT : Buffer.from(maskingKey).toString("hex");
    fields.push({ name: "masking key", bits: octets(key), means });
  }
  return fields;
}

/**
 * Says in a plain sentence what a frame is, and which rule it breaks.
 *
 * @param frame The frame.
 * @returns A few sentences. Nothing of the payload is in them, but for the code of a Close frame.
 */
export function explainFrame(frame: InspectedFrame): string {
  const { from, fin, opcode, extent, rule, fate } = frame;
  const what = WHAT[opcode] ?? "a frame with a reserved opcode";
  const part = fin || opcode === OPCODE.continuation ? "" : ", the first fragment of several";
  const sentences = [`The ${from} sends ${what}${part}: ${aboutHeader(frame)}.`, ...closeMeaning(frame)];
  if (rule !== undefined) {
    const { reason, section, closeCode }: FrameRule = FRAME_RULES[rule];
    sentences.push(
      `It breaks a rule (${rule}, ${section}): ${reason}. The answer is a Close frame with ${closeCode}.`,
    );
  } else if (fate === "not read") {
    sentences.push("Nobody reads it any more: the connection is closing.");
  } else if (opcode === OPCODE.ping && extent === "whole") {
    sentences.push("The other side answers with a pong.");
  }
  if (extent === "cut") sentences.push("Its end was not read.");
  return sentences.join(" ");
}

/**
 * Writes a payload as text.
 *
 * @param payload All of it, unmasked.
 * @returns The text, or `undefined` when it is not UTF-8.
 */
export function payloadText(payload: Uint8Array): string | undefined {
  return isUtf8(payload) ? Buffer.from(payload).toString("utf8") : undefined;
}

/**
 * Writes what people read of a payload: the text, or the reason behind the code of a Close frame.
 *
 * @param frame The frame. Fragments begin and end anywhere (§5.4), as does what is kept: a character that is not all there is left out.
 * @returns The text, or `undefined` when it is not UTF-8.
 */
export function framePayloadText(frame: InspectedFrame): string | undefined {
  const { opcode, payload, payloadBytes, fin } = frame;
  const start = opcode === OPCODE.close ? 2 : opcode === OPCODE.continuation ? continuationBytes(payload) : 0;
  const stream = !fin || payload.length !== payloadBytes;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload.subarray(start), {
      stream,
    });
  } catch {
    return undefined; // What it throws says no more than that it is not UTF-8.
  }
}

/** How many bytes at the start continue a character of the fragment before: at most 3, of the form 10xxxxxx (RFC 3629 §3). */
function continuationBytes(payload: Uint8Array): number {
  let count = 0;
  while (count < 3 && ((payload[count] ?? 0) & 0b1100_0000) === 0b1000_0000) count++;
  return count;
}

/** By opcode. */
const WHAT: Readonly<Record<number, string>> = {
  [OPCODE.continuation]: "the next fragment of a message",
  [OPCODE.text]: "a text message",
  [OPCODE.binary]: "a binary message",
  [OPCODE.close]: "a Close frame",
  [OPCODE.ping]: "a ping",
  [OPCODE.pong]: "a pong",
};

/** How it came, and how long it is, as far as its header has come. */
function aboutHeader(frame: InspectedFrame): string {
  const { header, masked, rsv1 } = frame;
  if (header.length < 2) return "no more than its first byte came";
  const length = lengthText(frame);
  const payload = length === undefined ? "its length did not come whole" : `${length} of payload`;
  return `${masked ? "masked" : "unmasked"}${rsv1 ? ", compressed" : ""}, ${payload}`;
}

/** Exact, where a number is not. */
function lengthText({ header, payloadBytes, shortLength }: InspectedFrame): string | undefined {
  if (payloadBytes === undefined) return undefined;
  return shortLength === LENGTH_64
    ? `${Buffer.from(header).readBigUInt64BE(2)} bytes`
    : count(payloadBytes, "byte");
}

/** What the code of a Close frame says. */
function closeMeaning({ opcode, statusCode, extent, rule }: InspectedFrame): string[] {
  if (opcode !== OPCODE.close || extent === "cut" || rule !== undefined) return [];
  if (statusCode === undefined) return ["It has no status code."];
  return [`Status code ${statusCode}: ${meaningOfCode(statusCode)}`];
}

/** Of a field of which not all has come. */
const CUT = "cut off";

function lengthMeans(shortLength: number): string {
  if (shortLength === LENGTH_16) return "the next 2 bytes are the length";
  return shortLength === LENGTH_64 ? "the next 8 bytes are the length" : count(shortLength, "byte");
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, "0");
}

function octets(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => binary(byte, 8)).join(" ");
}
