/**
 * A lenient decoder reads the same bytes out of many texts. A list of texts then never knows them all.
 *
 * @module
 */

import { bearer, mint } from "../support/minted.ts";
import { jws, withSurplusBit } from "../support/tokens.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { verifyJwt } from "./naive/jwt.ts";

/** The same token, to a decoder that does not look closely: the signature's surplus bits, padding, the other alphabet. */
const spellings = (token: string) => [withSurplusBit(token), `${token}=`, `${token}.`, `${token}!`];

const SECRET = "the secret of the server";

export const lenientBase64url: Attack = {
  name: "lenient_base64url",
  summary: "A revoked token is spelt in another way, and is none of those on the list of revoked ones.",
  clause: "RFC 7515 §2 (no padding, no other characters), RFC 4648 §3.5 (canonical encoding)",
  defence: {
    file: "src/base/bytes.ts",
    text: 'return bytes.toString("base64url") === text ? bytes : undefined;',
  },

  async againstNaive() {
    const payload = { sub: "mallory", role: "admin", exp: Date.now() / 1000 + 60 };
    const token = jws({ payload, secret: new TextEncoder().encode(SECRET) });
    const revoked = new Set([token]);
    return await onNaive(naiveChat((shown) => verifyJwt(shown, SECRET, revoked)), async ({ knock }) => {
      const plain = await knock({ line: `GET /ws?token=${token} HTTP/1.1` });
      const other = await knock({ line: `GET /ws?token=${withSurplusBit(token)} HTTP/1.1` });
      return outcome(
        plain.answer.status === 401 && other.answer.status === 101,
        "the revoked token was refused, and came in when one bit was set that no byte uses",
        "refused in every spelling",
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const token = mint(gate.clock);
      const statuses: number[] = [];
      for (const spelling of spellings(token)) {
        statuses.push((await gate.knock({ fields: bearer(spelling) })).answer.status);
      }
      const { answer } = await gate.knock({ fields: bearer(token) });
      return outcome(
        statuses.includes(101) || answer.status !== 101,
        `other spellings were answered ${statuses.join(", ")}`,
        `a good token is let in as it was made, and in ${statuses.length} other spellings ${statuses.length} times refused`,
      );
    });
  },
};
