/**
 * A URL is written down: by servers, proxies, browsers. A token in it is written down with it.
 *
 * @module
 */

import { ask } from "../support/plain_http.ts";
import { bearer, mint } from "../support/minted.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";

/** Reads a log as its thief does. */
const secretsIn = (log: readonly string[]) =>
  log.flatMap((line) => /[?&](?:token|ticket)=([^&\s"]+)/.exec(line)?.[1] ?? []);

export const tokenInALog: Attack = {
  name: "token_in_a_log",
  summary: "Whoever reads an access log finds tokens in its URLs, and enters with them.",
  clause: "RFC 6750 §5.3 (no bearer token in a URL), CWE-598",
  // What stands in a URL is judged as a ticket, and never as a token.
  defence: { file: "src/auth/door.ts", text: "? this.#judgeTicket(secret, origin, nowMs, use)" },

  async againstNaive() {
    const log: string[] = [];
    return await onNaive(naiveChat(undefined, (line) => log.push(line)), async ({ knock }) => {
      await knock({ line: "GET /ws?token=root-90ab HTTP/1.1" });
      const [token] = secretsIn(log);
      const { client } = await knock({ line: `GET /ws?token=${token} HTTP/1.1` });
      const { role } = await client.json();
      return outcome(
        role === "admin",
        `the access log says "${log[0]}", and whoever read it came in as an admin`,
        "the log was of no use",
      );
    });
  },

  async againstGate() {
    return await onGate({ carriers: ["authorization", "ticket"], ticketPath: "/ticket" }, async (gate) => {
      const log: string[] = [];
      gate.server.on("upgrade", ({ method, url }) => log.push(`${method} ${url}`));
      const token = mint(gate.clock, { sub: "root", roles: ["admin"] });
      const { body } = await ask(gate.port, { method: "POST", target: "/ticket", fields: bearer(token) });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      await gate.enter({ line: `GET /ws?ticket=${ticket} HTTP/1.1` });
      await gate.enter(token);
      // Whatever the log holds, by either name; and a token that a careless client did put there.
      const lines = [...secretsIn(log), token].flatMap((secret) =>
        ["token", "ticket", "access_token"].map((name) => `GET /ws?${name}=${secret} HTTP/1.1`)
      );
      const answers = await Promise.all(
        lines.map(async (line) => (await gate.knock({ line })).answer.status),
      );
      const written = JSON.stringify([gate.audit, gate.decisions]);
      const isWritten = [token, ticket].some((secret) => written.includes(secret));
      return outcome(
        answers.includes(101) || isWritten,
        "what was found in a log opened the gate",
        `the log holds no token and one used ticket: ${answers.length} attempts with all of it, ${answers.length} times 401; the audit holds neither`,
      );
    });
  },
};
