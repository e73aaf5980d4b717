/**
 * Limits on a handshake, and on those who have shown no token yet.
 *
 * @module
 */

import assert from "node:assert/strict";
import { connect } from "../../src/io/client.ts";
import { untilReply } from "../support/conversation.ts";
import type { SmallGate } from "../support/gate_small.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { mint } from "../support/minted.ts";
import { handshake, type HandshakeShape, RawClient } from "../support/raw_http.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { closed, signal } from "../support/server.ts";
import { startRawServer } from "../support/server_raw.ts";
import { closedWith, enter, isHeard, leaves, type LimitCases, refused, withGate, withToken } from "./case.ts";

/** Handshakes, and strangers. */
export const DOOR_LIMITS: LimitCases<
  | "handshakeTimeoutMs"
  | "maxPendingHandshakes"
  | "maxPendingPerSubject"
  | "maxHeaderFields"
  | "maxHeaderBytes"
  | "maxUnauthenticated"
  | "maxUnauthenticatedPerAddress"
  | "authTimeoutMs"
> = {
  handshakeTimeoutMs: {
    what: "answers 503 when an approval takes as long; a client gives up",
    run: async () => {
      await clientGivesUp(500);
      const { approve, asked } = approvals();
      return withGate({ limits: { handshakeTimeoutMs: 500 }, approve }, async (gate) => {
        const inTime = gate.knock(withToken(gate));
        const approveFirst = await asked();
        gate.clock.advance(499);
        approveFirst(true);
        assert.equal((await inTime).answer.status, 101);
        const tooLate = refused(gate, withToken(gate));
        const approveSecond = await asked();
        gate.clock.advance(500);
        const consequence = await tooLate;
        approveSecond(true);
        assert.equal(gate.gate.size, 1);
        return consequence;
      });
    },
  },

  maxPendingHandshakes: {
    what: "answers 503 to one more that would wait for its approval, until one is decided",
    run: () => {
      const { approve, asked } = approvals();
      return withGate({ limits: { maxPendingHandshakes: 2 }, approve }, async (gate) => {
        const waiting = [gate.knock(withToken(gate)), gate.knock(withToken(gate, { sub: "mia" }))];
        const [first, second] = [await asked(), await asked()];
        const consequence = await refused(gate, withToken(gate, { sub: "eve" }));
        first(true);
        second(false);
        const statuses = (await Promise.all(waiting)).map(({ answer }) => answer.status);
        assert.deepEqual(statuses.sort(), [101, 403]);
        const next = gate.knock(withToken(gate));
        (await asked())(true);
        assert.equal((await next).answer.status, 101);
        return consequence;
      });
    },
  },

  maxPendingPerSubject: {
    what: "answers 429 to one more of a subject, also when the others have hung up, and to no other subject",
    run: () => {
      const { approve, asked } = approvals();
      return withGate({ limits: { maxPendingPerSubject: 2 }, approve }, async (gate) => {
        const answers: ((approved: boolean) => void)[] = [];
        for (const index of [0, 1]) {
          const client = await RawClient.open(gate.port);
          client.write(handshake(withToken(gate)));
          answers.push(await asked());
          client.reset();
          await closed(gate.sockets[index]);
        }
        const consequence = await refused(gate, withToken(gate));
        assert.equal(gate.decisions.at(-1)?.refused?.reason, "pending_of_subject");
        const other = gate.knock(withToken(gate, { sub: "mia" }));
        (await asked())(true);
        assert.equal((await other).answer.status, 101);
        answers[0]?.(true);
        const next = gate.knock(withToken(gate));
        (await asked())(true);
        assert.equal((await next).answer.status, 101);
        return consequence;
      });
    },
  },

  maxHeaderFields: {
    what: "answers 431 to one field more",
    run: () =>
      withGate({ limits: { maxHeaderFields: 20 } }, async (gate) => {
        const missing = 20 - linesOf(withToken(gate)).length;
        const more = (count: number) => withTokenAnd(gate, { "X-More": Array<string>(count).fill("x") });
        assert.equal((await gate.knock(more(missing))).answer.status, 101);
        return refused(gate, more(missing + 1));
      }),
  },

  maxHeaderBytes: {
    what: "answers 431 to fields of one byte more",
    run: () =>
      withGate({ limits: { maxHeaderBytes: 2_000 } }, async (gate) => {
        const missing = 2_000 - linesOf(withTokenAnd(gate, { "X-More": "" })).join("").length;
        const more = (bytes: number) => withTokenAnd(gate, { "X-More": "x".repeat(bytes) });
        assert.equal((await gate.knock(more(missing))).answer.status, 101);
        return refused(gate, more(missing + 1));
      }),
  },

  maxUnauthenticated: {
    what: "answers 503 to one more who has shown nothing yet, until one has, or has gone",
    run: () =>
      withGate({ ...STRANGERS, limits: { maxUnauthenticated: 2 } }, async (gate) => {
        const [first, second] = [await stranger(gate), await stranger(gate)];
        const consequence = await refused(gate, {});
        await enter(gate, { sub: "mia" });
        await showToken(gate, first);
        await stranger(gate);
        assert.equal(await refused(gate, {}), consequence);
        await leaves(gate, second, 1);
        await stranger(gate);
        return consequence;
      }),
  },

  maxUnauthenticatedPerAddress: {
    what: "answers 429 to one more of the same address, until one has shown its token",
    run: () =>
      withGate({ ...STRANGERS, limits: { maxUnauthenticatedPerAddress: 2 } }, async (gate) => {
        const [first] = [await stranger(gate), await stranger(gate)];
        const consequence = await refused(gate, {});
        await enter(gate, { sub: "mia" });
        await showToken(gate, first);
        await stranger(gate);
        return consequence;
      }),
  },

  authTimeoutMs: {
    what: "closes with 3008 whoever has shown nothing by then, whatever else it has sent",
    run: () =>
      withGate({ ...STRANGERS, limits: { authTimeoutMs: 4_000 } }, async (gate) => {
        const [silent, busy, inTime] = [await stranger(gate), await stranger(gate), await stranger(gate)];
        gate.clock.advance(3_999);
        await showToken(gate, inTime);
        busy.write(clientFrame(1, "{", { fin: false }));
        busy.write(clientFrame(9, "ping"));
        assert.equal(await busy.said(), "pong 70696e67");
        gate.clock.advance(1);
        const consequence = await closedWith(silent, "No token in time");
        assert.equal(await closedWith(busy), consequence);
        for (const late of [silent, busy]) {
          late.write(envelope("auth", "a", { token: mint(gate.clock) }));
          late.end();
          assert.equal((await late.finished).rest.length, 0);
        }
        await isHeard(inTime, "1");
        assert.equal(gate.gate.size, 1);
        return consequence;
      }),
  },
};

