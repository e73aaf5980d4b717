/**
 * What is sent to somebody who does not read has to be somewhere meanwhile.
 *
 * @module
 */

import { untilClose } from "../support/conversation.ts";
import { mint } from "../support/minted.ts";
import { setImmediate } from "node:timers/promises";
import { type Attack, mebibytes, onGate, onNaive, outcome } from "./attack.ts";
import { ADMIN_TOKEN, naiveArticle, sendToAdmins } from "./naive/article.ts";

/** What a server must not keep for one peer. */
const MUCH_BYTES = 4_194_304;
const MAX_QUEUED_BYTES = 1_048_576;
const SAID = "x".repeat(65_536);
/** Far more than the systems on both sides and the server may keep. */
const MESSAGES = 512;

export const slowReader: Attack = {
  name: "slow_reader",
  summary:
    "A member of a group stops reading, and all that is said to the group piles up on the server for him.",
  clause: "RFC 6455 §10.4, CWE-770; slow consumers of any publish-subscribe server",
  sends: [
    "the slow member: a handshake, and from then on it reads nothing more of its socket",
    `the server, to the whole group: messages of ${SAID.length / 1024} KiB, up to ${MESSAGES} of them`,
  ],
  naive: "article",
  defence: {
    file: "src/io/sending_connection.ts",
    text: 'this.close(CLOSE.tryLater.code, "Reads too slowly");',
  },
  chapter: 9,

  async againstNaive() {
    return await onNaive(naiveArticle(String, () => undefined), async ({ sockets, knock }) => {
      const { client: slow } = await knock({ fields: { Authorization: ADMIN_TOKEN } });
      slow.socket.pause();
      const kept = () => sockets[0]?.writableLength ?? 0;
      for (let said = 0; said < MESSAGES && kept() < MUCH_BYTES; said++) {
        sendToAdmins(SAID);
        // The system takes what it can.
        await setImmediate();
      }
      return outcome(
        kept() >= MUCH_BYTES,
        `the server keeps ${
          mebibytes(kept())
        } of its own memory for one admin who reads nothing, and would keep more with every message`,
        `it keeps ${mebibytes(kept())}`,
      );
    });
  },

  async againstGate() {
    return await onGate({ limits: { maxQueuedBytes: MAX_QUEUED_BYTES } }, async (gate) => {
      const { client: slow } = await gate.enter(mint(gate.clock, { sub: "slow" }));
      const { client: fast } = await gate.enter(mint(gate.clock, { sub: "fast" }));
      slow.socket.pause();
      let [taken, heard] = [0, 0];
      for (let said = 0; said < MESSAGES && taken === said; said++) {
        // Two receivers: there was still room for the slow one. One: his queue was full, and he has been closed.
        if (gate.gate.groups.send("everyone", "news", SAID) === 2) taken++;
        if ((await fast.json())["type"] === "news") heard++;
      }
      slow.socket.resume();
      const end = taken === MESSAGES ? "nothing" : (await untilClose(slow)).close;
      return outcome(
        taken === MESSAGES || heard <= taken,
        `the gate took ${taken} messages for a member who reads nothing`,
        `the gate kept no more than ${
          mebibytes(MAX_QUEUED_BYTES)
        } for him besides what the system took, ${taken} messages in all, then said ${end}; the other member heard all ${heard}`,
      );
    });
  },
};
