/**
 * A token that is checked at the door alone never expires for whoever is inside.
 *
 * @module
 */

import { bearer, mint } from "../support/minted.ts";
import { text } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { users } from "./naive/users.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const expiredWhileConnected: Attack = {
  name: "expired_while_connected",
  summary: "A connection that was opened with a good token goes on long after the token has expired.",
  clause: "RFC 7519 §4.1.4 (exp), CWE-613",
  sends: [
    "a handshake with a token that is good for a minute",
    "an hour later, on the same connection: a message",
  ],
  naive: "chat",
  defence: { file: "src/auth/permission.ts", text: 'if (principal.expiresAtMs <= nowMs) return "expired";' },
  chapter: 7,

  async againstNaive() {
    let nowMs = 0;
    const chat = naiveChat((token) => nowMs < MINUTE_MS ? users[token] : undefined);
    return await onNaive(chat, async ({ knock }) => {
      const fields = bearer("alice-7c1d");
      const { client } = await knock({ fields });
      await client.json();
      nowMs = HOUR_MS;
      const late = await knock({ fields });
      client.write(text(JSON.stringify({ type: "say", data: "still here" })));
      const { type, by } = await client.json();
      return outcome(
        late.answer.status === 401 && type === "said",
        `an hour later the token was refused at the door, and ${by} still spoke inside`,
        "refused inside as well",
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const { client } = await gate.enter(mint(gate.clock, { lifetimeMs: MINUTE_MS }));
      // As when the machine slept: time is over, and no timer has run yet.
      gate.clock.jump(HOUR_MS);
      client.write(text(JSON.stringify({ type: "act", id: "1", data: "still here" })));
      const answer = await client.json();
      if (gate.handled.length > 0) {
        return outcome(true, `an hour later the handler ran: ${gate.handled.join()}`, "");
      }
      return outcome(
        false,
        "",
        `the next message was answered "${answer["code"]}", and its handler did not run; then: ${await client
          .said()}`,
      );
    });
  },
};
