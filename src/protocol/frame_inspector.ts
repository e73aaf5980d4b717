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
import { Deflate } from "./deflate.ts";
import type { DeflateParameters } from "./deflate_negotiation.ts";
import { DEFLATE_DEFAULTS } from "./deflate_options.ts";
import { BIT, LENGTH_16, LENGTH_64, OPCODE, type Side } from "./frame.ts";
import { FrameJudge } from "./frame_judge.ts";
import { applyMask, readMaskingKey } from "./mask.ts";
import type { MessageLimits } from "./message.ts";
import type { FrameRuleName } from "./rules.ts";

/** One frame, taken apart (§5.2). */
export interface InspectedFrame {
  /** Which side sent it. */
  readonly from: Side;
  /** The header as it was on the wire: 2 to 14 bytes, or fewer when the bytes ended within it. */
  readonly header: Uint8Array;
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  /** RFC 7692 §6: whether it begins a compressed message. */
  readonly rsv1: boolean;
  /** Reserved. */
  readonly rsv2: boolean;
  /** Reserved. */
  readonly rsv3: boolean;
  /** 0 to 15, the reserved ones too. */
  readonly opcode: number;
  /** Whether a masking key follows. */
  readonly masked: boolean;
  /** The 7 bits of the second byte: a length, or 126 or 127 when it follows in 2 or 8 bytes. */
  readonly shortLength: number;
  /** The length that the header tells, in bytes; above 2^53 no longer exact. */
  readonly payloadBytes: number;
  /** The 4 bytes of the key, when the frame is masked. */
  readonly maskingKey: Uint8Array | undefined;
  /** The beginning of the payload, as it was on the wire. */
  readonly wirePayload: Uint8Array;
  /** The same, unmasked. */
  readonly payload: Uint8Array;
  /** How much of it has come: all, or what there was before the bytes ended, or before a rule was broken. */
  readonly extent: "whole" | "cut";
  /** The rule that it breaks. */
  readonly rule: FrameRuleName | undefined;
  /** Whether the other side reads it: not after a rule was broken, nor after a Close frame. */
  readonly fate: "read" | "not read";
}

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
  readonly fields: Omit<InspectedFrame, "payload" | "wirePayload" | "extent" | "rule">;
  readonly kept: Buffer[];
  keptBytes: number;
  remaining: number;
  rule: FrameRuleName | undefined;
}

const NOTHING = Buffer.alloc(0);

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
 * ```
 */
export class FrameInspector {
  readonly #options: InspectionOptions;
  readonly #tell: (frame: InspectedFrame) => void;
  /** There until nothing more is read. */
  #judge: FrameJudge | undefined;
  /** The beginning of a header. */
  #header: Buffer = NOTHING;
  #open: OpenFrame | undefined;

  /**
   * Makes one for the bytes after the handshake.
   *
   * @param options How.
   * @param tell Gets each frame when its end has come, or when it breaks a rule.
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
   * @param bytes Not changed; they may begin and end anywhere.
   */
  take(bytes: Uint8Array): void {
    // Copied, as what is kept of it must not change, and only once.
    let rest: Buffer = Buffer.from(bytes);
    while (rest.length > 0) {
      rest = this.#open === undefined ? this.#takeHeader(rest) : this.#takePayload(this.#open, rest);
    }
  }

  /** The bytes have ended: tells of a frame that was cut off. */
  end(): void {
    const header = this.#header;
    this.#header = NOTHING;
    if (header.length > 0) this.#tellOf(this.#begin(header), "cut");
    else if (this.#open !== undefined) this.#tellOf(this.#open, "cut");
  }

  #takeHeader(bytes: Buffer): Buffer {
    const joined = Buffer.concat([this.#header, bytes]);
    const size = headerSize(joined);
    if (joined.length < size) {
      this.#header = joined;
      return NOTHING;
    }
    this.#header = NOTHING;
    const header = joined.subarray(0, size);
    this.#goOn(this.#begin(header), header);
    return joined.subarray(size);
  }

  #takePayload(open: OpenFrame, bytes: Buffer): Buffer {
    const taken = bytes.subarray(0, open.remaining);
    const kept = taken.subarray(0, this.#options.keptBytes - open.keptBytes);
    open.kept.push(kept);
    open.keptBytes += kept.length;
    open.remaining -= taken.length;
    this.#goOn(open, taken);
    return bytes.subarray(taken.length);
  }

  #begin(header: Buffer): OpenFrame {
    const fate = this.#judge === undefined ? "not read" : "read";
    const fields = { from: this.#options.from, fate, ...fieldsOf(header) } as const;
    return { fields, kept: [], keptBytes: 0, remaining: fields.payloadBytes, rule: undefined };
  }

  /** Judges what came of a frame, and tells of it when it is complete. */
  #goOn(open: OpenFrame, bytes: Buffer): void {
    const broken = this.#judge?.take(Buffer.from(bytes));
    if (broken !== undefined) {
      open.rule = broken;
      this.#judge = undefined;
    }
    this.#open = open;
    if (open.remaining > 0) return;
    // §5.5.1: after a Close frame, its sender "MUST NOT send any more data frames": nothing is read after it.
    if (open.fields.opcode === OPCODE.close) this.#judge = undefined;
    this.#tellOf(open, "whole");
  }

  #tellOf({ fields, kept, rule }: OpenFrame, extent: "whole" | "cut"): void {
    this.#open = undefined;
    const wirePayload = Buffer.concat(kept);
    const payload = Buffer.from(wirePayload);
    const { maskingKey } = fields;
    if (maskingKey !== undefined) applyMask(payload, 0, payload.length, readMaskingKey(maskingKey, 0));
    this.#tell({ ...fields, wirePayload, payload, extent, rule });
  }
}

/** How long the header is that begins here, as far as that can be said yet: never less than what is there needs. */
function headerSize(bytes: Uint8Array): number {
  if (bytes.length < 2) return 2;
  const byte1 = bytes[1] as number;
  const short = byte1 & BIT.length;
  return 2 + (short === LENGTH_16 ? 2 : short === LENGTH_64 ? 8 : 0) + ((byte1 & BIT.mask) === 0 ? 0 : 4);
}

/** Reads a header, or as much of it as there is. */
function fieldsOf(header: Buffer): Omit<OpenFrame["fields"], "from" | "fate"> {
  // Without its first byte there is no header.
  const byte0 = header[0] as number;
  const byte1 = header[1] ?? 0;
  const shortLength = byte1 & BIT.length;
  const masked = (byte1 & BIT.mask) !== 0;
  const isWhole = header.length === headerSize(header);
  return {
    header,
    fin: (byte0 & BIT.fin) !== 0,
    rsv1: (byte0 & BIT.rsv1) !== 0,
    rsv2: (byte0 & BIT.rsv2) !== 0,
    rsv3: (byte0 & BIT.rsv3) !== 0,
    opcode: byte0 & BIT.opcode,
    masked,
    shortLength,
    payloadBytes: isWhole ? lengthIn(header, shortLength) : 0,
    maskingKey: masked && isWhole ? header.subarray(-4) : undefined,
  };
}

function lengthIn(header: Buffer, shortLength: number): number {
  if (shortLength === LENGTH_16) return header.readUInt16BE(2);
  return shortLength === LENGTH_64 ? Number(header.readBigUInt64BE(2)) : shortLength;
}
