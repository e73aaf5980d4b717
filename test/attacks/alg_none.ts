/**
 * "none" is an algorithm of RFC 7518. A verifier that lets the token choose has been asked not to verify.
 *
 * @module
 */

import { bearer } from "../support/minted.ts";
import { AUDIENCE } from "../support/server.ts";
import { segment } from "../support/tokens.ts";
import { type Attack, each, onGate, onNaive, outcome, reasonOf } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { verifyJwt } from "./naive/jwt.ts";

/** Makes a token that nobody has signed. */
const forge = (alg: string, exp: number) => {
  const claims = { sub: "mallory", aud: AUDIENCE, role: "admin", roles: ["admin"], exp };
  return `${segment({ alg, typ: "JWT" })}.${segment(claims)}.`;
};

export const algNone: Attack = {
  name: "alg_none",
  summary: 'A forged token says "alg": "none", and so needs no signature.',
  clause: "RFC 8725 §3.1 and §3.2, CVE-2022-23540",
  sends: [
    `Authorization: Bearer ${forge("none", 1_900_000_000).slice(0, 60)}….`,
    'of which the first part says {"alg":"none","typ":"JWT"}, and the third is empty',
  ],
  naive: "chat",
  defence: {
    file: "src/auth/token.ts",
    text: 'if (parameters.alg !== key.algorithm) return fault("algorithm");',
  },
  // The key computes its own signature, whatever the header says: none is not that.
  behind: {
    file: "src/auth/token.ts",
    text: "if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {",
  },
  chapter: 6,

  async againstNaive() {
    const chat = naiveChat((token) => verifyJwt(token, "the secret of the server"));
    return await onNaive(chat, async ({ knock }) => {
      const token = forge("none", Date.now() / 1000 + 60);
      const { client } = await knock({ fields: bearer(token) });
      const { name, role } = await client.json();
      return outcome(role === "admin", `${name} signed nothing, and came in as an ${role}`, "refused");
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const answers: string[] = [];
      for (const alg of ["none", "None", "nOnE", "", "__proto__", "HS512"]) {
        const { answer } = await gate.knock({ fields: bearer(forge(alg, gate.clock.now() / 1000 + 60)) });
        answers.push(`${answer.status} (${reasonOf(gate)})`);
      }
      return outcome(
        answers.some((answer) => answer.startsWith("101")),
        `the answers to tokens that nobody had signed were ${answers.join(", ")}`,
        `${answers.length} spellings of none, and each was answered ${each(answers)}`,
      );
    });
  },
};
