/**
 * The exercises of chapter 5.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** A core without I/O, and the shell around it. */
export const CORE_AND_SHELL_EXERCISES: readonly Exercise[] = [
  {
    file: "base/agenda.ts",
    from: "this.#wakesAtMs = nowMs + delayMs;",
    to: "this.#wakesAtMs = Date.now() + delayMs;",
    question:
      "On a running server the clock that is handed in is `Date.now`, so that both lines say the same. What is lost all the same, and which two kinds of test notice?",
    tests: ["test/base/agenda.test.ts", "test/project/imports.test.ts"],
    noticedBy: "Agenda sets its timer anew when an earlier item comes, and only then",
    answer:
      "Nothing on the wire: no peer can tell the difference. What is lost is that time has one source. A test that stands in another year has an agenda that believes its timer is years away, or years late, and so sets it anew for nothing, or not when an earlier item comes: agenda.test.ts turns red. And imports.test.ts reads the sources and finds `Date.now` in a layer that may not have it, before anybody has to understand what it would do there.",
  },
  {
    file: "io/turn.ts",
    from: "setImmediate(flushAll)",
    to: "queueMicrotask(flushAll)",
    question:
      "The end of the turn has become the end of the callback that runs at the moment. A hundred messages that a loop sends still leave in one write, and socket_connection.test.ts stays green. Whose messages do not, and which test says so?",
    tests: ["test/io/turn.test.ts", "test/io/socket_connection.test.ts"],
    noticedBy: "flushAtEndOfTurn() flushes each once, in order, behind this turn",
    answer:
      "Those of whoever waits for a promise in between. A microtask runs as soon as the callback at hand is through, in front of what other promises have still to do in the same turn: ten handlers that each await something and then answer are ten writes, ten system calls and as many packets, where they were one. No byte is wrong, so no client notices. turn.test.ts lets one promise resolve and looks whether anything was flushed.",
  },
  {
    file: "io/socket_connection.ts",
    from: 'if (this.open && this.#options.role === "server") this.hold(HELD_BY.congestion);',
    to: "",
    question:
      "What is written to a peer that does not read is still kept back, and still has a bound. What can a peer now do that asks and never reads the answers, and how do you see it in a test without a network?",
    tests: ["test/io/socket_connection_backpressure.test.ts", "test/io/socket_connection_flow.test.ts"],
    noticedBy: "echoes no more of a flood than the mark, whatever came in one chunk",
    answer:
      "The server goes on reading what it asks and makes answer after answer, until all that may wait for one connection is full, and then closes it with 1013, where TCP would only have made the peer wait. Each such peer costs the most that one connection can cost, and an honest one on a slow line, which sends a lot before it reads, is cut off. The test stalls a socket in memory and sends two floods: of the second, nothing may be handled until the peer reads. Its neighbour in socket_connection_flow.test.ts, which lets a client read on, stays green.",
  },
];
