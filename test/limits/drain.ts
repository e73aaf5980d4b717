/**
 * Limits on the end of a server.
 *
 * @module
 */

import assert from "node:assert/strict";
import { untilReply } from "../support/conversation.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";
import { closedWith, enter, inside, isHeard, type LimitCases, reply, withGate } from "./case.ts";

/** Drains. */
export const DRAIN_LIMITS: LimitCases<
  "reconnectSpreadMs" | "drainNoticeMs" | "drainBatchSessions" | "drainTimeoutMs"
> = {
  reconnectSpreadMs: {
    what: "is the end of the waits that clients are told in a drain",
    run: () => {
      const draws = [0, 0.5, 0.999_999];
      const random = () => draws.shift() ?? assert.fail("one draw for each");
      return withGate({ random, limits: { reconnectSpreadMs: 1_000 } }, async (gate) => {
        const clients = [await enter(gate), await enter(gate), await enter(gate)];
        void gate.gate.drain();
        for (const [i, reconnectInMs] of [0, 500, 999].entries()) {
          assert.deepEqual(await clients[i]?.json(), { type: "server.bye", data: { reconnectInMs } });
        }
        return undefined;
      });
    },
  },

  drainNoticeMs: {
    what: "closes nobody before it is over",
    run: () =>
      inside({ limits: { drainNoticeMs: 1_000 } }, async (client, gate) => {
        void gate.gate.drain();
        assert.equal((await client.json())["type"], "server.bye");
        gate.clock.advance(999);
        await isHeard(client, "1");
        gate.clock.advance(1);
        assert.equal(await closedWith(client, "The server restarts."), "closed with 1012");
        return undefined;
      }),
  },

  drainBatchSessions: {
    what: "tells and closes no more in one turn",
    run: () =>
      withGate({ limits: { drainBatchSessions: 2, drainNoticeMs: 100 } }, async (gate) => {
        const [, , third] = [await enter(gate), await enter(gate), await enter(gate)];
        void gate.gate.drain();
        third.write(envelope("look", "1", {}));
        assert.deepEqual(await untilReply(third, "1"), [{ type: "ok", re: "1" }], "not told yet");
        gate.clock.advance(20);
        assert.equal((await third.json())["type"], "server.bye");
        const sizes = [99, 1, 19, 1].map((ms) => (gate.clock.advance(ms), gate.gate.size));
        assert.deepEqual(sizes, [3, 1, 1, 0]);
        return undefined;
      }),
  },

  drainTimeoutMs: {
    what: "closes with 1012 whoever waits for a handler that takes as long, and aborts that",
    run: () => {
      const [inTime, looking, begun, aborted] = [signal<string>(), signal(), signal<AbortSignal>(), signal()];
      const deeds = {
        look: () => (looking.resolve(), inTime.promise),
        act: (_data: unknown, context: { readonly signal: AbortSignal }) => {
          context.signal.addEventListener("abort", () => aborted.resolve());
          begun.resolve(context.signal);
          return new Promise(() => undefined);
        },
      };
      return inside({ deeds, limits: { drainTimeoutMs: 2_000, drainNoticeMs: 0 } }, async (stuck, gate) => {
        const quick = await enter(gate, { sub: "mia" });
        quick.write(envelope("look", "1", {}));
        stuck.write(envelope("act", "1", {}));
        const [work] = await Promise.all([begun.promise, looking.promise]);
        const drained = gate.gate.drain();
        gate.clock.advance(1_980);
        assert.equal(gate.gate.size, 2);
        inTime.resolve("done");
        assert.equal((await reply(quick, "1"))["data"], "done");
        gate.clock.advance(19);
        assert.deepEqual([gate.gate.size, work.aborted], [2, false]);
        gate.clock.advance(1);
        await aborted.promise;
        const consequence = await closedWith(stuck, "The server restarts.");
        assert.equal(await closedWith(quick), consequence);
        for (const client of [stuck, quick]) client.write(close(1012));
        await drained;
        return consequence;
      });
    },
  },
};
