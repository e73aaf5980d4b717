/**
 * A public key is no secret. A verifier that takes it for one lets everybody sign.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync } from "node:crypto";
import { hmacKey } from "../../src/auth/key.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { bearer } from "../support/minted.ts";
import { AUDIENCE, TEST_KEY } from "../support/server.ts";
import { jws } from "../support/tokens.ts";
import { type Attack, onGate, onNaive, outcome, reasonOf } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { verifyJwt } from "./naive/jwt.ts";

/** The key that an issuer publishes. */
const publish = () =>
  generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" })
    .toString();

/** Signs with what everybody knows. */
const forge = (publicKey: string, exp: number) =>
  jws({
    payload: { sub: "mallory", aud: AUDIENCE, role: "admin", roles: ["admin"], exp },
    secret: Buffer.from(publicKey),
  });

/** What somebody does who moves here from RS256: the text of his key is long enough to look like one. */
const configure = (publicKey: string) => {
  try {
    return { key: hmacKey(publicKey), said: "was taken for a secret" };
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    return { key: TEST_KEY, said: `is refused as an HMAC key (${error.code})` };
  }
};

export const keyConfusion: Attack = {
  name: "key_confusion",
  summary:
    "A token says HS256 where RS256 is meant, and is signed with the public key as if that were a secret.",
  clause: "RFC 8725 §2.1 and §3.1, CVE-2015-9235 and CVE-2016-10555",
  sends: [
    'Authorization: Bearer …, whose header says {"alg":"HS256"}',
    "its signature: HMAC SHA-256, with the text -----BEGIN PUBLIC KEY----- … as the secret",
  ],
  naive: "chat",
  defence: { file: "src/auth/key.ts", text: 'if (isKeyText(bytes.toString("latin1"))) {' },
  chapter: 6,

  async againstNaive() {
    const publicKey = publish();
    return await onNaive(naiveChat((token) => verifyJwt(token, publicKey)), async ({ knock }) => {
      const token = forge(publicKey, Date.now() / 1000 + 60);
      const { client } = await knock({ fields: bearer(token) });
      const { name, role } = await client.json();
      return outcome(
        role === "admin",
        `${name} signed with the public key, and came in as an ${role}`,
        "refused",
      );
    });
  },

  async againstGate() {
    const publicKey = publish();
    const { key, said } = configure(publicKey);
    return await onGate({ keys: [key] }, async (gate) => {
      const { answer } = await gate.knock({ fields: bearer(forge(publicKey, gate.clock.now() / 1000 + 60)) });
      return outcome(
        answer.status === 101,
        `the public key ${said}, and signed a token that was let in`,
        `the public key ${said}; what is signed with it is answered ${answer.status} (${reasonOf(gate)})`,
      );
    });
  },
};
