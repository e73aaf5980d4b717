/**
 * Limits on how much there is at the same time.
 *
 * @module
 */

import assert from "node:assert/strict";
import { untilReply } from "../support/conversation.ts";
import type { Deed } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";
import { gone, knocks, type LimitCases, withGate } from "./case.ts";

/** Connections, sessions, rooms, presence. */
export const CONNECTION_LIMITS: LimitCases<
  | "maxConnectionsPerAddress"
  | "maxSessionsPerSubject"
  | "presenceGraceMs"
  | "maxConnections"
  | "maxSessions"
  | "maxRoomsPerSession"
> = {
  maxConnectionsPerAddress: {
    what: "answers 429 to one more of an address, until one has gone",
    run: () =>
      withGate({ limits: { maxConnectionsPerAddress: 1 } }, async (gate) => {
        const [first] = await knocks(gate, [[101], [429, { sub: "eve" }]]);
        if (first !== undefined) await gone(gate, first, 0);
        await knocks(gate, [[101]]);
      }),
  },

  maxSessionsPerSubject: {
    what: "answers 429 to one more of a subject, and to no other",
    run: () =>
      withGate({ limits: { maxSessionsPerSubject: 1 } }, async (gate) => {
        await knocks(gate, [[101], [429], [101, { sub: "eve" }]]);
      }),
  },

  presenceGraceMs: {
    what: "tells that a subject has gone when it has been away for so long",
    run: () => {
      const [absent, told] = [signal(), [] as string[]];
      const options = {
        limits: { presenceGraceMs: 1_000 },
        presenceChanged: (subject: string, state: string) => {
          told.push(`${subject} ${state}`);
          if (state === "absent") absent.resolve();
        },
      };
      return withGate(options, async (gate) => {
        const [client] = await knocks(gate, [[101]]);
        if (client !== undefined) await gone(gate, client, 0);
        gate.clock.advance(999);
        assert.deepEqual(told, ["ada present"]);
        gate.clock.advance(1);
        await absent.promise;
        assert.deepEqual(told, ["ada present", "ada absent"]);
      });
    },
  },

  maxConnections: {
    what: "answers 503 to one more, until one has gone",
    run: () =>
      withGate({ limits: { maxConnections: 1 } }, async (gate) => {
        const [first] = await knocks(gate, [[101], [503, { sub: "eve" }]]);
        if (first !== undefined) await gone(gate, first, 0);
        await knocks(gate, [[101]]);
      }),
  },

  maxSessions: {
    what: "answers 503 to one more, until one has gone",
    run: () =>
      withGate({ limits: { maxSessions: 1 } }, async (gate) => {
        const [first] = await knocks(gate, [[101], [503, { sub: "eve" }]]);
        if (first !== undefined) await gone(gate, first, 0);
        await knocks(gate, [[101]]);
      }),
  },

  maxRoomsPerSession: {
    what: "lets a session into no room more",
    run: () => {
      const options = {
        limits: { maxRoomsPerSession: 1 },
        deeds: { act: ((room, { session, groups }) => groups.join(session, String(room))) satisfies Deed },
      };
      return withGate(options, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        for (const [room, isIn] of [["one", true], ["two", false], ["one", true]] as const) {
          client.write(envelope("act", room, room));
          assert.equal((await untilReply(client, room)).at(-1)?.["data"], isIn);
        }
      });
    },
  },
};
