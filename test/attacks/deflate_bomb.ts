/**
 * Compressed zeros are next to nothing, until somebody unpacks them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { bearer, mint } from "../support/minted.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { type Attack, heldBytes, mebibytes, onGate, onNaive, outcome } from "./attack.ts";
import { naiveEcho } from "./naive/echo.ts";

const UNPACKED_BYTES = 8_388_608;
const OFFER = { "Sec-WebSocket-Extensions": "permessage-deflate" };

/** Zeros, compressed. RFC 7692 §7.2.1: without the last four bytes of the flush; the bit RSV1 says that it is compressed. */
const PACKED = deflateRawSync(Buffer.alloc(UNPACKED_BYTES), { finishFlush: constants.Z_SYNC_FLUSH })
  .subarray(0, -4);
const BOMB: Buffer = clientFrame(0x42, PACKED);

export const deflateBomb: Attack = {
  name: "deflate_bomb",
  summary: "A compressed message of 8 KiB inflates to 8 MiB in the server's memory.",
  clause: "RFC 7692 §8 and RFC 6455 §10.4, CWE-409",
  sends: [
    "Sec-WebSocket-Extensions: permessage-deflate",
    `${
      BOMB.toString("hex", 0, 8)
    }…: a binary frame with RSV1 and ${PACKED.length} bytes, ${UNPACKED_BYTES} zeros compressed`,
  ],
  naive: "echo",
  defence: { file: "src/protocol/deflate_decompress.ts", text: "maxOutputLength: Math.max(1, maxBytes)," },
  chapter: 10,

  async againstNaive() {
    return await onNaive(naiveEcho(), async ({ knock }) => {
      const { client } = await knock({ fields: OFFER });
      client.write(BOMB);
      const { payload } = await client.frame();
      return outcome(
        payload.length === UNPACKED_BYTES,
        `${BOMB.length} bytes came back as ${mebibytes(payload.length)}`,
        "it was refused",
      );
    });
  },

  async againstGate() {
    return await onGate({ deflate: true }, async (gate) => {
      const { client, answer } = await gate.knock({ fields: { ...OFFER, ...bearer(mint(gate.clock)) } });
      // The hello, which is compressed as well.
      await client.frame();
      const before = heldBytes();
      client.write(BOMB);
      const said = await client.said();
      const allocated = mebibytes(Math.max(0, heldBytes() - before));
      const agreed = answer.fields["sec-websocket-extensions"];
      return outcome(
        !said.startsWith("close 1009") || heldBytes() - before > UNPACKED_BYTES / 2,
        `the answer was ${said}, and ${allocated} were allocated`,
        `with ${agreed} agreed on, ${allocated} were allocated, then: ${said}`,
      );
    });
  },
};
