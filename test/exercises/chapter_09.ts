/**
 * The exercises of chapter 9.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Many at once: groups, backpressure, heartbeats, limits, drain. */
export const MANY_AT_ONCE_EXERCISES: readonly Exercise[] = [
  {
    file: "session/groups.ts",
    from: "delivery ??= {",
    to: "delivery = {",
    question:
      "Two characters are gone, and every receiver still gets the message. What does the server pay, and which test can see it?",
    tests: ["test/session/groups.test.ts"],
    noticedBy: "Groups.send() encodes once: all get the very same frame",
    answer:
      "A `JSON.stringify` and a frame for each receiver: a thousand of each for a room of a thousand. And the frames are no longer the same ones, so the chains of different connections have nothing in common, and each burst is joined a thousand times, too. On the wire nothing changes, so no test that reads what arrives can fail. One looks at what the connections were handed: four receivers, and a set of their messages that must have one member.",
  },
  {
    file: "io/heartbeat.ts",
    from: "if (connection.waitsForHandler) return void connection.ping();",
    to: "",
    question:
      "On a server with a `handlerTimeoutMs` of five minutes, an honest client asks for a report that takes two. How does his connection end?",
    tests: ["test/io/heartbeat.test.ts"],
    noticedBy: "does not give up a peer whose handler is at work, and asks again once it is done",
    answer:
      'With 3008, between 40 and 70 seconds after his request: "No answer to a ping". He has answered at once, but his pong lies in the socket, because nothing is read while his handler is at work; the server\'s own pause is taken for his silence. People then raise the timeout until it fits their slowest report, and find vanished peers as late. The test holds a handler up for twenty intervals and expects twenty pings and an open connection.',
  },
  {
    file: "client/backoff.ts",
    from: "Math.floor(this.#random() * spanMs)",
    to: "spanMs",
    question: "The waits still double. A server with 20,000 clients fails at noon: when do they come back?",
    tests: ["test/client/backoff.test.ts", "test/client/reconnect_policy.test.ts"],
    noticedBy: "Backoff.next() takes a random part of a span that doubles up to its bound",
    answer:
      "All of them one second after noon; those that are refused, which is most, two seconds after that, and then four: together each time. Doubling spreads the attempts of one client over time, and does nothing about the clients among each other, who all began at the same moment. Only chance takes them apart (RFC 6455 §7.2.3 asks for a random delay). The tests give the class its random numbers and see that each wait is that part of the span.",
  },
];
