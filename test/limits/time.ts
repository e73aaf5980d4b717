/**
 * Limits on silence.
 *
 * @module
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { SmallGate } from "../support/gate_small.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { clientFrame, close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed, countConnections } from "../support/server.ts";
import { closedWith, enter, inside, isHeard, type LimitCases, withGate } from "./case.ts";

/** A tick of the heartbeat's wheel is a 64th. */
const HEARTBEAT_MS = 64;
const PONG_MS = 32;

/** Heartbeats, closes. */
export const TIME_LIMITS: LimitCases<"heartbeatMs" | "pongTimeoutMs" | "idleTimeoutMs" | "closeTimeoutMs"> = {
  heartbeatMs: {
    what: "asks whoever has been silent for as long, and nobody who has not",
    run: () =>
      inside({ limits: { heartbeatMs: HEARTBEAT_MS } }, async (silent, gate) => {
        const talker = await enter(gate, { sub: "mia" });
        for (const [id, ms] of [["1", HEARTBEAT_MS - 1], ["2", HEARTBEAT_MS]] as const) {
          gate.clock.advance(ms);
          await isTold(gate, silent);
          talker.write(envelope("look", id, {}));
          assert.equal((await talker.json())["re"], id);
        }
        gate.clock.advance(1);
        const asked = await silent.said();
        await isTold(gate, talker, "mia");
        return `asked with a ${asked}`;
      }),
  },

  pongTimeoutMs: {
    what: "closes with 3008 whoever has not answered by then, and nobody who has",
    run: () =>
      inside(
        { limits: { heartbeatMs: HEARTBEAT_MS, pongTimeoutMs: PONG_MS, closeTimeoutMs: 500 } },
        async (silent, gate) => {
          const polite = await enter(gate, { sub: "mia" });
          gate.clock.advance(2 * HEARTBEAT_MS);
          assert.equal(await silent.said(), "ping");
          await answersPing(gate, polite, 1);
          gate.clock.advance(PONG_MS - 1);
          await isTold(gate, silent);
          gate.clock.advance(1);
          const consequence = await closedWith(silent, "No answer to a ping");
          await isHeard(polite, "1");
          gate.clock.advance(500);
          assert.equal((await silent.finished).rest.length, 0);
          return consequence;
        },
      ),
  },

  idleTimeoutMs: {
    what: "closes with 3008 whoever does nothing but answer pings for as long",
    run: () => {
      const limits = { heartbeatMs: HEARTBEAT_MS, pongTimeoutMs: PONG_MS, idleTimeoutMs: 640 };
      return inside({ limits }, async (idle, gate) => {
        const talker = await enter(gate, { sub: "mia" });
        gate.clock.advance(HEARTBEAT_MS);
        // From ping to ping: the look at the pong, and one a heartbeat later.
        for (let ms = HEARTBEAT_MS; ms < 640; ms += HEARTBEAT_MS + PONG_MS) {
          gate.clock.advance(ms === HEARTBEAT_MS ? HEARTBEAT_MS : HEARTBEAT_MS + PONG_MS);
          await answersPing(gate, idle, 0);
          await answersPing(gate, talker, 1);
          if (ms === HEARTBEAT_MS) await isHeard(talker, "1");
        }
        gate.clock.advance(HEARTBEAT_MS);
        idle.write(clientFrame(9, "still open, after more than 640 ms"));
        assert.match(await idle.said(), /^pong /);
        gate.clock.advance(PONG_MS);
        const consequence = await closedWith(idle, "Nothing was said for too long");
        await isHeard(talker, "2");
        return consequence;
      });
    },
  },

  closeTimeoutMs: {
    what: "cuts off a peer that has not answered a Close frame by then, or not ended its half of TCP",
    run: () =>
      inside({ limits: { closeTimeoutMs: 700 } }, async (mute, gate) => {
        const polite = await enter(gate, { sub: "mia" });
        gate.gate.groups.close("everyone", 3003, "");
        for (const client of [mute, polite]) assert.equal(await client.said(), "close 3003");
        gate.clock.advance(699);
        polite.write(close(3003));
        await polite.finished;
        await closed(gate.sockets[1]);
        assert.equal(gate.sockets[0]?.destroyed, false);
        gate.clock.advance(1);
        await mute.finished;
        await gate.idle();
        await cutsOffHalfOpen(700);
        return "cut off";
      }),
  },
};

/** The very next thing that a client gets is a message of the server: no ping, and no Close. */
async function isTold(gate: SmallGate, client: RawClient, subject = "ada"): Promise<void> {
  assert.equal(gate.gate.groups.send({ subject }, "news", "something"), 1);
  assert.equal((await client.json())["data"], "something");
}

/** Reads a ping, answers it, and waits until the server has heard. @param index Which of its sockets it is. */
async function answersPing(gate: SmallGate, client: RawClient, index: number): Promise<void> {
  assert.equal(await client.said(), "ping");
  const socket = gate.sockets[index] ?? assert.fail();
  const heard = once(socket, "data");
  client.write(clientFrame(10, ""));
  await heard;
}

/** One that was refused goes on to send, and never ends its half. */
function cutsOffHalfOpen(closeTimeoutMs: number): Promise<void> {
  return withGate({ limits: { closeTimeoutMs } }, async (gate) => {
    const client = await RawClient.open(gate.port, "127.0.0.1", true);
    client.write(handshake());
    await once(client.socket, "end");
    client.write("and on and on");
    gate.clock.advance(closeTimeoutMs - 1);
    assert.equal(await countConnections(gate), 1);
    gate.clock.advance(1);
    await gate.idle();
    assert.equal(gate.clock.pending, 0);
    client.socket.destroy();
  });
}
