/**
 * From frames to messages (RFC 6455 §5.4): fragments are put together, control frames may come in between, text is
 * judged as it arrives.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { ByteAccumulator } from "../base/bytes.ts";
import type { Limits } from "../base/limits.ts";
import type { Deflate } from "./deflate.ts";
import { maxCompressedBytes } from "./deflate_decompress.ts";
import { BIT, type MessageKind, OPCODE } from "./frame.ts";
import type { FrameDecoder } from "./frame_decoder.ts";
import type { FrameRuleName } from "./rules.ts";
import { isCompleteUtf8, Utf8Validator } from "./utf8.ts";

/** What a part of a frame completed. */
export type AssemblerStep = "nothing" | "message" | "control" | "fault";

/** The limits on a message. */
export type MessageLimits = Pick<
  Limits,
  "maxMessageBytes" | "maxDecompressedBytes" | "maxFragments" | "maxEmptyFragments"
>;

/** The most bytes that a compressed message may come to. */
export function maxInflatedBytes({ maxMessageBytes, maxDecompressedBytes }: MessageLimits): number {
  return Math.min(maxMessageBytes, maxDecompressedBytes);
}

const NOTHING = Buffer.alloc(0);

/** Puts the parts that a decoder reads together into messages and control frames. */
export class MessageAssembler {
  /** What is complete lies in `bytes` from `start` to `end`. */
  bytes: Buffer = NOTHING;
  start = 0;
  end = 0;
  /** The kind of the complete message. */
  kind: MessageKind = "binary";
  /** The opcode of the complete control frame. */
  controlOpcode = 0;
  /** The rule that was broken, when the step is `fault`. */
  fault: FrameRuleName | undefined;
  /** What one message may cost. */
  limits: MessageLimits;

  readonly #deflate: Deflate | undefined;
  /** The message that is under way, if one is. */
  #open: MessageKind | "none" = "none";
  #compressed = false;
  #discarding = false;
  #fragments = 0;
  #emptyFragments = 0;
  readonly #message = new ByteAccumulator();
  // Made when first needed: most connections only ever see whole messages and whole control frames.
  #control: ByteAccumulator | undefined;
  #utf8: Utf8Validator | undefined;

  /**
   * @param limits What one message may cost.
   * @param deflate Decompresses, when that was agreed on; the decoder lets no compressed message through otherwise.
   */
  constructor(limits: MessageLimits, deflate?: Deflate) {
    this.limits = limits;
    this.#deflate = deflate;
  }

  /**
   * Takes the part that the decoder stands at.
   *
   * @param part Right after its `next()` answered `part`.
   * @returns What the part completed; the fields say which, until the next call.
   */
  accept(part: FrameDecoder): AssemblerStep {
    // #region accept
    if ((part.opcode & BIT.control) !== 0) return this.#acceptControl(part);
    if (part.first) {
      const broken = this.#beginFragment(part);
      if (broken !== undefined) return this.#break(broken);
      if (part.fin && part.remaining === 0 && this.#fragments === 1) return this.#wholeMessage(part);
    }
    return this.#piece(part);
    // #endregion
  }

  /** Whether it is between two messages. A control frame that is cut in two is the decoder's to know of. */
  get atRest(): boolean {
    return this.#open === "none";
  }

  /** Says that no message is wanted any more: what still comes need not be inflated. */
  discard(): void {
    this.#discarding = true;
  }

  /** Lets go of what was complete, as an idle connection must not hold its last message. */
  release(): void {
    this.bytes = NOTHING;
  }

  // #region begin_fragment
  #beginFragment(part: FrameDecoder): FrameRuleName | undefined {
    if (part.opcode === OPCODE.continuation) {
      if (this.#open === "none") return "continuation_without_start";
    } else {
      if (this.#open !== "none") return "message_interleaved";
      this.#open = part.opcode === OPCODE.text ? "text" : "binary";
      this.#compressed = part.compressed;
      this.#fragments = 0;
      this.#emptyFragments = 0;
    }
    const declared = part.remaining + (part.end - part.start);
    this.#fragments++;
    // A whole message without a byte in it is no fragment.
    if (declared === 0 && !(part.fin && this.#fragments === 1)) this.#emptyFragments++;
    if (this.#fragments > this.limits.maxFragments) return "too_many_fragments";
    if (this.#emptyFragments > this.limits.maxEmptyFragments) return "too_many_fragments";
    // Judged by what is declared, before the bytes are taken in.
    const mostBytes = this.#compressed
      ? maxCompressedBytes(maxInflatedBytes(this.limits))
      : this.limits.maxMessageBytes;
    if (this.#message.length + declared > mostBytes) return "message_too_big";
    return undefined;
  }
  // #endregion

  /** The usual case: nothing is copied, the message lies in the chunk that brought it. */
  #wholeMessage(part: FrameDecoder): AssemblerStep {
    const { bytes, start, end } = part;
    if (this.#compressed) return this.#decompress(bytes, start, end);
    if (this.#open === "text" && !isCompleteUtf8(bytes, start, end)) return this.#break("utf8_message");
    return this.#complete(bytes, start, end);
  }

  // #region piece
  #piece(part: FrameDecoder): AssemblerStep {
    const { bytes, start, end } = part;
    const ends = part.fin && part.remaining === 0;
    if (this.#open === "text" && !this.#compressed) {
      this.#utf8 ??= new Utf8Validator();
      if (!this.#utf8.push(bytes, start, end) || (ends && !this.#utf8.complete)) {
        return this.#break("utf8_message");
      }
    }
    this.#message.append(bytes, start, end, part.remaining);
    if (!ends) return "nothing";
    const message = this.#message.take();
    if (this.#compressed) return this.#decompress(message, 0, message.length);
    return this.#complete(message, 0, message.length);
  }
  // #endregion

  /** RFC 7692 §6.2. Its text can only be judged now: what has not been inflated cannot be read. */
  #decompress(bytes: Buffer, start: number, end: number): AssemblerStep {
    if (this.#discarding) {
      this.#open = "none";
      return "nothing";
    }
    const plain = (this.#deflate as Deflate).decompress(bytes, start, end, maxInflatedBytes(this.limits));
    if (!plain.ok) return this.#break(plain.fault);
    const { value } = plain;
    if (this.#open === "text" && !isCompleteUtf8(value, 0, value.length)) return this.#break("utf8_message");
    return this.#complete(value, 0, value.length);
  }

  #complete(bytes: Buffer, start: number, end: number): "message" {
    this.kind = this.#open === "text" ? "text" : "binary";
    this.#open = "none";
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    return "message";
  }

  /** §5.5: a control frame may come in the middle of a fragmented message, which goes on after it. */
  #acceptControl(part: FrameDecoder): AssemblerStep {
    if (part.first && part.remaining === 0) {
      this.bytes = part.bytes;
      this.start = part.start;
      this.end = part.end;
    } else {
      this.#control ??= new ByteAccumulator();
      this.#control.append(part.bytes, part.start, part.end, part.remaining);
      if (part.remaining > 0) return "nothing";
      this.bytes = this.#control.take();
      this.start = 0;
      this.end = this.bytes.length;
    }
    this.controlOpcode = part.opcode;
    return "control";
  }

  #break(rule: FrameRuleName): "fault" {
    this.fault = rule;
    return "fault";
  }
}
