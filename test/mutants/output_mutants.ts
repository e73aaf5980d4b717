/**
 * Mutants of what is sent, and of the memory that it waits in.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In mask.ts, frame.ts, send_buffer.ts, shared_message.ts and sliding_window.ts. */
export const OUTPUT_MUTANTS: readonly Mutant[] = [
  {
    file: "protocol/mask.ts",
    from: "(8 - ((bytes.byteOffset + at) & 7)) & 7",
    to: "(8 - (at & 7)) & 7",
    wrong: "forgets where the chunk lies in its memory",
  },
  {
    file: "protocol/mask.ts",
    from: "  for (; at + 3 < end; at += 4) {",
    to:
      "  if (end - start >= WORDS_FROM_BYTES) turned = rotateMaskingKey(turned, 1);\n  for (; at + 3 < end; at += 4) {",
    wrong: "masks the last octets behind the words with a turned key",
  },
  {
    file: "protocol/frame.ts",
    from: "out.bytes.set(payload, start);\n  if (key !== undefined) applyMask(",
    to: "out.bytes.set(payload, start);\n  if (false) applyMask(",
    wrong: "says masked, and does not mask",
  },
  {
    file: "protocol/frame.ts",
    from: "const length = Buffer.byteLength(text);",
    to: "const length = text.length;",
    wrong: "tells the length of a text in characters",
  },
  {
    file: "protocol/frame.ts",
    from: "if (key === undefined && payload.length >= COPY_BELOW_BYTES) {",
    to: "if (payload.length >= COPY_BELOW_BYTES) {",
    wrong: "sends a large payload of a client unmasked",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "before.copy(this.bytes, 0, 0, this.#end);",
    to: "",
    wrong: "loses what waits when the buffer grows",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "if (this.#shared !== undefined) this.#copyShared();\n    const at",
    to: "const at",
    wrong: "loses a shared frame that another joins",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "if (this.#shared !== undefined) this.#copyShared();\n    if (this.#end",
    to: "if (this.#end",
    wrong: "puts a large payload in front of the shared frame before it",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "this.bytes = NOTHING;\n    this.#end = 0;\n    this.#shared = undefined;\n    if",
    to: "this.#end = 0;\n    this.#shared = undefined;\n    if",
    wrong: "writes into a buffer that is on its way",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "Math.min(this.#end, MAX_FIRST_BYTES)",
    to: "this.#end",
    wrong: "holds as much memory for the next turn as the largest one needed",
  },
  {
    file: "protocol/shared_message.ts",
    from: "encodeFrame(packed, this.#kind, BIT.rsv1)",
    to: "encodeFrame(packed, this.#kind, 0)",
    wrong: "does not say that a message is compressed",
  },
  {
    file: "protocol/shared_message.ts",
    from: "compressAfter(NO_HISTORY, this.payload, windowBits)",
    to: "compressAfter(NO_HISTORY, this.payload, 15)",
    wrong: "compresses for a larger window than the receiver's",
  },
  {
    file: "protocol/sliding_window.ts",
    from: "Math.max(0, this.#end - this.#size), this.#end",
    to: "0, this.#end",
    wrong: "remembers more than the window",
  },
];
