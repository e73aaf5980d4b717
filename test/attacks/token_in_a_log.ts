/**
 * A log is read by more people than its server trusts, and is kept for longer than anybody thinks. A token in it is a key under the mat.
 *
 * @module
 */

import { untilReply } from "../support/conversation.ts";
import { ask } from "../support/plain_http.ts";
import { bearer, mint } from "../support/minted.ts";
import { text } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { ADMIN_TOKEN, FORBIDDEN_TEXT, naiveArticle } from "./naive/article.ts";

/** Reads a log as its thief does: whatever looks like a token, and whatever a URL names so. */
const secretsIn = (log: string) => ({
  tokens: log.match(/[\w-]+\.[\w-]+\.[\w-]{43,}/g) ?? [],
  tickets: [...log.matchAll(/[?&]ticket=([\w-]+)/g)].map(([, ticket]) => ticket),
});

/** How often a session may show another token at once, and once more. */
const REFRESHES = 6;

export const tokenInALog: Attack = {
  name: "token_in_a_log",
  summary: "Whoever reads the log finds a token in it, and enters with that.",
  clause: "RFC 6750 §5.3 (safeguard tokens, pass none in a URL), CWE-532 and CWE-598",
  sends: [
    "an admin: any message, or a token (to the gate: in a message that is denied, or a ticket in a URL)",
    "the thief: whatever looks like a token or a ticket in a log",
  ],
  naive: "article",
  // What is written down says who it was, and of what type. What he said is not handed on.
  defence: {
    file: "src/session/answers.ts",
    text: "audit(auditDenial(denial.code, session, this.#shown(type), nowMs));",
  },
  chapter: 8,

  async againstNaive() {
    const log: string[] = [];
    const article = naiveArticle((said) => `done: ${said}`, (line) => log.push(line));
    return await onNaive(article, async ({ knock }) => {
      const { client: admin } = await knock({ fields: { Authorization: ADMIN_TOKEN } });
      admin.write(text("good morning"));
      await admin.said();
      const [line = ""] = log;
      const { client: thief } = await knock({ fields: { Authorization: line.split(": ")[0] } });
      thief.write(text(FORBIDDEN_TEXT));
      const answer = await thief.said();
      return outcome(
        answer === `text "done: ${FORBIDDEN_TEXT}"`,
        `the log says "${line}"; whoever read it came in as the admin, said "${FORBIDDEN_TEXT}", and was answered ${answer}`,
        `the log was of no use: ${answer}`,
      );
    });
  },

  async againstGate() {
    return await onGate({ carriers: ["authorization", "ticket"], ticketPath: "/ticket" }, async (gate) => {
      const log: string[] = [];
      gate.server.on("upgrade", ({ method, url }) => log.push(`${method} ${url}`));
      const token = mint(gate.clock);
      const { body } = await ask(gate.port, { method: "POST", target: "/ticket", fields: bearer(token) });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      await gate.enter({ line: `GET /ws?ticket=${ticket} HTTP/1.1` });
      const { client } = await gate.enter(token);
      // A message with a token in it, which is denied in the end, and so written down.
      for (let id = 1; id <= REFRESHES; id++) {
        client.write(text(JSON.stringify({ type: "auth.refresh", id: `${id}`, data: { token } })));
      }
      const code = (await untilReply(client, `${REFRESHES}`)).at(-1)?.["code"];
      const { event, subject } = gate.audit.at(-1) ?? {};
      const { tokens, tickets } = secretsIn(JSON.stringify([log, gate.audit, gate.decisions]));
      const attempts = [
        ...tokens.map((found) => ({ fields: bearer(found) })),
        ...tickets.map((found) => ({ line: `GET /ws?ticket=${found} HTTP/1.1` })),
      ];
      const answers: number[] = [];
      for (const attempt of attempts) answers.push((await gate.knock(attempt)).answer.status);
      return outcome(
        answers.includes(101),
        `a log held ${tokens.length} tokens and ${tickets.length} tickets, and one of them opened the gate`,
        `of a message with a token, answered "${code}", the audit says "${event}" of "${subject}"; ${tokens.length} tokens are in any log, and ${tickets.length} ticket is in that of URLs, used, and answered ${answers.join()}`,
      );
    });
  },
};
