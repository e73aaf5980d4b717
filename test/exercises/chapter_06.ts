/**
 * The exercises of chapter 6.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Who are you: tokens, carriers, Origin, tickets. */
export const WHO_ARE_YOU_EXERCISES: readonly Exercise[] = [
  {
    file: "auth/token.ts",
    from: "signature.length !== expected.length || ",
    to: "",
    question:
      "A comparison in constant time is all that is left. What does a stranger send now, does it let him in, and what does he break?",
    tests: ["test/auth/vectors_token.test.ts"],
    noticedBy: "verifyToken() given no signature (RFC 7515 §7.1) says signature",
    answer:
      "A token whose signature is shorter than 32 bytes, as the empty one of `none`. `timingSafeEqual` takes two buffers of one length and throws a RangeError for any others, so nobody is let in, but what was a fault of the peer is an exception now: whoever calls `verifyToken` without a `try`, as in a handler of HTTP, has a 500, or a process that ends. The acceptor catches it as a failure of the keys and answers 500 where it should be 401, which tells a client to come back with the same token. The vectors with a code that is missing, cut, too long or of another hash notice: they want the fault `signature`, and get an exception.",
  },
  {
    file: "auth/credential.ts",
    from: 'return count > 1 ? fault("two_carriers") : ok(found[0]);',
    to: "return ok(found[0]);",
    question:
      "A request with two tokens is judged by the first that is found. Both are genuine: who gains by sending two?",
    tests: ["test/auth/credential.test.ts"],
    noticedBy:
      "findCredential() refuses two carriers, the same or different, also when only one of them is usable",
    answer:
      "Whoever sits behind something that reads another place than the server does. A proxy checks the cookie, and counts and writes down the request under its subject; the server finds `Authorization` first, and believes that. Each has checked one, and nobody the pair: the log names the wrong person. Two lines of `Authorization` do the same, where one of the two reads the first and the other the last. The test that puts two credentials into a request, in one place or in two, notices: each pair must be `two_carriers`, which is answered with 400.",
  },
  {
    file: "io/entrance.ts",
    from: ": this.door.standing.judge(identity, this.#clock.now());",
    to: ": ok(identity);",
    question:
      "The token was judged when the request came. Why again, a moment before the 101, and who gets in when it is not?",
    tests: ["test/io/gate_keys.test.ts"],
    noticedBy: "an approval that is awaited meanwhile comes too late",
    answer:
      "Between the two, `approve` may have waited for a database for up to `handshakeTimeoutMs`. A token that ended in that time, or that an operator withdrew because of what he has just seen, is let in by a decision that was right seconds ago; and roles that were taken away come in with it. The test has the key of the token withdrawn while the application is asked. It wants a 401, and gets a connection.",
  },
];
