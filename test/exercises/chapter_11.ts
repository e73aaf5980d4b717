/**
 * The exercises of chapter 11.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** How we know: vectors, fuzzing, simulation, conformance, and what is left out. */
export const HOW_WE_KNOW_EXERCISES: readonly Exercise[] = [
  {
    file: "auth/claims.ts",
    from: "nbf - leeway > now",
    to: "nbf - leeway >= now",
    question:
      "The rule has become stricter by a moment. Every token that was refused is still refused, so no test that breaks the rule can notice. Which one does, and who would in production, how often?",
    tests: ["test/auth/vectors_token.test.ts"],
    noticedBy: "verifyToken() given a beginning at this moment (RFC 7519 §4.1.5) takes it",
    answer:
      "The neighbour, one vector of hundreds (and one test of the claims alone, which is its like): a token whose `nbf` is this very moment, which RFC 7519 §4.1.5 allows, since it says that a token must not be accepted before that time. Issuers put the time of the issue there, in whole seconds, and the gate's clock has milliseconds. So the two are equal only for a token that is made and used within the first millisecond of a second: one login in a thousand at the most, which gets a 401 that nobody can repeat. An off-by-one in the strict direction is what neighbours are for.",
  },
  {
    file: "protocol/frame_decoder.ts",
    from: 'if (length <= 0xffff) return this.#break("length_minimal");',
    to: "",
    question:
      "What we send stays as it was, every round trip succeeds, and `npm run fuzz`, which holds us beside `ws`, finds nothing wrong. What is taken now that must not be, and what notices?",
    tests: ["test/protocol/frame_decoder.test.ts"],
    noticedBy: "FrameDecoder judges a length of 8 bytes that fits into 2, in one chunk and byte by byte",
    answer:
      "A length with 64 bits that would fit into fewer. RFC 6455 §5.2 allows one spelling of each length only, and whoever inspects traffic on the way relies on it. An encoder of our own never writes the longer one, so no round trip contains it. `ws` takes it too, and test/fuzz/ws_differences.ts says so: with the rule gone, there is one difference less. Left are the headers that somebody wrote down from the sentence of the RFC, in test/protocol/frame_decoder.test.ts and in the vectors: lengths of 0, 126 and 65,535 octets, written with 64 bits.",
  },
  {
    file: "io/connection_trace.ts",
    from: "if (frame.opcode === OPCODE.close) this.#in?.discardData();",
    to: "",
    question:
      "No connection behaves in another way than before. Who is now told something that is not so, and when would that cost somebody a day?",
    tests: ["test/io/connection_trace.test.ts"],
    noticedBy: "ConnectionTrace marks data that comes after our Close frame",
    answer:
      "Whoever watches the connection. After this side's own Close frame it drops what the peer still sends (chapter 4), and the trace now says of those messages that they were read. Somebody who looks for a message that was lost in a closing handshake sees it arrive, reads `read`, and looks for the fault in the application. One test closes, lets data come, and compares the `fate` of each frame. A tool that shows the truth most of the time is worse than none.",
  },
];
