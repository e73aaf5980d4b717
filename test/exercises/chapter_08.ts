/**
 * The exercises of chapter 8.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** What may you send: the table, both directions. */
export const WHAT_MAY_YOU_SEND_EXERCISES: readonly Exercise[] = [
  {
    file: "auth/permission.ts",
    from: 'return "forbidden";',
    to: 'return row.roles.length === 0 ? undefined : "forbidden";',
    question:
      "A row says `roles: []`. Who may send its message now, and what did its author mean by the empty list?",
    tests: ["test/auth/permission.test.ts"],
    noticedBy: "authorize() answers forbidden when sealed comes from [guest,member,admin]",
    answer:
      "Everybody, also a session without any role. Its author meant nobody: he has taken the last role out of the list to shut a message off, or his program makes the list from settings that are not there on this machine. Frameworks that read an absent list as public have taught people to read an empty one so, too; it is allow by default through the back door. The test has a row `sealed` without roles, and expects `forbidden` from somebody who has all the roles there are.",
  },
  {
    file: "session/envelope.ts",
    from: 'return typeof type === "string" ? ok({ type, id, data }) : fault({ id });',
    to: "return ok({ type: String(type), id, data });",
    question:
      'The type is made a string, so that whatever comes has one. What becomes of `{"type":["chat.say"]}`, and what of `{"type":{"toString":7}}`?',
    tests: ["test/session/envelope.test.ts"],
    noticedBy: "parseEnvelope() refuses a type that is no string, and salvages the id",
    answer:
      "The first is a `chat.say`: an array of one name becomes that name. Whatever stands in front of the server and compares types, a proxy or a log, sees no `chat.say`, and two readings of one message are a way around the stricter one. The second has no way to become a string, and `String()` throws: an exception from what a peer has sent, outside of the steps that answer, so that the connection is closed with 1011 where an `error` was due. The test sends types that are no strings, and expects of each a fault that keeps the id.",
  },
  {
    file: "session/answers.ts",
    from: 'if (!allowed.ok) return this.deny(session, envelope, allowed.fault, "still");',
    to: "",
    question:
      "The question was permitted when it came. An admin asks for all users; the list takes two seconds, and after one of them he is an admin no more. What does he get?",
    tests: ["test/session/dispatch_handler.test.ts"],
    noticedBy:
      "Dispatcher.receive() answers error when the roles have become [] while the handler was at work",
    answer:
      "The list. The check at the beginning held for that moment, and the answer leaves at another; every `await` of a handler is such a gap, and a slow database makes it wide. With the line, the reply is `forbidden`, although the handler has done its work. The tests take the role away while a handler waits, and end the identity while one does, and expect the denial in place of the data.",
  },
];
