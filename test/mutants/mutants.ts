/**
 * One mutant for each way in which an implementation of this protocol goes wrong in practice: a line of the sources, what a careless
 * hand would make of it, and what that would let through. `npm run mutants` shows that a test notices each of them.
 *
 * @module
 */

import { HANDSHAKE_MUTANTS } from "./handshake_mutants.ts";
import { OUTPUT_MUTANTS } from "./output_mutants.ts";

/** A change of one place of one file. */
export interface Mutant {
  /** In `src/protocol/`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** What the mutant does wrong. */
  readonly wrong: string;
}

/** All mutants. */
export const MUTANTS: readonly Mutant[] = [
  {
    file: "frame_decoder.ts",
    from: 'if ((byte0 & this.#reservedBits) !== 0) return this.#break("reserved_bits");',
    to: "",
    wrong: "takes reserved bits that nobody gave a meaning",
  },
  {
    file: "frame_decoder.ts",
    from: 'compression === "none" ? BIT.rsv : BIT.rsv & ~BIT.rsv1',
    to: "BIT.rsv & ~BIT.rsv1",
    wrong: "takes compressed messages that were not agreed on",
  },
  {
    file: "frame_decoder.ts",
    from: 'compression === "none" ? BIT.rsv : BIT.rsv & ~BIT.rsv1',
    to: 'compression === "none" ? BIT.rsv : 0',
    wrong: "takes RSV2 and RSV3 as soon as RSV1 has a meaning",
  },
  {
    file: "frame_decoder.ts",
    from: "if (compressed && opcode !== OPCODE.text && opcode !== OPCODE.binary)",
    to: "if (compressed && opcode === OPCODE.continuation)",
    wrong: "takes control frames that say they are compressed",
  },
  {
    file: "frame_decoder.ts",
    from: "if (compressed && opcode !== OPCODE.text && opcode !== OPCODE.binary)",
    to: "if (compressed && (opcode & BIT.control) !== 0)",
    wrong: "takes later fragments that say they begin a compressed message",
  },
  {
    file: "frame_decoder.ts",
    from: "(opcode & ~BIT.control) > OPCODE.binary",
    to: "(opcode & ~BIT.control) > OPCODE.binary && opcode < BIT.control",
    wrong: "takes opcodes 11 to 15",
  },
  {
    file: "frame_decoder.ts",
    from: "(opcode & ~BIT.control) > OPCODE.binary",
    to: "opcode > OPCODE.pong",
    wrong: "takes opcodes 3 to 7",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (masked !== (this.#role === "server"))',
    to: 'if (masked && this.#role === "client")',
    wrong: "lets a client leave the mask out",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (masked !== (this.#role === "server"))',
    to: 'if (!masked && this.#role === "server")',
    wrong: "lets a server mask",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (!fin) return this.#break("control_fragmented");',
    to: "",
    wrong: "takes control frames in fragments",
  },
  {
    file: "frame_decoder.ts",
    from: "if (length > MAX_SHORT_PAYLOAD_BYTES) return",
    to: "if (length > LENGTH_16) return",
    wrong: "takes control frames with an extended length",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (length <= MAX_SHORT_PAYLOAD_BYTES) return this.#break("length_minimal");',
    to: "",
    wrong: "takes a length of 16 bits where 7 are enough",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (length <= 0xffff) return this.#break("length_minimal");',
    to: "",
    wrong: "takes a length of 64 bits where 16 are enough",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (length <= 0xffff) return this.#break("length_minimal");',
    to: 'if (length <= 0x10000) return this.#break("length_minimal");',
    wrong: "refuses 65,536 bytes",
  },
  {
    file: "frame_decoder.ts",
    from: 'if (high >= 0x8000_0000) return this.#break("length_top_bit");',
    to: "",
    wrong: "takes a length with its top bit set for one that is only too big",
  },
  {
    file: "frame_decoder.ts",
    from: "if (length > this.maxPayloadBytes && (opcode & BIT.control) === 0)",
    to: "if (length >= this.maxPayloadBytes && (opcode & BIT.control) === 0)",
    wrong: "refuses a frame that is just as large as allowed",
  },
  {
    file: "frame_decoder.ts",
    from: "this.#key = rotateMaskingKey(this.#key, taken);",
    to: "",
    wrong: "begins the masking key anew with each chunk of a frame",
  },
  {
    file: "frame_decoder.ts",
    from: "if (this.#at < this.#chunk.length || this.#waiting.length > 0) {",
    to: "if (this.#at < this.#chunk.length) {",
    wrong: "lets a chunk overtake others that wait",
  },
  {
    file: "message.ts",
    from: 'if (this.#open === "none") return "continuation_without_start";',
    to: "",
    wrong: "takes a continuation of nothing",
  },
  {
    file: "message.ts",
    from: 'if (this.#open !== "none") return "message_interleaved";',
    to: "",
    wrong: "takes a new message inside a fragmented one",
  },
  {
    file: "message.ts",
    from: 'if (this.#fragments > this.limits.maxFragments) return "too_many_fragments";',
    to: "",
    wrong: "takes fragments without number",
  },
  {
    file: "message.ts",
    from: 'if (this.#emptyFragments > this.limits.maxEmptyFragments) return "too_many_fragments";',
    to: "",
    wrong: "takes empty fragments without number",
  },
  {
    file: "message.ts",
    from: "if (this.#message.length + declared > mostBytes)",
    to: "if (declared > mostBytes)",
    wrong: "counts each fragment against the limit by itself",
  },
  {
    file: "message.ts",
    from: "|| (ends && !this.#utf8.complete)",
    to: "",
    wrong: "takes text that ends inside a character",
  },
  {
    file: "message.ts",
    from: 'if (this.#open === "text" && !isCompleteUtf8(bytes, start, end)) return',
    to: "if (false) return",
    wrong: "takes any bytes for text when they come in one frame",
  },
  {
    file: "message.ts",
    from: 'if (this.#open === "text" && !isCompleteUtf8(value, 0, value.length)) return',
    to: "if (false) return",
    wrong: "takes any bytes for text when they were compressed",
  },
  {
    file: "message.ts",
    from: 'if (this.#open === "text" && !this.#compressed) {',
    to: 'if (this.#open === "text") {',
    wrong: "judges compressed bytes as if they were text",
  },
  {
    file: "message.ts",
    from: "this.#compressed = part.compressed;",
    to: "this.#compressed ||= part.compressed;",
    wrong: "takes every message behind a compressed one for compressed",
  },
  {
    file: "utf8.ts",
    from: "if (byte === 0xe0) this.#lowest = 0xa0;",
    to: "",
    wrong: "takes overlong forms of three bytes",
  },
  {
    file: "utf8.ts",
    from: "if (byte === 0xed) this.#highest = 0x9f;",
    to: "",
    wrong: "takes surrogates",
  },
  {
    file: "utf8.ts",
    from: "if (byte === 0xf0) this.#lowest = 0x90;",
    to: "",
    wrong: "takes overlong forms of four bytes",
  },
  {
    file: "utf8.ts",
    from: "if (byte === 0xf4) this.#highest = 0x8f;",
    to: "",
    wrong: "takes code points above U+10FFFF",
  },
  {
    file: "utf8.ts",
    from: "if (byte < 0xc2 || byte > 0xf4) return false;",
    to: "if (byte < 0xc0 || byte > 0xf4) return false;",
    wrong: "waits for the rest of C0 and C1, which can become nothing",
  },
  {
    file: "utf8.ts",
    from: "if (byte < 0xc2 || byte > 0xf4) return false;",
    to: "if (byte < 0xc2 || byte > 0xf7) return false;",
    wrong: "waits for the rest of F5 to F7, which can become nothing",
  },
  {
    file: "mask.ts",
    from: "turned = rotateMaskingKey(turned, misaligned);",
    to: "",
    wrong: "unmasks whole words with a key that is not turned to them",
  },
  {
    file: "close.ts",
    from: 'if (payload.length === 1) return fault("close_payload_length");',
    to: 'if (payload.length === 1) return ok({ code: CLOSE.noStatus.code, reason: "" });',
    wrong: "takes half a status code",
  },
  {
    file: "close.ts",
    from: "(code >= 1000 && code <= 1003)",
    to: "(code >= 1000 && code <= 1006)",
    wrong: "takes 1004, 1005 and 1006 from the wire",
  },
  {
    file: "close.ts",
    from: "(code >= 1007 && code <= 1014)",
    to: "(code >= 1007 && code <= 2999)",
    wrong: "takes 1015 and what is reserved",
  },
  {
    file: "close.ts",
    from: "if (code >= 3000) return code <= 4999;",
    to: "if (code >= 3000) return true;",
    wrong: "takes codes from 5000 on",
  },
  {
    file: "close.ts",
    from: 'if (!isUtf8(payload.subarray(2))) return fault("utf8_close_reason");',
    to: "",
    wrong: "takes any bytes for a reason",
  },
  {
    file: "protocol.ts",
    from: "this.#send(OPCODE.close, payload.subarray(0, 2));",
    to: "",
    wrong: "does not answer a Close frame",
  },
  {
    file: "protocol.ts",
    from: "this.#send(OPCODE.close, encodeClosePayload(closeCode, reason));",
    to: "",
    wrong: "does not tell the peer what it did wrong",
  },
  {
    file: "protocol.ts",
    from: 'if (this.#state !== "open") return;\n      this.#events.message(',
    to: "this.#events.message(",
    wrong: "delivers messages behind its own Close frame",
  },
  {
    file: "protocol.ts",
    from: 'if (this.#state === "closed") return;\n    this.#decoder.feed(chunk);',
    to: 'this.#decoder.feed(chunk);\n    this.#state = this.#state === "closed" ? "closing" : this.#state;',
    wrong: "reads on behind the end",
  },
  {
    file: "protocol.ts",
    from: "if (opcode === OPCODE.ping) this.#pinged(payload);",
    to: "if (opcode === OPCODE.ping) return;",
    wrong: "does not answer pings",
  },
  {
    file: "protocol.ts",
    from: "this.#owedPong = Buffer.from(payload);",
    to: "this.#owedPong ??= Buffer.from(payload);",
    wrong: "answers the first ping of a peer that did not read, and not the last",
  },
  {
    file: "frame.ts",
    from: "} else if (payloadBytes <= 0xffff) {",
    to: "} else if (payloadBytes < 0xffff) {",
    wrong: "writes 65,535 bytes with a length of 64 bits",
  },
  {
    file: "frame.ts",
    from:
      "if (key !== undefined) applyMask(out.bytes, start, start + payload.length, readMaskingKey(key, 0));",
    to: "",
    wrong: "sends a client's bytes with a mask bit and without a mask",
  },
  {
    file: "handshake.ts",
    from: "const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;",
    to: "const KEY = /^[A-Za-z0-9+/]+={0,2}$/;",
    wrong: "takes keys that are not 16 bytes",
  },
  {
    file: "handshake.ts",
    from: 'if (versions.length > 1) return fault("version_repeated");',
    to: "",
    wrong: "takes a request with two versions",
  },
  {
    file: "handshake.ts",
    from: 'if (announcesBody(fields)) return fault("body");',
    to: "",
    wrong: "takes a request with a body, whose end is the first frame to some",
  },
  {
    file: "client_handshake.ts",
    from: "accept[0] !== acceptFor(key)",
    to: "accept[0] === undefined",
    wrong: "takes any proof of the server",
  },
  {
    file: "client_handshake.ts",
    from: "!offered.includes(subprotocol)",
    to: 'subprotocol === ""',
    wrong: "takes a subprotocol that it did not offer",
  },
  {
    file: "deflate_negotiation.ts",
    from: "if (options === undefined || accepted.length > 1",
    to: "if (accepted.length > 1",
    wrong: "takes an extension that it did not offer",
  },
  {
    file: "deflate_negotiation.ts",
    from: "|| values.has(name)",
    to: "",
    wrong: "takes a parameter twice",
  },
  {
    file: "deflate_negotiation.ts",
    from: "const WINDOW_BITS = /^(?:[89]|1[0-5])$/;",
    to: "const WINDOW_BITS = /^0?(?:[89]|1[0-5])$/;",
    wrong: "takes window bits with a leading zero",
  },
  {
    file: "deflate_negotiation.ts",
    from: '|| bitsOf(values, "server_max_window_bits") < MIN_WINDOW_BITS',
    to: "",
    wrong: "promises a window that zlib does not have",
  },
  {
    file: "deflate_negotiation.ts",
    from: "if (!options.contextTakeover && !serverNoContextTakeover)",
    to: "if (false)",
    wrong: "lets a server refer to messages that the client did not keep",
  },
  {
    file: "deflate_decompress.ts",
    from: "buffer.length > maxBytes",
    to: "false",
    wrong: "inflates one byte more than nothing is allowed",
  },
  {
    file: "deflate_decompress.ts",
    from: "maxOutputLength: Math.max(1, maxBytes),",
    to: "",
    wrong: "inflates bombs",
  },
  {
    file: "deflate.ts",
    from: "if (packed !== undefined) this.#sent?.append(payload);",
    to: "this.#sent?.append(payload);",
    wrong: "refers to messages that the peer never decompressed",
  },
  {
    file: "deflate.ts",
    from: "if (message.ok) this.#received?.append(message.value);",
    to: "",
    wrong: "forgets what the peer may refer to",
  },
  {
    file: "deflate_decompress.ts",
    from: "const MAX_FINAL_BLOCKS = 8;",
    to: "const MAX_FINAL_BLOCKS = 1_000_000;",
    wrong: "starts a decompressor for each of a million blocks",
  },
  {
    file: "deflate_decompress.ts",
    from: "Buffer.from([0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff]);",
    to: "Buffer.from([0x00, 0x00, 0xff, 0xff]);",
    wrong: "cannot tell a message that was cut off from a whole one",
  },
  {
    file: "sliding_window.ts",
    from: "kept.copy(this.#bytes);",
    to: "",
    wrong: "mixes up the window when it moves",
  },
  {
    file: "deflate_decompress.ts",
    from: "if (parts.length === 1 && first.buffer.byteLength <= 2 * length) return first;",
    to: "if (parts.length === 1) return first;",
    wrong: "hands out memory in which other connections' messages lie",
  },
  {
    file: "deflate_decompress.ts",
    from: "before = lastOf(before, bytes);",
    to: "before = Buffer.concat([before, ...parts]);",
    wrong: "copies a message again for each block in it",
  },
  {
    file: "deflate_compress.ts",
    from: "Math.min(neededBits, maxWindowBits)",
    to: "neededBits",
    wrong: "refers back further than was agreed on",
  },
  {
    file: "message.ts",
    from: "this.#compressed ? maxCompressedBytes(maxMessageBytes) : maxMessageBytes",
    to: "maxCompressedBytes(maxMessageBytes)",
    wrong: "takes an eighth more than allowed of what is not compressed",
  },
  ...HANDSHAKE_MUTANTS,
  ...OUTPUT_MUTANTS,
];
