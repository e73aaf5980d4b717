/**
 * Frames as they are on the wire, for people: every field of the header, the payload before and after unmasking, and the rule that a frame
 * breaks. It serves whoever watches a connection; no connection is read with it.
 *
 * A decoder stops at the first fault. An inspector goes on behind it, as far as lengths lead, because what came after the fault is just what
 * somebody with a problem wants to see; such a frame is marked as one that nobody reads.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { asBuffer, ByteAccumulator } from "../base/bytes.ts";
import { Deflate } from "./deflate.ts";
import type { DeflateParameters } from "./deflate_negotiation.ts";
import { DEFLATE_DEFAULTS } from "./deflate_options.ts";
import { BIT, MAX_HEADER_BYTES, OPCODE, type Side } from "./frame.ts";
import { FrameJudge } from "./frame_judge.ts";
import { type FrameHeader, headerFields, headerSize, type InspectedFrame } from "./inspected_frame.ts";
import { applyMask, readMaskingKey } from "./mask.ts";
import type { MessageLimits } from "./message.ts";
import type { FrameRuleName } from "./rules.ts";

/** How frames are inspected. */
export interface InspectionOptions {
  /** Which side sends them. */
  readonly from: Side;
  /** What a message may cost the other side. */
  readonly limits: MessageLimits;
  /** How messages are compressed, where that was agreed on. */
  readonly deflate?: DeflateParameters | undefined;
  /** How much of each payload is kept, in bytes. */
  readonly keptBytes: number;
}

/** A frame whose end has not come yet. */
interface OpenFrame {
  readonly fields: FrameHeader & Pick<InspectedFrame, "from" | "fate">;
  readonly kept: ByteAccumulator;
  remaining: number;
  rule: FrameRuleName | undefined;
}

const NOTHING = Buffer.alloc(0);

/** §5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer". */
const CODE_BYTES = 2;

/**
 * Takes the bytes of one direction apart.
 *
 * @example
 * ```ts
 * import { explainFrame, FrameInspector, resolveLimits } from "portcullis";
 *
 * const options = { from: "client", limits: resolveLimits(), keptBytes: 64 } as const;
 * const inspector = new FrameInspector(options, (frame) => console.log(explainFrame(frame)));
 * inspector.take(Uint8Array.of(0x81, 0x02, 0x48, 0x69)); // It breaks a rule (mask_required, §5.1) …
 * inspector.end();
 * ```
 */
export class FrameInspector {
  readonly #options: InspectionOptions;
  readonly #tell: (frame: InspectedFrame) => void;
  /** There until nothing more is read. */
  #judge: FrameJudge | undefined;
  /** What the other side reads of what is good. */
  #reads: "all" | "control frames" = "all";
  /** The beginning of a header. */
  #header: Buffer = NOTHING;
  #open: OpenFrame | undefined;

  /**
   * Makes one for the bytes after the handshake.
   *
   * @param options How.
   * @param tell Gets each frame, good or not, once all of it has come, and the last one when there is no more.
   */
  constructor(options: InspectionOptions, tell: (frame: InspectedFrame) => void) {
    this.#options = options;
    this.#tell = tell;
    const { from, limits, deflate: agreed } = options;
    const role = from === "client" ? "server" : "client";
    const deflate = agreed === undefined ? undefined : new Deflate(role, agreed, DEFLATE_DEFAULTS);
    this.#judge = new FrameJudge({ role, limits, deflate });
  }

  /**
   * Takes the next bytes.
   *
   * @param bytes Not changed, nor kept: what is shown of them is copied. They may begin and end anywhere.
   */
  take(bytes: Uint8Array): void {
    let rest = asBuffer(bytes);
    while (rest.length > 0) {
      rest = this.#open === undefined ? this.#takeHeader(rest) : this.#takePayload(this.#open, rest);
    }
  }

  /** The other side has sent its Close frame: it drops data from now on, and waits for the one of this side. */
  discardData(): void {
    this.#reads = "control frames";
    this.#judge?.discard();
  }

  /** The bytes have ended, or are no longer read: tells of a frame that was cut off. */
  end(): void {
    const header = this.#header;
    this.#header = NOTHING;
    if (header.length === 0) {
      if (this.#open !== undefined) this.#tellOf(this.#open, "cut");
      return;
    }
    // Its first bytes may break a rule already.
    const open = this.#begin(header);
    this.#judgeNext(open, header);
    this.#tellOf(open, "cut");
  }

  #takeHeader(bytes: Buffer): Buffer {
    // No more than a header has, whatever comes behind it: a chunk may hold thousands of frames.
    const had = this.#header.length;
    const start = Buffer.concat([this.#header, bytes.subarray(0, MAX_HEADER_BYTES - had)]);
    const size = headerSize(start);
    if (start.length < size) {
      this.#header = start;
      return NOTHING;
    }
    this.#header = NOTHING;
    const header = start.subarray(0, size);
    this.#goOn(this.#begin(header), header);
    return bytes.subarray(size - had);
  }

  #takePayload(open: OpenFrame, bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, open.remaining);
    // The code of a Close frame is read even when nothing is shown.
    const wanted = Math.max(this.#options.keptBytes, open.fields.opcode === OPCODE.close ? CODE_BYTES : 0);
    const { kept } = open;
    // Copied, so that what is shown holds no chunk; and into one place, as a long payload may come octet by octet.
    kept.append(taken, 0, Math.min(taken.length, wanted - kept.length), 0);
    open.remaining -= taken.length;
    this.#goOn(open, taken);
    return bytes.subarray(taken.length);
  }

  #begin(header: Buffer): OpenFrame {
    const read = headerFields(header);
    const isDropped = this.#judge === undefined ||
      (this.#reads !== "all" && (read.opcode & BIT.control) === 0);
    const fields = { from: this.#options.from, fate: isDropped ? "not read" : "read", ...read } as const;
    return { fields, kept: new ByteAccumulator(), remaining: fields.payloadBytes ?? 0, rule: undefined };
  }

  #judgeNext(open: OpenFrame, bytes: Buffer): void {
    const broken = this.#judge?.take(Buffer.from(bytes));
    if (broken === undefined) return;
    open.rule = broken;
    this.#judge = undefined;
  }

  /** Judges what came of a frame, and tells of it when it is complete. */
  #goOn(open: OpenFrame, bytes: Buffer): void {
    this.#judgeNext(open, bytes);
    this.#open = open;
    if (open.remaining > 0) return;
    // §5.5.1: after a Close frame, its sender "MUST NOT send any more data frames": nothing is read after it.
    if (open.fields.opcode === OPCODE.close) this.#judge = undefined;
    this.#tellOf(open, "whole");
  }

  #tellOf({ fields, kept, rule }: OpenFrame, extent: "whole" | "cut"): void {
    this.#open = undefined;
    const wirePayload = kept.take();
    const payload = Buffer.from(wirePayload);
    const { maskingKey } = fields;
    if (maskingKey !== undefined) applyMask(payload, 0, payload.length, readMaskingKey(maskingKey, 0));
    const { keptBytes } = this.#options;
    this.#tell({
      ...fields,
      wirePayload: wirePayload.subarray(0, keptBytes),
      payload: payload.subarray(0, keptBytes),
      statusCode: fields.opcode === OPCODE.close && payload.length >= CODE_BYTES
        ? payload.readUInt16BE()
        : undefined,
      extent,
      rule,
    });
  }
}
