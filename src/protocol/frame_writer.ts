/**
 * What one side sends, as frames: masked where a client must, compressed where both sides agreed on it and it is worth it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Deflate } from "./deflate.ts";
import {
  BIT,
  type MaskingKeySource,
  type MessageKind,
  OPCODE,
  type Opcode,
  writeFrame,
  writeTextFrame,
} from "./frame.ts";
import { SendBuffer } from "./send_buffer.ts";
import type { SharedMessage } from "./shared_message.ts";

/** Writes the frames of one connection; whether any may still be sent is not its business. */
export class FrameWriter {
  /** What waits to be written to the peer. */
  readonly output: SendBuffer = new SendBuffer();

  readonly #maskingKey: MaskingKeySource | undefined;
  readonly #deflate: Deflate | undefined;

  /**
   * @param maskingKey Gives 4 unpredictable bytes for each frame of a client; `undefined` on a server.
   * @param deflate Compresses, when both sides agreed on it.
   */
  constructor(maskingKey: MaskingKeySource | undefined, deflate: Deflate | undefined) {
    this.#maskingKey = maskingKey;
    this.#deflate = deflate;
  }

  /** Writes a text message. */
  text(text: string): void {
    if (this.#deflate !== undefined) return this.bytes(Buffer.from(text), "text");
    writeTextFrame(this.output, text, this.#maskingKey?.());
  }

  /** Writes a message of bytes; as text, they must be UTF-8. */
  bytes(payload: Uint8Array, kind: MessageKind): void {
    const packed = this.#deflate === undefined ? undefined : this.#deflate.compress(payload);
    const opcode = kind === "text" ? OPCODE.text : OPCODE.binary;
    const key = this.#maskingKey?.();
    writeFrame(this.output, opcode, packed ?? payload, key, packed === undefined ? 0 : BIT.rsv1);
  }

  /** Writes a message that was encoded for many connections; only a server does. */
  shared(message: SharedMessage): void {
    const deflate = this.#deflate;
    const worthIt = deflate !== undefined && message.payload.length >= deflate.minBytes;
    const packed = worthIt ? message.compressed(deflate.sendWindowBits) : undefined;
    if (packed !== undefined) deflate?.remember(message.payload);
    this.output.appendShared(packed ?? message.frame);
  }

  /** Writes a control frame, which is never compressed (RFC 7692 §6.1). */
  control(opcode: Opcode, payload: Uint8Array): void {
    writeFrame(this.output, opcode, payload, this.#maskingKey?.());
  }
}
