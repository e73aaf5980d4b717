/**
 * A ticket is a password for a moment. That moment must end with its first use.
 *
 * @module
 */

import { bearer, mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { type Attack, onGate, onNaive, outcome, reasonOf } from "./attack.ts";
import { naiveTickets } from "./naive/tickets.ts";

export const ticketReplay: Attack = {
  name: "ticket_replay",
  summary: "Whoever sees a ticket go by, in a log or over a shoulder, uses it again while it is fresh.",
  clause: "RFC 6749 §10.5 (codes are for one use), CWE-294",
  defence: { file: "src/auth/ticket.ts", text: 'found.value.state = "used";' },

  async againstNaive() {
    return await onNaive(naiveTickets(), async ({ port, knock }) => {
      const { body: ticket } = await ask(port, { method: "POST", fields: bearer("root-90ab") });
      const line = `GET /ws?ticket=${ticket} HTTP/1.1`;
      const owner = await knock({ line });
      const thief = await knock({ line });
      return outcome(
        owner.answer.status === 101 && thief.answer.status === 101,
        "the ticket let its owner in, and a moment later the thief",
        "the ticket was good once",
      );
    });
  },

  async againstGate() {
    return await onGate({ carriers: ["authorization", "ticket"], ticketPath: "/ticket" }, async (gate) => {
      const fields = bearer(mint(gate.clock, { sub: "root", roles: ["admin"] }));
      const { body } = await ask(gate.port, { method: "POST", target: "/ticket", fields });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      const line = `GET /ws?ticket=${ticket} HTTP/1.1`;
      await gate.enter({ line });
      const thief = await gate.knock({ line });
      const events = gate.audit.map(({ event }) => event);
      return outcome(
        thief.answer.status === 101,
        "the ticket let the thief in as well",
        `the second use was answered ${thief.answer.status} (${reasonOf(gate)}), and written down as ${
          events.at(-1)
        }`,
      );
    });
  },
};
