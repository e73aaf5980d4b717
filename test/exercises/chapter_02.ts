/**
 * The exercises of chapter 2.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Frames and masking. */
export const FRAMES_EXERCISES: readonly Exercise[] = [
  {
    file: "protocol/frame_decoder.ts",
    from: "if (taken < this.remaining) this.#key = rotateMaskingKey(this.#key, taken);",
    to: "",
    question:
      "The masking key is no longer turned when a chunk ends inside a payload. Which frames are still read right, and why may a test on one machine never show that others are not?",
    tests: ["test/protocol/frame_decoder.test.ts", "test/protocol/frame_decoder_chunks.test.ts"],
    noticedBy: "FrameDecoder hands a client's payload on as it arrives, in parts",
    answer:
      "Those that lie in one chunk as a whole, and those that are cut behind a multiple of 4 octets of their payload, where the key happens to stand right. All others become noise from the cut on. On one machine a small frame nearly always comes in one chunk; across a network, whatever is longer than a packet is cut, and most cuts are no multiple of 4. `FrameDecoder hands a client's payload on as it arrives, in parts` turns red, because it cuts a payload behind its second octet.",
  },
  {
    file: "protocol/frame.ts",
    from: "const length = Buffer.byteLength(text);",
    to: "const length = text.length;",
    question:
      "The header of a text now counts characters. Everything works until somebody writes `é`: what is on the wire then, and what does the peer make of it?",
    tests: ["test/protocol/frame.test.ts"],
    noticedBy: "writeFrame() and writeTextFrame() put a server's frames behind each other",
    answer:
      "The header says one octet, and the character has two, c3 a9. The frame ends behind the first of them, and what is written next covers the second. The peer has half a character: text that is none. A writer that sent both octets would do worse, as the peer would read a9 for the first octet of the next header. Whoever tries it in plain English sees nothing wrong; the tests of `writeTextFrame()` turn red because they write other characters too.",
  },
  {
    file: "base/bytes.ts",
    from: "Math.min(needed + announced, GROWTH * needed)",
    to: "needed + announced",
    question:
      "The buffer is made as large as the header announces, as soon as the first octets of the payload are there. All messages still arrive. What does a peer pay now for a gigabyte of your memory, and what still bounds it?",
    tests: ["test/base/bytes.test.ts"],
    noticedBy: "ByteAccumulator allocates for what has arrived, not for what is announced",
    answer:
      "A header of 14 octets and one octet of payload: the rest of what it announces is allocated at once, and costs the peer nothing, for as long as it keeps the connection open. What still bounds it is `maxMessageBytes`, which is compared with the announced length before anything is taken in; times the number of connections. `ByteAccumulator allocates for what has arrived, not for what is announced` turns red: it looks at the size of the memory, where every other test looks at the message.",
  },
];
