/**
 * From chunks of TCP to frames (RFC 6455 §5.2), in place.
 *
 * TCP knows no frames: a chunk may hold a hundred of them, or the second byte of a header. The decoder reads every
 * frame of a chunk where it lies and unmasks it there; only a header cut in two is copied, 14 bytes at most. A frame
 * that is not complete yet is handed on in parts as they arrive, so that a fault in it shows at once and no part is
 * ever touched twice.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { giveBack } from "../base/bytes.ts";
import {
  BIT,
  LENGTH_16,
  LENGTH_64,
  MAX_HEADER_BYTES,
  MAX_SHORT_PAYLOAD_BYTES,
  OPCODE,
  type Side,
} from "./frame.ts";
import { applyMask, readMaskingKey, rotateMaskingKey } from "./mask.ts";
import type { FrameRuleName } from "./rules.ts";

/** What {@link FrameDecoder.next} came to: a part of a frame, the end of the chunk, or a broken rule. */
export type DecoderStep = "part" | "more" | "fault";

const NOTHING = Buffer.alloc(0);

/** Reads frames out of chunks, one part at a time. */
export class FrameDecoder {
  /** Whether the frame is the last of its message. */
  fin = false;
  /** The opcode, one of the six that are defined. */
  opcode = 0;
  /** Whether RSV1 is set: the frame begins a compressed message (RFC 7692 §6). */
  compressed = false;
  /** Whether this part is the first of its frame. */
  first = false;
  /** How many bytes of the frame are still to come; 0 when this part is its last. */
  remaining = 0;
  /** Where the part lies: `bytes` from `start` to `end`, unmasked. */
  bytes: Buffer = NOTHING;
  start = 0;
  end = 0;
  /** The rule that was broken, when the step is `fault`. */
  fault: FrameRuleName | undefined;
  /** No data frame may declare more; holds from the next header on. */
  maxPayloadBytes: number;
  /** Whether the memory of a chunk may be given back when no part of it has been handed on as it lies. */
  ownsChunks = false;

  readonly #role: Side;
  /** The bits that nobody has given a meaning. */
  readonly #reservedBits: number;
  #chunk: Buffer = NOTHING;
  #at = 0;
  /** Whether a frame lies in the chunk as a whole: it is handed on as a view, which must stay good. */
  #lent = false;
  /** Chunks that came while the one before was not used up, as happens when the reader pauses. */
  #waiting: Buffer[] = [];
  #stage: "header" | "payload" = "header";
  /** The beginning of a header that a chunk's end cut in two. */
  #cut: Buffer = NOTHING;
  /** The masking key, turned to the next octet of the payload; unused on the client's side. */
  #key = 0;

  /**
   * @param role Which side this is: a server requires masks, a client forbids them.
   * @param maxPayloadBytes No data frame may declare more.
   * @param compression Whether it was agreed on: then RSV1 has a meaning.
   */
  constructor(role: Side, maxPayloadBytes: number, compression: "none" | "deflate" = "none") {
    this.#role = role;
    this.maxPayloadBytes = maxPayloadBytes;
    this.#reservedBits = compression === "none" ? BIT.rsv : BIT.rsv & ~BIT.rsv1;
  }

  /**
   * Takes the next chunk. Its bytes belong to the decoder from now on and will be changed.
   *
   * @param chunk As it came from the socket.
   */
  feed(chunk: Buffer): void {
    // Also after a chunk that is used up: a reader may pause right at its end, with others waiting.
    if (this.#at < this.#chunk.length || this.#waiting.length > 0) {
      this.#waiting.push(chunk);
      return;
    }
    this.#chunk = chunk;
    this.#at = 0;
    this.#lent = false;
  }

  /** Whether it is between two frames, with nothing left to read. */
  get atRest(): boolean {
    return this.#stage === "header" && this.#cut.length === 0 && this.#chunk.length === 0 &&
      this.#waiting.length === 0;
  }

  /** Reads on. After `part`, the fields say which; after `more`, all has been read; after `fault`, nothing follows. */
  next(): DecoderStep {
    while (this.#at < this.#chunk.length || this.#nextChunk()) {
      this.first = this.#stage === "header";
      if (!this.first) return this.#readPayload();
      const step = this.#cut.length === 0 ? this.#readHeader() : this.#readCutHeader();
      if (step === "part") return this.#readPayload();
      if (step === "fault") return step;
      // A chunk's end cut the header in two: the next chunk, if one waits, has the rest.
    }
    return "more";
  }

  /** Frees the chunk that is used up, and turns to the next; without one, lets go of the last, as an idle connection must not hold 64 KiB. */
  #nextChunk(): boolean {
    if (this.ownsChunks && !this.#lent) giveBack(this.#chunk);
    const chunk = this.#waiting.length === 0 ? undefined : this.#waiting.shift();
    this.#chunk = chunk ?? NOTHING;
    this.#at = 0;
    this.#lent = false;
    if (chunk === undefined) this.bytes = NOTHING;
    return chunk !== undefined;
  }

