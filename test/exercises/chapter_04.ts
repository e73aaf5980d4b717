/**
 * The exercises of chapter 4.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Closing. */
export const CLOSING_EXERCISES: readonly Exercise[] = [
  {
    file: "protocol/close.ts",
    from: "(code >= 1000 && code <= 1003)",
    to: "(code >= 1000 && code <= 1006)",
    question: "A peer sends a Close frame with 03 EE in it. What does the program at this end believe?",
    tests: ["test/protocol/close.test.ts"],
    noticedBy: "isWireCode() agrees with §7.4 on every number of 16 bits",
    answer:
      "That TCP ended without a Close frame: 03 EE is 1006, which only ever stands for that, and here a frame has just come. A program that comes back after a lost connection comes back although it was told not to. The server also answers with 1006 itself, and whoever reads strictly fails the connection for that (§7.4.1). The tests hold the function against every number of 16 bits, and have 1005, 1004 and 1006 refused in both directions.",
  },
  {
    file: "protocol/protocol.ts",
    from: 'if (this.#state !== "open") return;',
    to: "",
    question:
      "`#accept` tells of every message that is complete. The server has thrown a user out, with 3003: what can he do until his own Close frame comes?",
    tests: ["test/protocol/protocol_close.test.ts"],
    noticedBy:
      "Protocol of a server drops messages that arrive after its own Close, and still tells of a fault",
    answer:
      "Go on: every message that he sends is handled as before, until he answers the Close frame or the time for that is up. RFC 6455 forbids nobody to send data before his own Close frame, so these frames are valid; it is the server that must drop them, since it has said that it is done. One test closes, lets a message come and expects that nobody is told; another closes from inside a handler, with the next message in the same chunk.",
  },
  {
    file: "io/linger.ts",
    from: "const deadline = cutOffWhenStalled(clock, timeoutMs, socket, () => socket.destroy());",
    to: "const deadline = cutOffWhenStalled(clock, timeoutMs, socket, () => socket.end());",
    question:
      "The time is up, and the server ends its side of TCP once more. What does that change for the descriptor?",
    tests: ["test/io/linger.test.ts"],
    noticedBy: "endAndLinger() cuts off at the deadline, and no earlier",
    answer:
      "Nothing. The FIN has been sent long ago, and a half-closed socket waits for the peer's: only `destroy()` gives the descriptor back. A peer who answers the Close frame and stays keeps it for as long as he likes, and some thousands of those keep all that the process has. The test moves the clock to the deadline, and finds the socket not destroyed. In practice nobody notices until the system has no descriptor left for the next client.",
  },
];
