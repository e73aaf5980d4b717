/**
 * Limits on how much there is at the same time.
 *
 * @module
 */

import assert from "node:assert/strict";
import { untilReply } from "../support/conversation.ts";
import type { Deed, SmallGateOptions } from "../support/gate_small.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed } from "../support/server.ts";
import {
  ask,
  closedWith,
  enter,
  inside,
  isHeard,
  leaves,
  type LimitCases,
  refused,
  withGate,
  withToken,
} from "./case.ts";

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
      withGate({ limits: { maxConnectionsPerAddress: 2 } }, async (gate) => {
        const [first] = [await enter(gate), await enter(gate, { sub: "mia" })];
        const consequence = await refused(gate, withToken(gate, { sub: "eve" }));
        assert.equal(gate.decisions.at(-1)?.refused?.reason, "connections_of_address");
        await leaves(gate, first, 0);
        await enter(gate, { sub: "eve" });
        return consequence;
      }),
  },

  maxSessionsPerSubject: {
    what: "answers 429 to one more of a subject, until one has gone, and to no other",
    run: () =>
      withGate({ limits: { maxSessionsPerSubject: 2 } }, async (gate) => {
        const [first, second] = [await enter(gate), await enter(gate, { roles: ["admin"] })];
        const consequence = await refused(gate, withToken(gate));
        const { event, reason, subject } = gate.audit.at(-1) ?? {};
        assert.deepEqual([event, reason, subject], [
          "excess_rate_limit_exceeded",
          "sessions_of_subject",
          "ada",
        ]);
        await enter(gate, { sub: "eve" });
        for (const client of [first, second]) await isHeard(client, "1");
        await leaves(gate, first, 0);
        await enter(gate);
        return consequence;
      }),
  },

  presenceGraceMs: {
    what: "tells the others that a subject has gone when it has been away for so long, and not before",
    run: () => {
      const options: SmallGateOptions = {
        limits: { presenceGraceMs: 1_000 },
        presenceChanged: (subject, state, groups) => {
          if (subject === "ada") groups.send({ subject: "eve" }, "news", state);
        },
      };
      return withGate(options, async (gate) => {
        const watcher = await enter(gate, { sub: "eve" });
        const news = async () => (await watcher.json())["data"];
        const page = await enter(gate);
        assert.equal(await news(), "present");
        await leaves(gate, page, 1);
        gate.clock.advance(999);
        const reloaded = await enter(gate);
        gate.clock.advance(1_000);
        watcher.write(envelope("look", "1", {}));
        assert.deepEqual(await untilReply(watcher, "1"), [{ type: "ok", re: "1" }], "a reload is no news");
        await leaves(gate, reloaded, 2);
        gate.clock.advance(1_000);
        assert.equal(await news(), "absent");
        return undefined;
      });
    },
  },

  maxConnections: {
    what: "answers 503 to one more, until one has gone, which one that is closing has not",
    run: () =>
      withGate({ limits: { maxConnections: 2 } }, async (gate) => {
        const [first] = [await enter(gate), await enter(gate, { sub: "mia" })];
        const consequence = await refused(gate, withToken(gate, { sub: "eve" }));
        gate.gate.groups.close({ subject: "ada" }, 3003, "");
        await closedWith(first);
        assert.equal(gate.gate.size, 1);
        assert.equal(await refused(gate, withToken(gate, { sub: "eve" })), consequence);
        first.write(close(3003));
        await closed(gate.sockets[0]);
        await enter(gate, { sub: "eve" });
        return consequence;
      }),
  },

  maxSessions: {
    what: "answers 503 to one more, until one has gone",
    run: () =>
      withGate({ limits: { maxSessions: 2 } }, async (gate) => {
        const [first] = [await enter(gate), await enter(gate, { sub: "mia" })];
        const consequence = await refused(gate, withToken(gate, { sub: "eve" }));
        assert.deepEqual([gate.gate.size, gate.decisions.at(-1)?.refused?.reason], [2, "sessions"]);
        await leaves(gate, first, 0);
        await enter(gate, { sub: "eve" });
        return consequence;
      }),
  },

  maxRoomsPerSession: {
    what: "lets a session into no room more, until it has left one",
    run: () => {
      const act: Deed = (room, { session, groups }) => groups.join(session, String(room));
      const look: Deed = (room, { session, groups }) => groups.leave(session, String(room));
      return inside({ limits: { maxRoomsPerSession: 2 }, deeds: { act, look } }, async (client) => {
        const joins = async (room: string) => (await ask(client, room, "act", room))["data"];
        assert.deepEqual([await joins("one"), await joins("two")], [true, true]);
        const answer = await joins("three");
        assert.equal(await joins("two"), true, "it is in there already");
        await ask(client, "leave", "look", "two");
        assert.equal(await joins("three"), true);
        return `answered with ${String(answer)}`;
      });
    },
  },
};