  /** Reads a header where it lies, or keeps its beginning for the next chunk. */
  #readHeader(): DecoderStep {
    const size = this.#parseHeader(this.#chunk, this.#at, this.#chunk.length);
    if (size < 0) return "fault";
    if (size > 0) {
      this.#at += size;
      return "part";
    }
    this.#cut = Buffer.from(this.#chunk.subarray(this.#at));
    this.#at = this.#chunk.length;
    return "more";
  }

  /** Reads a header whose beginning came with an earlier chunk. */
  #readCutHeader(): DecoderStep {
    // #region cut_header
    const had = this.#cut.length;
    const header = Buffer.concat([
      this.#cut,
      this.#chunk.subarray(this.#at, this.#at + MAX_HEADER_BYTES - had),
    ]);
    const size = this.#parseHeader(header, 0, header.length);
    if (size < 0) return "fault";
    if (size > 0) {
      this.#cut = NOTHING;
      this.#at += size - had;
      return "part";
    }
    this.#cut = header;
    this.#at = this.#chunk.length;
    return "more";
    // #endregion
  }

  /**
   * The header, in the order of the wire.
   *
   * @returns Its size; 0 when bytes are missing; −1 when it breaks a rule.
   */
  #parseHeader(bytes: Buffer, at: number, end: number): number {
    if (end - at < 2) return 0;
    // #region first_two_bytes
    // 1. FIN, RSV1 to RSV3, opcode.
    const byte0 = bytes[at] as number;
    const fin = (byte0 & BIT.fin) !== 0;
    const opcode = byte0 & BIT.opcode;
    const compressed = (byte0 & BIT.rsv1) !== 0;
    if ((byte0 & this.#reservedBits) !== 0) return this.#break("reserved_bits");
    if ((opcode & ~BIT.control) > OPCODE.binary) return this.#break("reserved_opcode");
    if (compressed && opcode !== OPCODE.text && opcode !== OPCODE.binary) {
      return this.#break("compressed_bit");
    }
    // 2. MASK and the 7-bit length.
    const byte1 = bytes[at + 1] as number;
    const masked = (byte1 & BIT.mask) !== 0;
    if (masked !== (this.#role === "server")) return this.#break(masked ? "mask_forbidden" : "mask_required");
    let length = byte1 & BIT.length;
    if ((opcode & BIT.control) !== 0) {
      if (!fin) return this.#break("control_fragmented");
      if (length > MAX_SHORT_PAYLOAD_BYTES) return this.#break("control_length");
    }
    // #endregion
    // #region extended_length
    // 3. The extended length.
    let next = at + 2;
    if (length === LENGTH_16) {
      if (end - next < 2) return 0;
      length = bytes.readUInt16BE(next);
      next += 2;
      if (length <= MAX_SHORT_PAYLOAD_BYTES) return this.#break("length_minimal");
    } else if (length === LENGTH_64) {
      if (end - next < 8) return 0;
      const high = bytes.readUInt32BE(next);
      if (high >= 0x8000_0000) return this.#break("length_top_bit");
      // Above 2^53 a number is no longer exact, but that far above every limit it does not have to be.
      length = high * 0x1_0000_0000 + bytes.readUInt32BE(next + 4);
      next += 8;
      if (length <= 0xffff) return this.#break("length_minimal");
    }
    if (length > this.maxPayloadBytes && (opcode & BIT.control) === 0) return this.#break("message_too_big");
    // #endregion
    // 4. The masking key.
    if (masked) {
      if (end - next < 4) return 0;
      this.#key = readMaskingKey(bytes, next);
      next += 4;
    }
    this.fin = fin;
    this.opcode = opcode;
    this.compressed = compressed;
    this.remaining = length;
    return next - at;
  }

  /** 5. The payload, or as much of it as has arrived. */
  #readPayload(): DecoderStep {
    const start = this.#at;
    const available = this.#chunk.length - start;
    // #region unmask_part
    const taken = this.remaining <= available ? this.remaining : available;
    const end = start + taken;
    if (taken > 0 && this.#role === "server") {
      applyMask(this.#chunk, start, end, this.#key);
      if (taken < this.remaining) this.#key = rotateMaskingKey(this.#key, taken);
    }
    // #endregion
    this.bytes = this.#chunk;
    this.start = start;
    this.end = end;
    this.remaining -= taken;
    this.#at = end;
    if (this.remaining === 0) {
      this.#stage = "header";
      if (this.first) this.#lent = true;
    } else {
      this.#stage = "payload";
    }
    return "part";
  }

  #break(rule: FrameRuleName): -1 {
    this.fault = rule;
    return -1;
  }
}
