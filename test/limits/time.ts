/**
 * Limits on silence, and on the end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { untilClose } from "../support/conversation.ts";
import type { SmallGate } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";
import { setImmediate } from "node:timers";
import { clientFrame, close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";
import { type LimitCases, withGate } from "./case.ts";

/** 64 ms: a tick of the wheel is one. */
const HEARTBEAT_MS = 64;

/** Heartbeats, closes, drains. */
export const TIME_LIMITS: LimitCases<
  | "closeTimeoutMs"
  | "heartbeatMs"
  | "pongTimeoutMs"
  | "idleTimeoutMs"
  | "reconnectSpreadMs"
  | "drainNoticeMs"
  | "drainBatchSessions"
  | "drainTimeoutMs"
> = {
  closeTimeoutMs: {
    what: "cuts off a peer that never answers a Close frame",
    run: () =>
      withGate({ limits: { closeTimeoutMs: 1_000 } }, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        gate.gate.groups.close("everyone", 3003, "");
        assert.equal(await client.said(), "close 3003");
        gate.clock.advance(999);
        assert.equal(gate.sockets[0]?.destroyed, false);
        gate.clock.advance(1);
        assert.equal(gate.sockets[0]?.destroyed, true);
      }),
  },

  heartbeatMs: {
    what: "asks whoever has been silent for as long",
    run: () =>
      withGate({ limits: { heartbeatMs: HEARTBEAT_MS } }, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        gate.clock.advance(2 * HEARTBEAT_MS);
        assert.equal(await client.said(), "ping");
      }),
  },

  pongTimeoutMs: {
    what: "closes with 3008 whoever has not answered by then, and nobody who has",
    run: () =>
      withGate({ limits: { heartbeatMs: HEARTBEAT_MS, pongTimeoutMs: 32 } }, async (gate) => {
        const [silent, polite] = [await gate.enter(mint(gate.clock)), await gate.enter(mint(gate.clock))];
        gate.clock.advance(2 * HEARTBEAT_MS);
        for (const { client } of [silent, polite]) assert.equal(await client.said(), "ping");
        await pong(gate, polite.client, 1);
        gate.clock.advance(32);
        assert.equal(await silent.client.said(), "close 3008 No answer to a ping");
        polite.client.write(envelope("look", "1", {}));
        assert.equal((await polite.client.json())["type"], "ok");
      }),
  },

  idleTimeoutMs: {
    what: "closes with 3008 a connection on which nothing is said for as long",
    run: () =>
      withGate({ limits: { heartbeatMs: HEARTBEAT_MS, idleTimeoutMs: 640 } }, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        for (let ms = 0; ms < 640; ms += 32) {
          await pong(gate, client, 0);
          gate.clock.advance(32);
        }
        assert.equal(gate.gate.size, 1);
        for (let ms = 0; ms < 2 * HEARTBEAT_MS && gate.sockets[0]?.writableEnded === false; ms += 32) {
          await pong(gate, client, 0);
          gate.clock.advance(32);
        }
        assert.equal((await untilClose(client)).close, "close 3008 Nothing was said for too long");
      }),
  },

  reconnectSpreadMs: {
    what: "is the longest wait that a client is told in a drain",
    run: async () => {
      for (const [random, reconnectInMs] of [[0, 0], [0.999, 999]] as const) {
        await withGate({ random: () => random, limits: { reconnectSpreadMs: 1_000 } }, async (gate) => {
          const { client } = await gate.enter(mint(gate.clock));
          void gate.gate.drain();
          assert.deepEqual(await client.json(), { type: "server.bye", data: { reconnectInMs } });
        });
      }
    },
  },

  drainNoticeMs: {
    what: "closes nobody before it is over",
    run: () =>
      withGate({ limits: { drainNoticeMs: 1_000 } }, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        void gate.gate.drain();
        gate.clock.advance(999);
        client.write(envelope("look", "1", {}));
        assert.equal((await client.json())["type"], "server.bye");
        assert.equal((await client.json())["type"], "ok");
        gate.clock.advance(1);
        assert.equal(await client.said(), "close 1012 The server restarts.");
      }),
  },

  drainBatchSessions: {
    what: "closes no more at once",
    run: () =>
      withGate({ limits: { drainBatchSessions: 1, drainNoticeMs: 100 } }, async (gate) => {
        for (let i = 0; i < 2; i++) await gate.enter(mint(gate.clock));
        void gate.gate.drain();
        gate.clock.advance(20 + 100);
        assert.equal(gate.gate.size, 1);
        gate.clock.advance(20);
        assert.equal(gate.gate.size, 0);
      }),
  },

  drainTimeoutMs: {
    what: "waits no longer for a handler",
    run: () => {
      const started = signal();
      const act = () => (started.resolve(), new Promise(() => undefined));
      const options = { deeds: { act }, limits: { drainTimeoutMs: 2_000, drainNoticeMs: 0 } };
      return withGate(options, async (gate) => {
        const { client } = await gate.enter(mint(gate.clock));
        client.write(envelope("act", "1", {}));
        await started.promise;
        void gate.gate.drain();
        gate.clock.advance(1_999);
        assert.equal(gate.gate.size, 1);
        gate.clock.advance(20);
        assert.equal((await untilClose(client)).close, "close 1012 The server restarts.");
        client.write(close(1012));
      });
    },
  },
};

/** Answers as a client does, and waits until the server has heard it. */
async function pong(gate: SmallGate, client: RawClient, index: number): Promise<void> {
  const socket = gate.sockets[index];
  const read = socket?.bytesRead;
  const frame = clientFrame(10, "");
  client.write(frame);
  while (socket?.bytesRead === read && socket?.destroyed === false) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