const STRANGERS = { carriers: ["authorization", "message"] } as const;

async function stranger(gate: SmallGate): Promise<RawClient> {
  const { client, answer } = await gate.knock();
  assert.equal(answer.status, 101);
  return client;
}

async function showToken(gate: SmallGate, client: RawClient): Promise<void> {
  client.write(envelope("auth", "a", { token: mint(gate.clock) }));
  assert.equal((await untilReply(client, "a")).at(-1)?.["type"], "ok");
}

/** Approvals that are decided by the test, in the order in which they are asked for. */
function approvals() {
  const questions: ((approved: boolean) => void)[] = [];
  let wake = () => undefined as void;
  const approve = () =>
    new Promise<boolean>((resolve) => {
      questions.push(resolve);
      wake();
    });
  const asked = async () => {
    if (questions.length === 0) await new Promise<void>((resolve) => wake = resolve);
    return questions.shift() ?? assert.fail("somebody else took it");
  };
  return { approve, asked };
}

function withTokenAnd(gate: SmallGate, more: HandshakeShape["fields"]): HandshakeShape {
  return { fields: { ...withToken(gate).fields, ...more } };
}

/** Names and values, as they are on the wire. */
function linesOf(shape: HandshakeShape): string[] {
  return handshake(shape).trimEnd().split("\r\n").slice(1).map((line) => line.replace(/: ?/, ""));
}

/** A client waits as long for a server, and no longer. */
async function clientGivesUp(handshakeTimeoutMs: number): Promise<void> {
  const server = await startRawServer(() => undefined);
  const [clock, settled] = [new ManualClock(), signal<string>()];
  connect(`ws://127.0.0.1:${server.port}`, { clock, limits: { handshakeTimeoutMs } }).then(
    () => settled.resolve("connected"),
    ({ code }: { code: string }) => settled.resolve(code),
  );
  await server.asked;
  clock.advance(handshakeTimeoutMs - 1);
  assert.equal(clock.pending, 1);
  clock.advance(1);
  assert.equal(await settled.promise, "connect_timeout");
  assert.equal(clock.pending, 0);
  await server.stop();
}
