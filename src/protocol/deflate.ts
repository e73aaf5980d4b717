/**
 * The payload of compressed messages (RFC 7692 §7.2), without any state of zlib.
 *
 * The naive way keeps two zlib streams for each connection: some 300 KiB that wait for the next message, and a trip through
 * the thread pool for each. But what a stream carries over from one message to the next is nothing but the last 2^bits bytes
 * of plain text. Here those are remembered as they are, and handed to a synchronous call as its dictionary. A message that is
 * not worth compressing is then just not remembered, and one that goes to many receivers is compressed once for all.
 *
 * Sections without an RFC are of RFC 7692.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Result } from "../base/result.ts";
import { compressAfter, WINDOW_RESERVE_BYTES } from "./deflate_compress.ts";
import { decompressAfter } from "./deflate_decompress.ts";
import type { DeflateParameters } from "./deflate_negotiation.ts";
import type { DeflateOptions } from "./deflate_options.ts";
import type { Side } from "./frame.ts";
import type { FrameRuleName } from "./rules.ts";
import { SlidingWindow } from "./sliding_window.ts";

const NOTHING: Buffer = Buffer.alloc(0);

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

  // #region compress_and_remember
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
  // #endregion

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
    const history = this.#received?.contents ?? NOTHING;
    const message = decompressAfter(history, bytes.subarray(start, end), maxBytes);
    if (message.ok) this.#received?.append(message.value);
    return message;
  }
}
