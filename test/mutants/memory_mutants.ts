/**
 * Mutants of memory that is lent, given back, or had in common: what goes wrong here shows another connection's bytes.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In bytes.ts, roster.ts, session.ts, one_or_many.ts, frame_decoder.ts, message_reader.ts, shared_space.ts, shared_run.ts, send_buffer.ts and role_sets.ts. */
export const MEMORY_MUTANTS: readonly Mutant[] = [
  {
    file: "base/bytes.ts",
    from: "bytes.length < GIVE_BACK_FROM_BYTES || bytes.length !== memory.byteLength",
    to: "bytes.length < GIVE_BACK_FROM_BYTES",
    wrong: "gives memory back in which others lie",
  },
  {
    file: "base/bytes.ts",
    from: "    giveBack(this.#bytes);\n",
    to: "",
    wrong: "keeps what a large message has grown out of",
  },
  {
    file: "base/roster.ts",
    from: "    last.rosterIndex = index;\n",
    to: "",
    wrong: "removes somebody else, when whoever was last leaves",
  },
  {
    file: "base/roster.ts",
    from: "if (member.rosterIndex === NOT_LISTED) member.rosterIndex =",
    to: "member.rosterIndex =",
    wrong: "lists a connection twice",
  },
  {
    file: "base/roster.ts",
    from: "    member.rosterIndex = NOT_LISTED;\n",
    to: "",
    wrong: "removes whoever has the place of one that was removed before",
  },
  {
    file: "base/roster.ts",
    from: "return [...this.#members];",
    to: "return this.#members;",
    wrong: "leaves connections out that are closed one after the other",
  },
  {
    file: "session/session.ts",
    from: "    this.#sender = GONE;\n",
    to: "",
    wrong: "holds on to a connection that is gone",
  },
  {
    file: "base/one_or_many.ts",
    from: "else if (known !== value) this.#values.set(key, new Set([known, value]));",
    to: "else this.#values.set(key, value);",
    wrong: "forgets the first of two sessions of a subject",
  },
  {
    file: "base/one_or_many.ts",
    from: "} else if (known === value) {",
    to: "} else {",
    wrong: "forgets a session because another of the same subject left",
  },
  {
    file: "base/one_or_many.ts",
    from: "      if (known.size === 0) this.#values.delete(key);\n",
    to: "",
    wrong: "keeps a subject without sessions",
  },
  {
    file: "protocol/frame_decoder.ts",
    from: "if (this.ownsChunks && !this.#lent) giveBack(this.#chunk);",
    to: "if (this.ownsChunks) giveBack(this.#chunk);",
    wrong: "gives a chunk back in which a message lies",
  },
  {
    file: "protocol/frame_decoder.ts",
    from: "if (this.ownsChunks && !this.#lent) giveBack(this.#chunk);",
    to: "if (!this.#lent) giveBack(this.#chunk);",
    wrong: "gives a chunk back that somebody else holds",
  },
  {
    file: "protocol/frame_decoder.ts",
    from: "    this.#at = 0;\n    this.#lent = false;\n    if (chunk === undefined)",
    to: "    this.#at = 0;\n    if (chunk === undefined)",
    wrong: "never gives a chunk back behind one in which a message lay",
  },
  {
    file: "protocol/frame_decoder.ts",
    from: 'return this.#stage === "header" && this.#cut.length === 0 &&',
    to: 'return this.#stage === "header" &&',
    wrong: "takes the middle of a header for rest",
  },
  {
    file: "protocol/message.ts",
    from: 'return this.#open === "none";\n  }\n\n  /** Says',
    to: "return true;\n  }\n\n  /** Says",
    wrong: "takes the time between two fragments for rest",
  },
  {
    file: "protocol/message_reader.ts",
    from: "  reader.setOptions(options);\n",
    to: "",
    wrong: "lends a reader with the limits of whoever had it before",
  },
  {
    file: "protocol/message_reader.ts",
    from: "KEPT[options.role].pop()",
    to: 'KEPT[options.role === "server" ? "client" : "server"].pop()',
    wrong: "has a server read with what forbids masks",
  },
  {
    file: "protocol/protocol.ts",
    from: "    this.#reader = undefined;\n    returnReader(reader, role);",
    to: "    returnReader(reader, role);",
    wrong: "lends a reader that it goes on reading with",
  },
  {
    file: "protocol/protocol.ts",
    from: "if (!this.#running) this.#read(reader);",
    to: "this.#read(reader);",
    wrong: "reads inside of itself, and returns its reader twice",
  },
  {
    file: "protocol/send_buffer.ts",
    from: '    for (const part of this.#finished) this.settle(part, "unused");\n',
    to: "",
    wrong: "loses the space with what was dropped",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "!this.#keptBack && wanted",
    to: "wanted",
    wrong: "has a peer that does not read keep the space from all others",
  },
  {
    file: "session/role_sets.ts",
    from: "new SealedSet(",
    to: "new Set(",
    wrong: "lets a handler make everybody an admin",
  },
  {
    file: "base/one_or_many.ts",
    from: "return new Set(known instanceof Set ? known : [known]);",
    to: "return known instanceof Set ? known : new Set([known]);",
    wrong: "hands its own set out",
  },
  {
    file: "protocol/shared_run.ts",
    from: "if (this.#next === undefined || this.#next.#frame !== alone.#frame) {",
    to: "if (this.#next === undefined) {",
    wrong: "sends one what another was sent in the same turn",
  },
  {
    file: "protocol/shared_run.ts",
    from: "bytes.set(run.#frame, run.length - run.#frame.length);",
    to: "bytes.set(run.#frame, this.length - run.length - run.#frame.length);",
    wrong: "joins shared frames the wrong way round",
  },
  {
    file: "protocol/send_buffer.ts",
    from: "shared !== undefined && shared.length < MAX_RUN_BYTES",
    to: "shared !== undefined",
    wrong: "has runs of shared frames grow without end",
  },
  {
    file: "protocol/shared_space.ts",
    from: "    this.#isLent = true;\n",
    to: "",
    wrong: "lends the space to two at once",
  },
  {
    file: "protocol/shared_space.ts",
    from: '      if (fate === "held") this.#bytes = undefined;\n',
    to: "",
    wrong: "lends the space while a socket still holds it",
  },
  {
    file: "protocol/shared_space.ts",
    from: "} else if (this.#isLent && bytes.buffer === this.#bytes.buffer) {",
    to: "} else if (this.#isLent) {",
    wrong: "takes the space for free because something else was returned",
  },
  {
    file: "protocol/send_buffer.ts",
    from: '    this.settle(before, "unused");\n',
    to: "",
    wrong: "loses the space when the output outgrows it",
  },
  {
    file: "session/role_sets.ts",
    from: 'key += named.includes(role) ? "1" : "0"',
    to: 'key += named.includes(role) ? "1" : ""',
    wrong: "gives a session the roles of another that has as many",
  },
];
