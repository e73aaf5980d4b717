/**
 * From chunks to messages: a decoder and an assembler, lent to a connection for as long as it is in the middle of something.
 *
 * The naive way gives each connection a parser of its own. But between two messages there is nothing to remember, and most
 * connections are between two messages for most of their lives: so those that are share what those at work have just used.
 *
 * @module
 */

import type { Deflate } from "./deflate.ts";
import { maxCompressedBytes } from "./deflate_decompress.ts";
import type { Side } from "./frame.ts";
import { FrameDecoder } from "./frame_decoder.ts";
import { maxInflatedBytes, MessageAssembler, type MessageLimits } from "./message.ts";

/** How a connection reads. */
export interface ReadingOptions {
  /** Which side this is: a server requires masks, a client forbids them. */
  readonly role: Side;
  /** What one message may cost. */
  readonly limits: MessageLimits;
  /** Decompresses, when both sides agreed on it. */
  readonly deflate?: Deflate | undefined;
  /** Whether the memory of a chunk is used by nobody else, so that it may be freed once the chunk is read. */
  readonly ownsChunks?: boolean | undefined;
}

/** Reads messages, one step at a time. */
export class MessageReader {
  readonly decoder: FrameDecoder;
  readonly assembler: MessageAssembler;

  /** @param options For whom it reads first. */
  constructor({ role, limits, deflate }: ReadingOptions) {
    const compression = deflate === undefined ? "none" : "deflate";
    this.decoder = new FrameDecoder(role, maxFrameBytes(limits, deflate), compression);
    this.assembler = new MessageAssembler(limits, deflate);
  }

  /** Changes what one message may cost, and whose the chunks are, from the next frame on. Side and compression stay as they are. */
  setOptions({ limits, deflate, ownsChunks = false }: ReadingOptions): void {
    this.decoder.maxPayloadBytes = maxFrameBytes(limits, deflate);
    this.decoder.ownsChunks = ownsChunks;
    this.assembler.limits = limits;
  }

  /** Whether it is between two messages, with nothing left to read. */
  get atRest(): boolean {
    return this.decoder.atRest && this.assembler.atRest;
  }
}

/** A reader is usually lent for one chunk, so that few are in use at once; no more than these are kept. */
const MAX_KEPT = 8;

const KEPT: Readonly<Record<Side, MessageReader[]>> = { server: [], client: [] };

/**
 * Lends a reader.
 *
 * @param options How the connection reads. A reader that decompresses belongs to one connection: never return it.
 */
export function borrowReader(options: ReadingOptions): MessageReader {
  const kept = options.deflate === undefined ? KEPT[options.role].pop() : undefined;
  const reader = kept ?? new MessageReader(options);
  reader.setOptions(options);
  return reader;
}

/**
 * Takes a reader back.
 *
 * @param reader At rest, and without compression.
 * @param role The side for which it reads.
 */
export function returnReader(reader: MessageReader, role: Side): void {
  if (KEPT[role].length < MAX_KEPT) KEPT[role].push(reader);
}

/** A frame may hold a whole message, and a compressed one may be a little longer than what is in it. */
function maxFrameBytes(limits: MessageLimits, deflate: Deflate | undefined): number {
  const { maxMessageBytes } = limits;
  // Whether a frame is compressed is not known when its length is judged; the message is judged again.
  return deflate === undefined
    ? maxMessageBytes
    : Math.max(maxMessageBytes, maxCompressedBytes(maxInflatedBytes(limits)));
}
