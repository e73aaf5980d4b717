/**
 * One secret for everybody tells nobody who came, and cannot be taken from one of them alone. Whoever knows the admins' is the admin.
 *
 * @module
 */

import { untilReply } from "../support/conversation.ts";
import { bearer, mint } from "../support/minted.ts";
import { text } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { MEMBER_TOKEN, naiveArticle } from "./naive/article.ts";

export const oneSecretForAll: Attack = {
  name: "one_secret_for_all",
  summary:
    "A member passes the members' secret on: nobody can tell the stranger from him, or lock out one without the other.",
  clause: "RFC 7519 §4.1.2 (sub), CWE-798 (a credential in the source), CWE-208 (=== on a secret)",
  sends: [
    "ada and mallory: Authorization, each the same constant (to the gate: each a token of his own)",
    "then a message each; then mallory is to be locked out",
  ],
  naive: "article",
  // Whoever has a subject can be found by it, and ended alone.
  defence: { file: "src/session/registry.ts", text: "this.#bySubject.add(session.subject, session);" },
  chapter: 7,

  async againstNaive() {
    const log: string[] = [];
    const article = naiveArticle((said) => `done: ${said}`, (line) => log.push(line));
    return await onNaive(article, async ({ knock }) => {
      const fields = { Authorization: MEMBER_TOKEN };
      const [ada, mallory] = [await knock({ fields }), await knock({ fields })];
      for (const { client } of [ada, mallory]) {
        client.write(text("hello"));
        await client.said();
      }
      const [first, second] = log;
      return outcome(
        log.length === 2 && first === second && mallory.answer.status === 101,
        `both are in; the log says "${first}" of ada and "${second}" of mallory, and one constant, in the source, lets both in or neither`,
        `the log tells them apart: ${log.join(", ")}`,
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const token = mint(gate.clock, { sub: "mallory" });
      const [ada, mallory] = [await gate.enter(mint(gate.clock)), await gate.enter(token)];
      const ended = gate.gate.revoke({ subject: "mallory" });
      const hello = text(JSON.stringify({ type: "act", id: "1", data: "hello" }));
      mallory.client.write(hello);
      const heard = await mallory.client.said();
      const { answer } = await gate.knock({ fields: bearer(token) });
      ada.client.write(hello);
      const reply = (await untilReply(ada.client, "1")).at(-1)?.["type"];
      const acted = gate.handled.filter((deed) => deed.startsWith("mallory "));
      return outcome(
        acted.length > 0 || answer.status === 101,
        `mallory was revoked, which ended ${ended} sessions; he is answered ${answer.status} at the door, and his handlers ran inside: ${
          acted.join() || "none"
        }`,
        `revoke({ subject: "mallory" }) ended ${ended} session (${heard}), at the door mallory's token is answered ${answer.status}, and ada's next message "${reply}"`,
      );
    });
  },
};
