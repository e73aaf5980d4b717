/**
 * A role that is copied when the connection begins outlives its owner's office.
 *
 * @module
 */

import { untilReply } from "../support/conversation.ts";
import { bearer, mint } from "../support/minted.ts";
import { text } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { type User, users } from "./naive/users.ts";

const ROOT = "root-90ab";

export const demotedAdmin: Attack = {
  name: "demoted_admin",
  summary: "An admin is demoted while he is connected, and goes on doing what admins may.",
  clause: "CWE-863 and CWE-613",
  sends: [
    "root, an admin: a handshake with a good token",
    "then he is made a member; then root: an order that only admins may give",
  ],
  naive: "chat",
  defence: {
    file: "src/session/leases.ts",
    text: "for (const session of sessions) this.#change(session, { ...session.identity, roles });",
  },
  chapter: 7,

  async againstNaive() {
    const table: Record<string, User> = { ...users };
    return await onNaive(naiveChat((token) => table[token]), async ({ knock }) => {
      const { client: alice } = await knock({ fields: bearer("alice-7c1d") });
      const { client: root } = await knock({ fields: bearer(ROOT) });
      await Promise.all([alice.json(), root.json()]);
      table[ROOT] = { name: "root", role: "member" };
      root.write(text(JSON.stringify({ type: "kick", data: "alice" })));
      const { how } = await alice.finished;
      return outcome(how === "end", "a member now, root threw alice out of the chat", "nothing happened");
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const { client } = await gate.enter(mint(gate.clock, { sub: "root", roles: ["admin"] }));
      gate.gate.setRoles("root", ["member"]);
      client.write(text(JSON.stringify({ type: "rule", id: "1", data: "out with alice" })));
      const told = await untilReply(client, "1");
      return outcome(
        gate.handled.length > 0,
        `the handler ran: ${gate.handled.join()}`,
        `root was told "${told[0]?.["type"]}", and the next order was answered "${told.at(-1)?.["code"]}"`,
      );
    });
  },
};
