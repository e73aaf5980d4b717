/**
 * Every object has properties that nobody wrote down. A handler looked up by a stranger's word may be one of them.
 *
 * @module
 */

import { bearer } from "../support/minted.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { text } from "../support/raw_http_frames.ts";
import { runProgram } from "../support/server_process.ts";
import { answerTo, type Attack, each, exitOf, onGate, outcome } from "./attack.ts";

/** What an object answers to. */
const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "__defineGetter__", "then"];

/** Not a function, or one that throws when it is called so; Deno gives `__proto__` no value. */
const FATAL = Reflect.get({}, "__proto__") === undefined ? "__defineGetter__" : "__proto__";

export const protoAsType: Attack = {
  name: "proto_as_type",
  summary: 'A message of the type "__proto__" or "constructor" finds a handler that nobody wrote.',
  clause: "CWE-1321 and CWE-470; socket.io CVE-2024-38355",
  sends: [
    'a member: {"type":"constructor","data":"an object, please"}',
    `then: {"type":"${FATAL}"}`,
  ],
  naive: "chat",
  // A Map knows what was put into it, and nothing else.
  defence: { file: "src/auth/permission.ts", text: "const row = rows.get(type);" },
  chapter: 8,

  async againstNaive() {
    const chat = runProgram("test/attacks/naive/main.ts", { NAIVE: "chat" });
    const client = await RawClient.open(Number(await chat.line()));
    client.write(handshake({ fields: bearer("alice-7c1d") }));
    await client.response();
    await client.json();
    client.write(text(JSON.stringify({ type: "constructor", data: "an object, please" })));
    const { type, data } = await client.json();
    client.write(text(JSON.stringify({ type: FATAL })));
    const exit = await exitOf(chat, client.frame());
    return outcome(
      type === "ok" && exit !== undefined,
      `"constructor" ran Object(${
        JSON.stringify(data)
      }), then "${FATAL}" ended the process (exit ${exit}), and everybody's connection`,
      `the process went on, after ${JSON.stringify(type)}`,
    );
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const answers: string[] = [];
      for (const type of INHERITED) answers.push(await answerTo(gate, { type, data: "an object, please" }));
      return outcome(
        gate.errors.length > 0 || gate.handled.length > 0,
        `a word of a client's was taken for a row that nobody wrote (${
          each(gate.errors.map(String))
        }); it was answered ${each(answers)}`,
        `${answers.length} types that every object has: each was answered "${
          each(answers)
        }", and nothing ran`,
      );
    });
  },
};
