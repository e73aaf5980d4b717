/**
 * A list of what is forbidden is never complete. A list of what is allowed is, on the day on which it is written.
 *
 * @module
 */

import { text } from "../support/raw_http_frames.ts";
import { answerTo, type Attack, each, onGate, onNaive, outcome } from "./attack.ts";
import { FORBIDDEN_TEXT, MEMBER_TOKEN, naiveArticle } from "./naive/article.ts";

/** The forbidden order in another spelling, and one of which nobody thought when the list was written. */
const UNLISTED = [`${FORBIDDEN_TEXT} `, "make me an admin"];

/** Types without a row: the admins' in other spellings, one that only the server sends, and one of which nobody has thought yet. */
const WITHOUT_ROW = ["rule ", "Rule", "RULE", "secret", "make me an admin"];

export const allowedByDefault: Attack = {
  name: "allowed_by_default",
  summary: "A member sends an order that nobody has forbidden, as nobody has thought of it, and it is done.",
  clause: "CWE-184 (an incomplete list of what is forbidden) and CWE-862; OWASP A01:2021 (deny by default)",
  sends: [
    `a member: "${FORBIDDEN_TEXT}", which is refused`,
    `then "${UNLISTED[0]}", with a blank at its end; then "${UNLISTED[1]}"`,
  ],
  naive: "article",
  // Behind all that a row allows. A type without a row does not come that far, and would find no handler.
  defence: { file: "src/auth/permission.ts", text: 'return "forbidden";' },
  chapter: 8,

  async againstNaive() {
    const done: string[] = [];
    // As an application reads orders: blanks around one mean nothing to it.
    const article = naiveArticle((order) => `done: ${done[done.push(order.trim()) - 1]}`, () => undefined);
    return await onNaive(article, async ({ knock }) => {
      const { client } = await knock({ fields: { Authorization: MEMBER_TOKEN } });
      const answers: string[] = [];
      for (const order of [FORBIDDEN_TEXT, ...UNLISTED]) {
        client.write(text(order));
        answers.push(await client.said());
      }
      return outcome(
        done.join() === UNLISTED.map((order) => order.trim()).join(),
        `the answers were ${answers.join(", then ")}`,
        `it did ${done.join() || "nothing"}`,
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const listed = await answerTo(gate, { type: "rule", data: FORBIDDEN_TEXT });
      const others: string[] = [];
      for (const type of WITHOUT_ROW) others.push(await answerTo(gate, { type, data: FORBIDDEN_TEXT }));
      return outcome(
        gate.handled.length > 0,
        `it was done: ${gate.handled.join()}`,
        `"rule", which no line forbids members and one row gives to admins, is answered "${listed}", each of ${others.length} types without a row "${
          each(others)
        }"; no handler ran`,
      );
    });
  },
};
