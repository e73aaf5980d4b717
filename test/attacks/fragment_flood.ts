/**
 * A limit on bytes does not see fragments that have none.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { keptBytes } from "../support/garbage.ts";
import { mint } from "../support/minted.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { type Attack, mebibytes, onGate, onNaive, outcome, until } from "./attack.ts";
import { MEMBER_TOKEN, naiveArticle } from "./naive/article.ts";

const FRAGMENTS = 20_000;
/** The first fragment of a text, and many more, none of which has a byte in it or is the last. */
const FLOOD = Buffer.concat([
  clientFrame(1, "", { fin: false }),
  ...new Array<Buffer>(FRAGMENTS - 1).fill(clientFrame(0, "", { fin: false })),
]);
const LAST = clientFrame(0, "hello");
/** About half of what an object costs that stands for no bytes at all. */
const FRAGMENT_BYTES = 100;

export const fragmentFlood: Attack = {
  name: "fragment_flood",
  summary: "One message comes in thousands of empty fragments: no byte to count, an object each to keep.",
  clause: "RFC 6455 §5.4 and §10.4; undici CVE-2026-12151 (empty ones, too), ws CVE-2026-48779 (of one byte)",
  sends: [
    `${FLOOD.toString("hex", 0, 6)}: a text begins (FIN 0), and has no byte yet`,
    `${FLOOD.toString("hex", 6, 12)}, ${FRAGMENTS - 1} times: it goes on (FIN 0), and still has none`,
  ],
  naive: "article",
  defence: {
    file: "src/protocol/message.ts",
    text: 'if (this.#emptyFragments > this.limits.maxEmptyFragments) return "too_many_fragments";',
  },
  chapter: 3,

  async againstNaive() {
    const article = naiveArticle((said) => `done: ${said}`, () => undefined);
    return await onNaive(article, async ({ sockets, knock }) => {
      const { client } = await knock({ fields: { Authorization: MEMBER_TOKEN } });
      const [before, read] = [await keptBytes(), sockets[0]?.bytesRead ?? 0];
      client.write(FLOOD);
      await until(() => sockets[0]?.bytesRead === read + FLOOD.length, "the server has read them all");
      const kept = await keptBytes() - before;
      // The message is over, and only what was kept for it is free again.
      client.write(LAST);
      const answer = await client.said();
      const freed = before + kept - await keptBytes();
      return outcome(
        Math.min(kept, freed) >= FRAGMENTS * FRAGMENT_BYTES,
        `for ${FRAGMENTS} fragments without a byte in them the server kept ${
          mebibytes(kept)
        }, and would have kept more; then came 5 bytes and FIN, ${
          mebibytes(freed)
        } were free again, and the answer was ${answer}`,
        `it kept ${mebibytes(kept)}, freed ${mebibytes(freed)}, and answered ${answer}`,
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
        said.startsWith("pong"),
        `it took ${FRAGMENTS} fragments, and reads on: ${said}`,
        `after 1,024 empty fragments: ${said}`,
      );
    });
  },
};
