/**
 * The payload of compressed messages (RFC 7692 §7.2), without any state of zlib.
 *
 * The naive way keeps two zlib streams for each connection: some 300 KiB that wait for the next message, and a trip through
 * the thread pool for each. But what a stream carries over from one message to the next is nothing but the last 2^bits bytes
 * of plain text. Here those are remembered as they are, and handed to a synchronous call as its dictionary. A message that is
 * not worth compressing is then just not remembered, and one that goes to many receivers is compressed once for all.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, deflateRawSync, inflateRawSync, type ZlibOptions } from "node:zlib";
import { fault, ok, type Result } from "../base/result.ts";
import type { DeflateParameters } from "./deflate_negotiation.ts";
import { type DeflateOptions, MIN_WINDOW_BITS } from "./deflate_options.ts";
import type { Side } from "./frame.ts";
import type { FrameRuleName } from "./rules.ts";
import { SlidingWindow } from "./sliding_window.ts";

/** The end of each flush: an empty block without compression, of which §7.2.1 leaves these 4 bytes out. */
const FLUSH_TAIL_BYTES = 4;

/**
 * What §7.2.2 puts back, and behind it an empty last block. With it, zlib itself tells whether the message ended where a block
 * does; a stream that is only flushed takes what is cut off for what has not arrived yet.
 */
const MESSAGE_END: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff]);

/**
 * §7.2.3.4 lets a sender end a message with a last block of DEFLATE (BFINAL), behind which another may begin. Each costs a
 * decompressor, so that a message of nothing else would cost seconds.
 */
const MAX_FINAL_BLOCKS = 16;

/** zlib keeps this much of a window for itself (MIN_LOOKAHEAD), and finds nothing that is further back than the rest. */
const WINDOW_RESERVE_BYTES = 262;

/**
 * For short messages one above zlib's default: they come out up to a tenth shorter in the same time. Not further: levels 8 and 9
 * gain nothing more on them, and follow chains so long that a peer who chooses the text of an echo could make each cost
 * milliseconds. Long messages would gain 1 % for 40 % more time.
 */
const LEVEL = { short: 7, long: 6 } as const;
const SHORT_BYTES = 4_096;

const NOTHING = Buffer.alloc(0);

/** Compresses what one endpoint sends, and decompresses what it receives. */
export class Deflate {
  /** Messages with fewer bytes are not worth it. */
  readonly minBytes: number;
  readonly #sendWindowBits: number;
  readonly #sent: SlidingWindow | undefined;
  readonly #received: SlidingWindow | undefined;

  /**
   * @param role Which side this is.
   * @param agreed What both sides agreed on.
   * @param options What this side chose.
   */
  constructor(role: Side, agreed: DeflateParameters, options: DeflateOptions) {
    const client = { bits: agreed.clientMaxWindowBits, alone: agreed.clientNoContextTakeover };
    const server = { bits: agreed.serverMaxWindowBits, alone: agreed.serverNoContextTakeover };
    const [send, receive] = role === "server" ? [server, client] : [client, server];
    this.minBytes = options.minBytes;
    this.#sendWindowBits = send.bits;
    const reach = 2 ** Math.min(send.bits, options.maxWindowBits) - WINDOW_RESERVE_BYTES;
    this.#sent = send.alone || reach < 0 ? undefined : new SlidingWindow(reach);
    this.#received = receive.alone ? undefined : new SlidingWindow(2 ** receive.bits);
  }

  /**
   * How far back what is sent may refer. A client may be asked for 8 (§7.1.2.2), which zlib cannot do: it then sends all messages
   * as they are, as §6 lets it.
   */
  get sendWindowBits(): number {
    return this.#sendWindowBits;
  }

