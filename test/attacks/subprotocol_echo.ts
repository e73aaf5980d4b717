/**
 * A page can only put its token among the subprotocols. The server that picks the first sends the token back, into the logs
 * of every proxy that keeps the fields of responses.
 *
 * @module
 */

import { BEARER_SUBPROTOCOL_PREFIX, SUBPROTOCOL } from "../../src/auth/credential.ts";
import { encodeBase64url } from "../../src/base/bytes.ts";
import { mint } from "../support/minted.ts";
import { type Attack, onGate, onNaive, outcome } from "./attack.ts";
import { naiveSubprotocol } from "./naive/subprotocol.ts";

export const subprotocolEcho: Attack = {
  name: "subprotocol_echo",
  summary: "The 101 echoes the first subprotocol that was offered, and that is the token.",
  clause: "RFC 6455 §4.2.2 step 5.5 and §11.3.4, CWE-201",
  sends: ["Sec-WebSocket-Protocol: (the token), chat.v1"],
  naive: "subprotocol",
  defence: {
    file: "src/io/connections.ts",
    text: "const subprotocol = this.#subprotocols.find((name) => offer.subprotocols.includes(name));",
  },
  chapter: 6,

  async againstNaive() {
    return await onNaive(naiveSubprotocol(), async ({ knock }) => {
      const { answer } = await knock({ fields: { "Sec-WebSocket-Protocol": "root-90ab, chat.v1" } });
      const { "sec-websocket-protocol": echoed } = answer.fields;
      return outcome(
        echoed === "root-90ab",
        `the response says Sec-WebSocket-Protocol: ${echoed}`,
        "not echoed",
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const token = mint(gate.clock);
      // The token first, as a client may; and alone, as a client that knows no better does.
      const offer = BEARER_SUBPROTOCOL_PREFIX + encodeBase64url(token);
      const offers = [`${offer}, ${SUBPROTOCOL}`, offer];
      const echoed: (string | undefined)[] = [];
      for (const protocols of offers) {
        const { answer } = await gate.knock({ fields: { "Sec-WebSocket-Protocol": protocols } });
        echoed.push(answer.status === 101 ? answer.fields["sec-websocket-protocol"] : answer.line);
      }
      return outcome(
        echoed.some((name) => name?.includes(offer) ?? false) || echoed[0] !== SUBPROTOCOL,
        `the 101 says ${echoed.join(" and ")}`,
        `the 101 says ${echoed[0]}, and nothing where that was not offered`,
      );
    });
  },
};
