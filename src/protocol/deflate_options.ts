/**
 * What an endpoint chooses of permessage-deflate (RFC 7692 §7), and what its runtime's zlib lets it choose.
 *
 * Sections without an RFC are of RFC 7692.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { PortcullisError } from "../base/errors.ts";

/** How messages are compressed, once both sides have agreed to. */
export interface DeflateOptions {
  /**
   * Whether a message may refer to those before it, in both directions. Small messages that resemble each other shrink to a
   * fraction only then. It costs up to 2 × 2^maxWindowBits bytes of memory in each direction, and 64 KiB for what comes from a peer
   * that cannot be asked to refer back less far. By default it may.
   */
  readonly contextTakeover: boolean;
  /**
   * How far back a message may refer to those before it, as a power of two: from 9 to 15. A server asks its clients not to
   * go further than that (`client_max_window_bits`); those that cannot be asked are remembered for 2^15 bytes. By default 13.
   */
  readonly maxWindowBits: number;
  /** Messages with fewer bytes are sent as they are; by default 64. */
  readonly minBytes: number;
}

/** Whether to compress: by the defaults, or by those but for what is named. */
export type DeflateChoice = boolean | Partial<DeflateOptions>;

/** What holds for an endpoint that only says `true`. */
export const DEFLATE_DEFAULTS: DeflateOptions = { contextTakeover: true, maxWindowBits: 13, minBytes: 64 };

/**
 * zlib's raw deflate has no window of 8 bits: asked for it, it takes 9. That it then happens not to refer back further than 250 bytes
 * is nothing that it promises.
 */
export const MIN_WINDOW_BITS = 9;
/** RFC 7692 §7.1.2: the largest window of DEFLATE, and what holds when nothing is said. */
export const MAX_WINDOW_BITS = 15;

/**
 * Fills a caller's choice up with the defaults.
 *
 * @param choice What the caller says; nothing said is `false`.
 * @param takeoverPossible Whether zlib can begin in the middle of a conversation.
 * @returns The options, or `undefined` when there is to be no compression.
 * @throws {PortcullisError} `invalid_argument` for anything that is not a {@link DeflateChoice}: what is off for safety is not turned
 * on by a slip. For an option that does not exist, window bits other than 9 to 15, or `minBytes` below 0.
 */
export function resolveDeflate(
  choice: DeflateChoice | undefined,
  takeoverPossible: boolean = honoursDictionary(),
): DeflateOptions | undefined {
  if (choice === undefined || choice === false) return undefined;
  const { contextTakeover, maxWindowBits, minBytes } = fillUp(choice === true ? {} : choice);
  if (typeof contextTakeover !== "boolean") refuse("contextTakeover", contextTakeover, "true or false");
  if (
    !Number.isInteger(maxWindowBits) || maxWindowBits < MIN_WINDOW_BITS || maxWindowBits > MAX_WINDOW_BITS
  ) {
    refuse("maxWindowBits", maxWindowBits, `a whole number from ${MIN_WINDOW_BITS} to ${MAX_WINDOW_BITS}`);
  }
  if (!Number.isSafeInteger(minBytes) || minBytes < 0) {
    refuse("minBytes", minBytes, "a whole number from 0 on");
  }
  return { contextTakeover: contextTakeover && takeoverPossible, maxWindowBits, minBytes };
}

/** In JavaScript anything may be given. What is given as `undefined` is not given. */
function fillUp(choice: unknown): DeflateOptions {
  if (typeof choice !== "object" || choice === null) refuse("deflate", choice, "true, false or an object");
  const given = Object.entries(choice).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!Object.hasOwn(DEFLATE_DEFAULTS, name)) {
      refuse("deflate", name, Object.keys(DEFLATE_DEFAULTS).join(", "));
    }
  }
  return { ...DEFLATE_DEFAULTS, ...Object.fromEntries(given) };
}

function refuse(name: string, actual: unknown, wanted: string): never {
  throw new PortcullisError("invalid_argument", `${name} is ${String(actual)}; it must be ${wanted}.`);
}

let dictionaryHonoured: boolean | undefined;

/**
 * Tells whether this runtime's zlib takes a dictionary for raw deflate. Deno's ignores it without a word (2.9): then a
 * message can refer to nothing but itself, and both sides must be told so (`no_context_takeover`).
 */
export function honoursDictionary(): boolean {
  dictionaryHonoured ??= probeDictionary();
  return dictionaryHonoured;
}

function probeDictionary(): boolean {
  const sample = Buffer.from("The same words twice cost next to nothing");
  const packed = deflateRawSync(sample, { dictionary: sample });
  return packed.length < sample.length / 2 && inflateRawSync(packed, { dictionary: sample }).equals(sample);
}
