/**
 * A lenient decoder reads the same bytes out of many texts. A list of texts then never knows them all.
 *
 * @module
 */

import type { AcceptedRequest } from "../../src/io/acceptor_options.ts";
import { bearer, mint } from "../support/minted.ts";
import { jws, withSurplusBit } from "../support/tokens.ts";
import { type Attack, each, onGate, onNaive, outcome, reasonOf } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { verifyJwt } from "./naive/jwt.ts";

/** The same token, to a decoder that does not look closely: surplus bits of the signature, padding, and what is in no alphabet. */
const spellings = (token: string) => [withSurplusBit(token), `${token}=`, `${token}~`, `${token}!`];

const SECRET = "the secret of the server";

export const lenientBase64url: Attack = {
  name: "lenient_base64url",
  summary: "A revoked token is spelt in another way, and is none of those on the list of revoked ones.",
  clause: "RFC 7515 §2 (no padding, no other characters), RFC 4648 §3.5 (canonical encoding)",
  sends: [
    "a token of which the server says: revoked",
    "the same with another last letter: 43 characters of base64url hold 258 bits, a signature has 256",
  ],
  naive: "chat",
  defence: {
    file: "src/base/bytes.ts",
    text: 'return bytes.toString("base64url") === text ? bytes : undefined;',
  },
  chapter: 11,

  async againstNaive() {
    const payload = { sub: "mallory", role: "admin", exp: Date.now() / 1000 + 60 };
    const token = jws({ payload, secret: new TextEncoder().encode(SECRET) });
    const revoked = new Set([token]);
    return await onNaive(naiveChat((shown) => verifyJwt(shown, SECRET, revoked)), async ({ knock }) => {
      const plain = await knock({ fields: bearer(token) });
      const other = await knock({ fields: bearer(withSurplusBit(token)) });
      return outcome(
        plain.answer.status === 401 && other.answer.status === 101,
        "the revoked token was refused, and came in when one bit was set that no byte uses",
        "refused in every spelling",
      );
    });
  },

  async againstGate() {
    // An application that keeps such a list. The gate's own revocations are about what a token says, and not how.
    const revoked = new Set<string>();
    const approve = ({ offer }: AcceptedRequest) =>
      !(offer.fields.get("authorization") ?? []).some((shown) => revoked.has(shown.replace("Bearer ", "")));
    return await onGate({ approve }, async (gate) => {
      const token = mint(gate.clock);
      await gate.enter(token);
      revoked.add(token);
      const plain = await gate.knock({ fields: bearer(token) });
      const plainReason = reasonOf(gate);
      const answers: string[] = [];
      for (const spelling of spellings(token)) {
        const { answer } = await gate.knock({ fields: bearer(spelling) });
        answers.push(`${answer.status} (${reasonOf(gate)})`);
      }
      return outcome(
        answers.some((answer) => answer.startsWith("101")),
        `the revoked token was answered ${plain.answer.status}, and in other spellings ${answers.join(", ")}`,
        `the revoked token is answered ${plain.answer.status} (${plainReason}), and each of ${answers.length} other spellings ${
          each(answers)
        }`,
      );
    });
  },
};
