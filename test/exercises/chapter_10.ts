/**
 * The exercises of chapter 10.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Compression, and why it is off. */
export const COMPRESSION_EXERCISES: readonly Exercise[] = [
  {
    file: "protocol/deflate_negotiation.ts",
    from: 'if (offer.has("client_max_window_bits")) parts.push(',
    to: "parts.push(",
    question:
      "The answer now always says how far back the client may refer. It looks more complete than before, and Chromium still connects. Who does not, and when does he notice?",
    tests: ["test/protocol/deflate_negotiation.test.ts"],
    noticedBy: 'acceptOffer() answers "" to ""',
    answer:
      "Chromium names `client_max_window_bits` in its offer. A client that does not name it cannot be asked to keep to anything: RFC 7692 §7.1.2.2 forbids the parameter in the answer, and §5 has the client fail the connection. It does so after the 101, so that the server's log shows somebody who was let in and left. The tests that answer an offer without the parameter, word by word, noticed.",
  },
  {
    file: "protocol/deflate.ts",
    from: "if (packed !== undefined) this.#sent?.append(payload);",
    to: "this.#sent?.append(payload);",
    question:
      "Every message is now appended to the window, also one that did not shrink and was sent as it is: so much more to refer to. Whom does that break, and after which message?",
    tests: ["test/protocol/protocol_deflate.test.ts"],
    noticedBy: "Protocol of a server reads what a persistent stream of zlib wrote, and the other way round",
    answer:
      "A reference is a distance back from the end of the window, and both windows must end alike. The receiver only appends what it has inflated (RFC 7692 §7.2.2); a message without RSV1 never comes near its window. After the first message that did not shrink, every reference is off by its length: the receiver reads other octets than were sent, or fails the connection with 1007. The test in which a stream of zlib reads a whole conversation noticed, as the first message of that is too short to shrink; the tests with one message each did not.",
  },
  {
    file: "protocol/deflate_decompress.ts",
    from: "maxOutputLength: Math.max(1, maxBytes),",
    to: "",
    question:
      "A few lines further down, what is longer than `maxBytes` is still refused with 1009, and every test of the right answer passes. What has a peer won?",
    tests: ["test/protocol/deflate.test.ts"],
    noticedBy: "Deflate.decompress() stops a bomb where the limit is, not when all of it has been inflated",
    answer:
      "The length is now judged when all of it lies in memory. A message of 1 MiB, which no limit on frames refuses, may inflate to a gibibyte first, and the process is busy for seconds or gone before the 1009. The test that counts what zlib allocates until it gives up noticed, and it alone: the answer is the same.",
  },
];