  /**
   * Compresses a message that is about to be sent.
   *
   * @param payload Not changed.
   * @returns What to send in its place, with RSV1 set; or `undefined` when it would not be shorter: to be sent as it is.
   */
  compress(payload: Uint8Array): Buffer | undefined {
    if (payload.length < this.minBytes) return undefined;
    const packed = compressAfter(this.#sent?.contents ?? NOTHING, payload, this.#sendWindowBits);
    if (packed !== undefined) this.#sent?.append(payload);
    return packed;
  }

  /** Says that a message was sent compressed by other means: later ones may refer to it. */
  remember(payload: Uint8Array): void {
    this.#sent?.append(payload);
  }

  /**
   * Decompresses a message.
   *
   * @param bytes Where its payload lies, the fragments put together.
   * @param start Its first byte.
   * @param end One past its last byte.
   * @param maxBytes How long it may become; zlib stops there.
   * @returns The message, or the rule that it breaks.
   */
  decompress(bytes: Buffer, start: number, end: number, maxBytes: number): Result<Buffer, FrameRuleName> {
    const packed = Buffer.concat([bytes.subarray(start, end), MESSAGE_END]);
    const message = decompressAfter(this.#received?.contents ?? NOTHING, packed, maxBytes);
    if (message.ok) this.#received?.append(message.value);
    return message;
  }
}

/**
 * Compresses a message (§7.2.1).
 *
 * @param history What it may refer to besides itself.
 * @param payload The message.
 * @param maxWindowBits The negotiated window.
 * @returns The compressed message without its last 4 bytes, or `undefined` when it is not shorter or zlib has no such window.
 */
export function compressAfter(
  history: Buffer,
  payload: Uint8Array,
  maxWindowBits: number,
): Buffer | undefined {
  if (maxWindowBits < MIN_WINDOW_BITS) return undefined;
  // No larger than needed: setting the window up is most of the cost of a short message.
  const needed = Math.ceil(Math.log2(Math.max(history.length, payload.length) + WINDOW_RESERVE_BYTES));
  const windowBits = Math.max(MIN_WINDOW_BITS, Math.min(needed, maxWindowBits));
  const packed = deflateRawSync(payload, {
    ...dictionaryOf(history),
    windowBits,
    // As many hash chains as the window has places: 2^(memLevel + 7).
    memLevel: windowBits - 7,
    level: payload.length <= SHORT_BYTES ? LEVEL.short : LEVEL.long,
    chunkSize: chunkBytes(payload.length),
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  const length = packed.length - FLUSH_TAIL_BYTES;
  return length < payload.length ? packed.subarray(0, length) : undefined;
}

/** Decompresses a message (§7.2.2), to whose payload {@link MESSAGE_END} has been appended. */
function decompressAfter(history: Buffer, packed: Buffer, maxBytes: number): Result<Buffer, FrameRuleName> {
  let message: Buffer = NOTHING;
  let rest = packed;
  for (let blocks = 0; blocks <= MAX_FINAL_BLOCKS; blocks++) {
    const seen = message.length === 0 ? history : Buffer.concat([history, message]);
    const part = inflate(seen, rest, maxBytes - message.length);
    if (!part.ok) return part;
    message = message.length === 0 ? part.value.bytes : Buffer.concat([message, part.value.bytes]);
    if (part.value.consumed === rest.length) return ok(message);
    rest = rest.subarray(part.value.consumed);
  }
  return fault("compressed_data");
}

/** Inflates up to the next last block. What a peer sends decides whether zlib throws; here that becomes a value. */
function inflate(
  history: Buffer,
  packed: Buffer,
  maxBytes: number,
): Result<{ bytes: Buffer; consumed: number }, FrameRuleName> {
  try {
    const options = {
      ...dictionaryOf(history),
      chunkSize: chunkBytes(8 * packed.length),
      // zlib does not take 0; one byte too many shows below.
      maxOutputLength: Math.max(1, maxBytes),
      info: true,
    };
    // With `info`, the result is another one than the types of Node say.
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as Inflated;
    return buffer.length > maxBytes
      ? fault("message_too_big")
      : ok({ bytes: buffer, consumed: engine.bytesWritten });
  } catch (error) {
    return fault(
      (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE" ? "message_too_big" : "compressed_data",
    );
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** An empty dictionary is none; zlib would rather be told nothing. */
function dictionaryOf(history: Buffer): ZlibOptions {
  return history.length === 0 ? {} : { dictionary: history };
}

/** The pieces in which zlib makes its output: the default of 16 KiB is a hundred times what a short message needs. */
function chunkBytes(expected: number): number {
  return Math.min(Math.max(expected, 1_024), 65_536);
}
