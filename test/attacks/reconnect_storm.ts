/**
 * When a server comes back, so do all of its clients, in the same moment. Whoever lets them all in at once goes down again.
 *
 * @module
 */

import { createClient } from "../../src/io/create_client.ts";
import type { ClientState } from "../../src/client/client_state.ts";
import { seededRandom } from "../support/chunkers.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { bearer, mint } from "../support/minted.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { signal } from "../support/server.ts";
import { type Attack, onGate, onNaive, outcome, until } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { users } from "./naive/users.ts";

const CLIENTS = 150;
const MAX_PENDING = 50;
/** Clients of this library among them, to see when they come back. */
const OWN_CLIENTS = 10;
/** Half of the second in which they may choose their moment. */
const SPREAD_MS = 500;

/** All at once, as after a restart. */
function storm(port: number, request: (client: number) => string): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: CLIENTS }, async (_, i) => {
    const client = await RawClient.open(port);
    client.write(request(i));
    return client;
  }));
}

export const reconnectStorm: Attack = {
  name: "reconnect_storm",
  summary: "All clients come back at once after a restart, and each costs a look-up in the database.",
  clause: "RFC 6455 §7.2.3 (random delays before reconnecting), RFC 9110 §10.2.3 (Retry-After), CWE-770",
  sends: [`${CLIENTS} clients, in one moment: GET /ws, each with a good token`],
  naive: "chat",
  // Asked twice: before a token is verified, and before the application is asked about it.
  defence: {
    file: "src/io/approvals.ts",
    text: "return this.#pending[whose].total >= this.#limits.maxPendingHandshakes;",
  },
  chapter: 9,

  async againstNaive() {
    let lookUps = 0;
    const database = signal();
    const chat = naiveChat(async (token) => {
      lookUps++;
      await database.promise;
      return users[token];
    });
    return await onNaive(chat, async ({ port }) => {
      const clients = await storm(port, () => handshake({ fields: bearer("alice-7c1d") }));
      await until(() => lookUps === CLIENTS, "all have asked");
      const [most, answered] = [lookUps, clients.filter(({ socket }) => socket.bytesRead > 0).length];
      database.resolve();
      return outcome(
        most === CLIENTS && answered === 0,
        `${most} look-ups at once for ${CLIENTS} clients, none of whom is told to wait`,
        `${most} look-ups at once`,
      );
    });
  },

  async againstGate() {
    let lookUps = 0;
    const database = signal<boolean>();
    const approve = () => (lookUps++, database.promise);
    return await onGate({ approve, limits: { maxPendingHandshakes: MAX_PENDING } }, async (gate) => {
      const tokenOf = (client: number) => mint(gate.clock, { sub: `client ${client}` });
      const clients = await storm(gate.port, (i) => handshake({ fields: bearer(tokenOf(i)) }));
      await until(() => lookUps + gate.decisions.length >= CLIENTS, "each is looked up or refused");
      if (lookUps > MAX_PENDING) {
        const most = lookUps;
        database.resolve(true);
        return outcome(true, `${most} look-ups at once for ${CLIENTS} clients`, "");
      }
      const waits = await waitsOfClients(gate.port, tokenOf(CLIENTS));
      const most = lookUps;
      database.resolve(true);
      const answers = await Promise.all(clients.map((client) => client.response()));
      const sentAway = answers.filter(({ status, fields }) =>
        status === 503 && fields["retry-after"] === "5"
      );
      const [soonest, latest] = [Math.min(...waits), Math.max(...waits)];
      return outcome(
        latest - soonest < SPREAD_MS,
        `${most} look-ups at once, and ${sentAway.length} were sent away, to come back together, after ${soonest} to ${latest} ms`,
        `${most} look-ups at once, ${sentAway.length} answers 503 with Retry-After: 5; ${waits.length} clients of the library come back after ${soonest} to ${latest} ms`,
      );
    });
  },
};

/** How long clients of this library wait when they are refused as busy. */
async function waitsOfClients(port: number, token: string): Promise<number[]> {
  const random = seededRandom(1);
  const waits: number[] = [];
  const clients = Array.from({ length: OWN_CLIENTS }, () => {
    const client = createClient({
      url: `ws://127.0.0.1:${port}/ws`,
      getToken: () => token,
      clock: new ManualClock(),
      random,
    });
    client.onState((state: ClientState) => void (state.status === "waiting" && waits.push(state.delayMs)));
    void client.open().catch(() => undefined);
    return client;
  });
  await until(() => waits.length === OWN_CLIENTS, "all have been refused");
  for (const client of clients) client.close();
  return waits;
}
