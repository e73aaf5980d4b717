/**
 * The vectors of test/vectors, read and turned into bytes. What the fields of a vector mean is written down in
 * test/vectors/README.md.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import type { Side } from "../../src/protocol/frame.ts";
import { FRAME_RULES, type FrameRule, type FrameRuleName } from "../../src/protocol/rules.ts";
import { hex, MASKING_KEY, xor } from "./frames.ts";
import { type EndpointLimits, ROLES } from "./frames_endpoint.ts";
import { filesBelow, readProjectFile } from "./source_tree.ts";

/** What all vectors have. */
export interface Vector {
  readonly name: string;
  readonly section: string;
  readonly why: string;
  /** The rule that the vector breaks. */
  readonly breaks?: string;
  /** The rules that it comes near to, and does not break. */
  readonly near?: readonly string[];
  /** The clauses that it shows to be kept. */
  readonly shows?: readonly string[];
}

/** Bytes for an open connection, and what they lead to. */
export interface FrameVector extends Vector {
  readonly role?: Side;
  readonly frames?: readonly string[];
  readonly bytes?: string;
  readonly deflate?: DeflateParameters;
  readonly needsContext?: boolean;
  readonly limits?: Partial<EndpointLimits>;
  readonly closesFirst?: { readonly code?: number; readonly reason?: string };
  readonly tcpEnds?: boolean;
  readonly events: readonly string[];
  readonly sent?: readonly string[];
  readonly breaks?: FrameRuleName;
  readonly code?: number;
  readonly failsAt?: number;
}

/** A file of vectors. */
export interface Chapter<V extends Vector> {
  readonly about: string;
  readonly vectors: readonly V[];
}

/** Reads one file of vectors. */
export function readChapter<C extends Chapter<Vector>>(name: string): C {
  return JSON.parse(readProjectFile(`test/vectors/${name}.json`)) as C;
}

/** The names of the files whose vectors are bytes for an open connection. */
export const FRAME_CHAPTERS: readonly string[] = [
  "framing",
  "masking",
  "fragmentation",
  "control",
  "utf8",
  "closing",
  "deflate",
];

/** The names of all files. */
export function chapterNames(): string[] {
  return filesBelow("test/vectors", ".json").map((file) =>
    file.slice("test/vectors/".length, -".json".length)
  );
}

/** Tells which sides may receive a vector. */
export function rolesOf(vector: FrameVector): readonly Side[] {
  return vector.role === undefined ? ROLES : [vector.role];
}

/** Makes the bytes that a side receives: a client's frames are masked, with a key that is always the same. */
export function bytesFor(vector: FrameVector, role: Side): Buffer {
  if (vector.bytes !== undefined) return digitsToBytes(vector.bytes);
  return Buffer.concat(framesFor(vector, role));
}

/** The same, frame by frame. */
export function framesFor(vector: FrameVector, role: Side): Buffer[] {
  const frames = (vector.frames ?? []).map(digitsToBytes);
  return role === "client" ? frames : frames.map(masked);
}

/** Hexadecimal in which `61*125` stands for 125 times 61. */
export function digitsToBytes(digits: string): Buffer {
  const parts = digits.split(" ").map((part) => {
    const [bytes = "", times] = part.split("*");
    return times === undefined ? hex(bytes) : Buffer.alloc(Number(times), hex(bytes));
  });
  return Buffer.concat(parts);
}

/** How many bytes stand in front of a payload, without a masking key. */
export function bareHeaderBytes(frame: Buffer): number {
  const short = frame.readUInt8(1) & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
}

function masked(frame: Buffer): Buffer {
  const header = Buffer.from(frame.subarray(0, bareHeaderBytes(frame)));
  header.writeUInt8(header.readUInt8(1) | 0x80, 1);
  return Buffer.concat([header, MASKING_KEY, xor(frame.subarray(header.length), MASKING_KEY)]);
}

/** What an endpoint must tell and send for a vector, the end of a connection that fails included. */
export function wantedOf(vector: FrameVector): { events: readonly string[]; sent: readonly string[] } {
  const { events, sent = [], breaks, code, closesFirst } = vector;
  if (breaks === undefined) return { events, sent };
  const { reason }: FrameRule = FRAME_RULES[breaks];
  return {
    events: [...events, `closed ${code} by local ${breaks} ${reason}`],
    // §5.5.1 allows one Close frame only.
    sent: closesFirst === undefined ? [...sent, `close ${code} ${reason}`] : sent,
  };
}

/** Tells whether a connection is over behind a vector. */
export function endsConnection(vector: FrameVector): boolean {
  return vector.breaks !== undefined || vector.events.some((event) => event.startsWith("closed "));
}
