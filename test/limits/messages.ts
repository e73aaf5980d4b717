/**
 * Limits on what one session may ask for, have in hand, and have waiting for it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { SmallGate } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";
import { ask, closedWith, type Consequence, enter, inside, isHeard, type LimitCases, reply } from "./case.ts";
import { padded } from "./padded.ts";

/** Rates, envelopes, handlers, queues. */
export const MESSAGE_LIMITS: LimitCases<
  | "maxMessagesPerSecond"
  | "maxRateDenials"
  | "maxEnvelopeBytes"
  | "maxEnvelopeDepth"
  | "maxQueuedBytes"
  | "handlerTimeoutMs"
  | "maxGivenUpHandlersPerSubject"
  | "maxKeptBytes"
> = {
  maxMessagesPerSecond: {
    what: "answers rate_limited to one more in a second, and when it may come",
    run: () =>
      inside({ limits: { maxMessagesPerSecond: 2 } }, async (client, { clock }) => {
        for (const id of ["1", "2"]) await isHeard(client, id);
        const { code, retryAfterMs } = await ask(client, "3");
        assert.equal(retryAfterMs, 500);
        clock.advance(499);
        assert.equal((await ask(client, "4"))["code"], code);
        clock.advance(1);
        await isHeard(client, "5");
        return `answered with ${String(code)}`;
      }),
  },

  maxRateDenials: {
    what: "closes with 1013 whoever is told once more to wait, but nobody who does for a while",
    run: () => {
      const limits = { maxMessagesPerSecond: 1, maxRateDenials: 2, heartbeatMs: 86_400_000 };
      return inside({ limits }, async (hasty, { clock, ...gate }) => {
        const patient = await enter({ clock, ...gate }, { sub: "mia", lifetimeMs: 600_000 });
        for (const client of [hasty, patient]) await isDeniedTwice(client);
        hasty.write(envelope("look", "more", {}));
        const consequence = await closedWith(hasty, "You were told to wait, and did not.");
        // A hundredth of two per second: in 50 seconds one.
        clock.advance(50_000);
        await isHeard(patient, "later");
        assert.equal((await ask(patient, "again"))["code"], "rate_limited");
        patient.write(envelope("look", "more", {}));
        assert.equal(await closedWith(patient), consequence);
        return consequence;
      });
    },
  },

  maxEnvelopeBytes: {
    what: "answers too_large to a message of one byte more, and the session goes on",
    run: () =>
      inside({ limits: { maxEnvelopeBytes: 1_000 } }, async (client) => {
        client.write(padded("1", 1_000));
        assert.equal((await reply(client, "1"))["type"], "ok");
        client.write(padded("2", 1_001));
        return deniedAndWell(client);
      }),
  },

  maxEnvelopeDepth: {
    what: "answers malformed to a message that is nested once more, and the session goes on",
    run: () =>
      inside({ limits: { maxEnvelopeDepth: 3 } }, async (client) => {
        assert.equal((await ask(client, "1", "look", [[]]))["type"], "ok");
        client.write(envelope("look", "2", [[[]]]));
        return deniedAndWell(client);
      }),
  },

  maxQueuedBytes: {
    what: "closes with 1013 when more waits for a peer that does not read, and none that does",
    run: async () => {
      await readsEverything();
      return inside({ limits: { maxQueuedBytes: 500_000 } }, async (stalled, gate) => {
        const reader = await enter(gate, { sub: "mia" });
        stalled.socket.pause();
        // Of the stalled one: whatever waits for the other in its socket is on its way.
        const queued = () => {
          const all = /^portcullis_queue_bytes (\d+)$/m.exec(gate.gate.metrics())?.[1];
          return Number(all) - (gate.sockets[1]?.writableLength ?? 0);
        };
        for (let sent = 0;; sent++) {
          assert.ok(sent < 1_000, "the buffers of this system are larger than the test thinks");
          const before = queued();
          const receivers = gate.gate.groups.send("everyone", "news", "x".repeat(50_000));
          await reader.json();
          assert.equal(receivers, before <= 500_000 ? 2 : 1);
          if (receivers === 1) break;
          await setImmediate();
        }
        await isHeard(reader, "1");
        stalled.socket.resume();
        return closedWith(stalled, "Reads too slowly");
      });
    },
  },

  maxKeptBytes: {
    what:
      "closes with 1013 when more is kept for a peer that does not read, and not for the latest of the same",
    run: () => {
      const limits = { maxQueuedBytes: 200_000, maxKeptBytes: 60_000 };
      return inside({ limits }, async (stalled, gate) => {
        const { groups } = gate.gate;
        for (const session of groups.members("everyone")) {
          for (const room of ["here", "there"]) groups.join(session, room);
        }
        const figure = (name: string) => {
          const line = gate.gate.metrics().split("\n").find((text) => text.startsWith(name)) ?? "";
          return Number(line.split(" ")[1]);
        };
        const say = (room: string) => groups.send({ room }, "place", "x".repeat(50_000));
        stalled.socket.pause();
        for (let sent = 0; figure("portcullis_queue_bytes") < 100_000; sent++) {
          assert.ok(sent < 1_000, "the buffers of this system are larger than the test thinks");
          assert.equal(groups.send("everyone", "news", "x".repeat(20_000)), 1);
          await setImmediate();
        }
        const before = figure("portcullis_queue_bytes");
        for (let i = 0; i < 20; i++) assert.equal(say("here"), 1);
        assert.equal(figure("portcullis_queue_bytes"), before);
        assert.equal(figure('portcullis_slow_deliveries_total{type="place",outcome="replaced"}'), 19);
        // Another, which would have to be kept as well: it waits with the rest.
        assert.equal(say("there"), 1);
        assert.ok(figure("portcullis_queue_bytes") > before);
        for (let sent = 0; say("there") === 1; sent++) assert.ok(sent < 10);
        stalled.socket.resume();
        return closedWith(stalled, "Reads too slowly");
      });
    },
  },

  handlerTimeoutMs: {
    what: "answers internal when a handler takes as long, and the session goes on",
    run: () => {
      const work = [signal<string>(), signal<string>()] as const;
      const begun = [signal(), signal()] as const;
      let calls = 0;
      const act = () => {
        const call = calls++ === 0 ? 0 : 1;
        begun[call].resolve();
        return work[call].promise;
      };
      return inside({ limits: { handlerTimeoutMs: 1_000 }, deeds: { act } }, async (client, { clock }) => {
        client.write(envelope("act", "1", {}));
        await begun[0].promise;
        clock.advance(999);
        work[0].resolve("in time");
        assert.deepEqual(await reply(client, "1"), { type: "ok", re: "1", data: "in time" });
        client.write(envelope("act", "2", {}));
        await begun[1].promise;
        clock.advance(1_000);
        const { code } = await reply(client, "2");
        work[1].resolve("too late");
        await isHeard(client, "3");
        return `answered with ${String(code)}`;
      });
    },
  },

  maxGivenUpHandlersPerSubject: {
    what: "answers internal while so many of a subject's handlers go on for nobody, and others are heard",
    run: () => {
      const work = [signal(), signal()] as const;
      const begun = signal();
      let calls = 0;
      // The second is at work by the time that its message is waited for.
      const act = () => (++calls === 1 ? begun.resolve() : undefined, work[calls === 1 ? 0 : 1].promise);
      const limits = { maxGivenUpHandlersPerSubject: 1, handlerTimeoutMs: 1_000 };
      return inside({ limits, deeds: { act } }, async (client, gate) => {
        client.write(envelope("act", "1", {}));
        await begun.promise;
        gate.clock.advance(1_000);
        assert.equal((await reply(client, "1"))["code"], "internal");
        // Also in another session.
        const other = await enter(gate);
        const { code } = await ask(other, "2", "act");
        assert.deepEqual([gate.audit.at(-1)?.reason, calls], ["given_up_handlers", 1]);
        await isHeard(await enter(gate, { sub: "mia" }), "3");
        work[0].resolve();
        work[1].resolve();
        assert.equal((await ask(other, "4", "act"))["type"], "ok");
        return `answered with ${String(code)}`;
      });
    },
  },
};

async function isDeniedTwice(client: RawClient): Promise<void> {
  await isHeard(client, "1");
  for (const id of ["2", "3"]) assert.equal((await ask(client, id))["code"], "rate_limited");
}

/** What a message is answered that says nothing of its id; the next is handled. */
async function deniedAndWell(client: RawClient): Promise<Consequence> {
  const { type, code } = await client.json();
  assert.equal(type, "error");
  await isHeard(client, "next");
  return `answered with ${String(code)}`;
}

/** What is said in one turn is not held against a peer before it has been offered to it. */
function readsEverything(): Promise<void> {
  return inside({ limits: { maxQueuedBytes: 1_024 } }, async (reader, { gate }: SmallGate) => {
    for (let i = 0; i < 20; i++) assert.equal(gate.groups.send("everyone", "news", "x".repeat(1_000)), 1);
    for (let i = 0; i < 20; i++) assert.equal((await reader.json())["type"], "news");
    await isHeard(reader, "1");
  });
}
