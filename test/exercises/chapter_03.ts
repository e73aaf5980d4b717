/**
 * The exercises of chapter 3.
 *
 * @module
 */

import type { Exercise } from "./exercise.ts";

/** Messages and UTF-8. */
export const MESSAGES_EXERCISES: readonly Exercise[] = [
  {
    file: "protocol/message.ts",
    from: "if (this.#message.length + declared > mostBytes)",
    to: "if (declared > mostBytes)",
    question: "Each frame is still held to the limit. How large a message can a peer send now?",
    tests: ["test/protocol/message.test.ts"],
    noticedBy: "MessageAssembler counts bytes of all fragments, and afresh for each message",
    answer:
      "As large as `maxMessageBytes` times `maxFragments`, as the limit holds for each fragment by itself: a hundred thousand times what was meant. The server runs out of memory long before FIN comes. The test sends `ab` and then `cd` where 3 octets are allowed: no fragment is too long, and the message is. §10.4 speaks of both, of the size of a frame and of the size of a message after reassembly, because a limit on one does not bound the other.",
  },
  {
    file: "protocol/utf8.ts",
    from: "if (byte === 0xe0) this.#lowest = 0xa0;",
    to: "",
    question: "What does a peer write as E0 80 AF, and who is deceived by it?",
    tests: ["test/protocol/utf8.test.ts"],
    noticedBy:
      "Utf8Validator follows the syntax of RFC 3629 for every pair of bytes, and fails at the byte at fault",
    answer:
      "A slash, in three octets instead of one: an overlong form. Whoever looks for the octet 2F in a path does not find it, and a lenient decoder behind him makes a slash of it all the same; `../` has been smuggled past filters in this way. The validator must refuse it at its second octet, 80, because behind E0 only A0 to BF lead to a code point that needs three octets. The test of all pairs of octets sees that E0 80 is taken, and the one of overlong forms that it is not refused at once.",
  },
  {
    file: "protocol/message_reader.ts",
    from: "return this.decoder.atRest && this.assembler.atRest;",
    to: "return this.decoder.atRest;",
    question: "A reader is given back between two fragments. Who gets the first one?",
    tests: ["test/protocol/message_reader.test.ts"],
    noticedBy: "MessageReader.atRest holds between two messages, and not between two fragments",
    answer:
      "Whichever connection borrows that reader next. An honest message on it is refused as one that begins inside another. Whoever begins with a continuation frame gets the stranger's fragment with his own behind it, as a message of his, and an echo sends it to him: data of one user in the hands of another. With clients that send each message whole nothing happens, so no test that people write by hand finds it. The test here asks a reader after each of three fragments whether it is at rest, which it may be only after the last.",
  },
];
