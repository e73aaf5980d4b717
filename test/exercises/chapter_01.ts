/**
 * The exercises of chapter 1.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** A TCP byte and the upgrade. */
export const UPGRADE_EXERCISES: readonly Exercise[] = [
  {
    file: "protocol/header_field.ts",
    from: "else values.push(value);",
    to: "",
    question:
      "A second line of the same name is dropped, as `request.headers` does it for `Host`. Which requests are let in now that were refused before, and who could make use of one?",
    tests: ["test/protocol/vectors_handshake.test.ts"],
    noticedBy: "parseUpgrade() given two Hosts (§4.1) names host",
    answer:
      "A request with two `Host` lines, two keys, two versions or two Origins is judged by the first of them, and passes. Where a proxy in front goes by the last `Host`, or checks the last Origin, it has let in another request than the one that is served: whoever sends both lines chooses who reads which. The vectors `two Hosts`, `the version twice`, `two keys` and `two Origins` turn red, because each must be refused with 400. So do some that must be let in, as a `Connection` whose second line says `Upgrade`: what is dropped may be the good one, too.",
  },
  {
    file: "io/front_door.ts",
    from: 'socket.on("error", ignoreReset);',
    to: "",
    question:
      "A connection that has not said a word yet has no listener for errors. What does it take to end the whole server, and why does nobody see it while he tries the server out?",
    tests: ["test/io/front_door.test.ts"],
    noticedBy: "putFrontDoor() forgets who leaves without a word",
    answer:
      "One client that connects and breaks off at once: the socket has an error event, nobody listens for it, and in Node that is an exception in nobody's hands. A browser that is closed in good order sends the end of TCP, which is no error; a machine that crashes, a port scanner or a load balancer's probe breaks off. `putFrontDoor() forgets who leaves without a word` turns red, since it has one client of each kind.",
  },
  {
    file: "protocol/request_head.ts",
    from: "bytes: end + 4 };",
    to: "bytes: end + 2 };",
    question:
      "The head is said to end two octets earlier than it does. Which octets does the connection read as its first frame, and which clients still get through?",
    tests: ["test/protocol/request_head.test.ts"],
    noticedBy: "readRequestHead() tells where the frames begin",
    answer:
      "The empty line, 0d 0a, is no longer part of the head, so it is handed on as what came early, and read as the beginning of a frame that nobody sent. Where `putFrontDoor` is used, every client fails whose request stands in the first chunk of its connection, which is nearly all of them. Those whose request came in two pieces get through, as `node:http` reads it for them: a fault that comes and goes with the cut of a chunk. The tests of `readRequestHead` turn red, because they compare the octets behind the head.",
  },
];
