/**
 * A message for many receivers: encoded once, and compressed once for all that can read it so.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { asBuffer } from "../base/bytes.ts";
import { compressAfter } from "./deflate_compress.ts";
import { SharedRun } from "./shared_run.ts";
import { BIT, headerBytes, type MessageKind, OPCODE, type Rsv1, writeHeader } from "./frame.ts";

const NO_HISTORY = Buffer.alloc(0);

/** A server's message on its way to any number of connections. Made by {@link shareMessage}. */
export class SharedMessage {
  /** @internal The frame as it goes to a connection without compression. */
  readonly frame: SharedRun;
  /** What lies in the frame. */
  readonly payload: Buffer;
  readonly #kind: MessageKind;
  /** By window bits: the frame, or nothing when compressing does not make it shorter. */
  #compressed: Map<number, SharedRun | undefined> | undefined;

  /**
   * Encodes a message.
   *
   * @param data What it says; copied.
   * @param kind Of it.
   */
  constructor(data: string | Uint8Array, kind: MessageKind) {
    const payload = typeof data === "string" ? Buffer.from(data) : asBuffer(data);
    this.#kind = kind;
    this.frame = encodeFrame(payload, kind, 0);
    this.payload = this.frame.bytes.subarray(this.frame.length - payload.length);
  }

  /**
   * @internal Compresses the message, without reference to any other, as each receiver has seen different ones.
   *
   * @param windowBits How far back data to the receiver may refer, as a power of two.
   * @returns The frame, made at the first call; or `undefined` when it is not shorter.
   */
  compressed(windowBits: number): SharedRun | undefined {
    // #region compressed_once
    const known = this.#compressed ??= new Map();
    if (!known.has(windowBits)) {
      const packed = compressAfter(NO_HISTORY, this.payload, windowBits);
      known.set(windowBits, packed === undefined ? undefined : encodeFrame(packed, this.#kind, BIT.rsv1));
    }
    return known.get(windowBits);
    // #endregion
  }
}

/**
 * Encodes a server's message once, for any number of receivers.
 *
 * @param data A string, or bytes; copied.
 * @param kind Of bytes, by default `binary`; bytes shared as `text` must be UTF-8. A string is text.
 * @returns What {@link Connection.sendShared} takes.
 *
 * @example
 * ```ts
 * import { type Connection, shareMessage } from "portcullis";
 *
 * function tellAll(connections: Iterable<Connection>, text: string): void {
 *   const message = shareMessage(text);
 *   for (const connection of connections) connection.sendShared(message);
 * }
 *
 * tellAll([], "Tea is ready.");
 * ```
 */
export function shareMessage(data: string | Uint8Array, kind: MessageKind = "binary"): SharedMessage {
  return new SharedMessage(data, typeof data === "string" ? "text" : kind);
}

function encodeFrame(payload: Uint8Array, kind: MessageKind, rsv1: Rsv1): SharedRun {
  const frame = Buffer.allocUnsafe(headerBytes(payload.length, false) + payload.length);
  frame.set(payload, writeHeader(frame, 0, OPCODE[kind], payload.length, undefined, rsv1));
  return new SharedRun(frame);
}
