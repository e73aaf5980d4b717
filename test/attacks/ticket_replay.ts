/**
 * A ticket is a password for a moment. That moment must end with its first use.
 *
 * Its use is an upgrade at the right path, from a page that may be here, with no other credential, while the gate takes requests at all. A
 * request that is refused for one of these (404, 403, 400, 503) leaves its ticket in a log as good as it was: for what is left of its 15
 * seconds, to whoever sends the same Origin, and outside of a browser anybody can. Nothing here says otherwise.
 *
 * @module
 */

import { LIMITS } from "../../src/base/limits.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { type Attack, onGate, onNaive, outcome, reasonOf } from "./attack.ts";
import { naiveTickets } from "./naive/tickets.ts";

export const ticketReplay: Attack = {
  name: "ticket_replay",
  summary:
    "Whoever sees a ticket that has let its owner in, in a log or over a shoulder, uses it again before its time is over.",
  clause: "RFC 6749 §10.5 (codes are for one use), CWE-294",
  sends: [
    "its owner: GET /ws?ticket=…",
    "the thief, a moment later: the same",
    "to the gate, before both, at another path: that is refused (404), and no use of the ticket",
  ],
  naive: "tickets",
  defence: { file: "src/auth/ticket.ts", text: 'found.value.state = "used";' },
  chapter: 6,

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
    const options = { path: "/ws", carriers: ["authorization", "ticket"], ticketPath: "/ticket" } as const;
    return await onGate(options, async (gate) => {
      const fields = bearer(mint(gate.clock, { sub: "root", roles: ["admin"] }));
      const { body } = await ask(gate.port, { method: "POST", target: "/ticket", fields });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      const line = `GET /ws?ticket=${ticket} HTTP/1.1`;
      const astray = await gate.knock({ line: `GET /chat?ticket=${ticket} HTTP/1.1` });
      await gate.enter({ line });
      const thief = await gate.knock({ line });
      const events = gate.audit.map(({ event }) => event);
      return outcome(
        thief.answer.status === 101,
        "the ticket let the thief in as well",
        `the second use was answered ${thief.answer.status} (${reasonOf(gate)}), and written down as ${
          events.at(-1)
        }; the ${astray.answer.status} had not used it up: a ticket that such a request leaves in a log is good to whoever sends the same Origin, for what is left of its ${
          LIMITS.ticketLifetimeMs.default / 1_000
        } s`,
      );
    });
  },
};
