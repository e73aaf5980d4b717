/**
 * A frame begins with its length. Until its bytes are there, that is no more than a claim.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mint } from "../support/minted.ts";
import { type Attack, heldBytes, mebibytes, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveUpload } from "./naive/upload.ts";

const DECLARED_BYTES = 268_435_456;
/** A header that declares them, in the long form, and the first 16 bytes of what it promises. */
const HEADER = Buffer.alloc(14 + 16);
HEADER.set([0x82, 0x80 | 127]);
HEADER.writeBigUInt64BE(BigInt(DECLARED_BYTES), 2);

/** What the arrival of the header makes a server allocate. */
async function allocatedFor(send: () => void, arrived: () => boolean): Promise<number> {
  const before = heldBytes();
  send();
  await until(arrived, "the header has arrived");
  return heldBytes() - before;
}

export const declaredLengthAllocation: Attack = {
  name: "declared_length_allocation",
  summary:
    "A header of 14 bytes announces a message of 256 MiB that never comes, and the server makes room for it.",
  clause: "RFC 6455 §10.4, CWE-789; rust-websocket CVE-2022-35922",
  sends: [
    `${HEADER.toString("hex", 0, 14)}: a binary frame of 0x${
      DECLARED_BYTES.toString(16)
    } bytes, with its masking key`,
    "16 bytes of its payload, and no more",
  ],
  naive: "upload",
  defence: {
    file: "src/base/bytes.ts",
    text:
      "const wanted = Math.max(needed, Math.min(needed + announced, GROWTH * needed), 2 * this.#bytes.length);",
  },
  chapter: 2,

  async againstNaive() {
    return await onNaive(naiveUpload(), async ({ sockets, knock }) => {
      const { client } = await knock();
      const read = sockets[0]?.bytesRead ?? 0;
      const allocated = await allocatedFor(
        () => client.write(HEADER),
        () => (sockets[0]?.bytesRead ?? 0) > read,
      );
      return outcome(
        // Less what was collected meanwhile.
        allocated >= 0.9 * DECLARED_BYTES,
        `${HEADER.length} bytes made the server allocate ${mebibytes(allocated)}`,
        `it allocated ${mebibytes(allocated)}`,
      );
    });
  },

  async againstGate() {
    // Even a gate that takes messages of this length waits for them to come; by default it says 1009 to the header alone.
    return await onGate({ limits: { maxMessageBytes: DECLARED_BYTES } }, async (gate) => {
      const [large, usual] = [await gate.enter(mint(gate.clock)), DECLARED_BYTES];
      const read = gate.sockets[0]?.bytesRead ?? 0;
      const allocated = await allocatedFor(
        () => large.client.write(HEADER),
        () => (gate.sockets[0]?.bytesRead ?? 0) > read,
      );
      return outcome(
        allocated >= usual / 100,
        `${HEADER.length} bytes made the gate allocate ${mebibytes(allocated)}`,
        `a gate that takes messages of ${mebibytes(usual)} allocated ${
          mebibytes(Math.max(0, allocated))
        } for ${HEADER.length} bytes`,
      );
    });
  },
};
