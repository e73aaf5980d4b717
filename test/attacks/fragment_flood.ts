/**
 * A limit on bytes does not see fragments that have none.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mint } from "../support/minted.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { type Attack, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveEcho } from "./naive/echo.ts";

const FRAGMENTS = 20_000;
/** The first fragment of a text, and many more, none of which has a byte in it or is the last. */
const FLOOD = Buffer.concat([
  clientFrame(1, "", { fin: false }),
  ...new Array<Buffer>(FRAGMENTS - 1).fill(clientFrame(0, "", { fin: false })),
]);

export const fragmentFlood: Attack = {
  name: "fragment_flood",
  summary: "One message comes in thousands of empty fragments: no byte to count, an object each to keep.",
  clause: "RFC 6455 §5.4 and §10.4; ws CVE-2026-48779, undici CVE-2026-12151",
  defence: {
    file: "src/protocol/message.ts",
    text: 'if (this.#emptyFragments > this.limits.maxEmptyFragments) return "too_many_fragments";',
  },

  async againstNaive() {
    const fragments: Buffer[][] = [];
    return await onNaive(naiveEcho(fragments), async ({ knock }) => {
      const { client } = await knock();
      client.write(FLOOD);
      const held = () => fragments[0] ?? [];
      await until(() => held().length === FRAGMENTS, "all fragments have arrived");
      const { length } = Buffer.concat(held());
      return outcome(
        true,
        `the server holds ${held().length} fragments of a message of ${length} bytes, and takes more`,
        "",
      );
    });
  },

  async againstGate() {
    return await onGate({}, async (gate) => {
      const { client } = await gate.enter(mint(gate.clock));
      client.write(FLOOD);
      // A ping is answered by whoever still reads; a connection that has been failed is not.
      client.write(clientFrame(9, "more?"));
      const said = await client.said();
      return outcome(
        !said.startsWith("close 1008"),
        `the answer was ${said}`,
        `after 1,024 empty fragments: ${said}`,
      );
    });
  },
};
