/** A peer that stops reading, over a real socket: what it costs the others, and the server. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { definePermissions } from "../../src/auth/permission.ts";
import type { SlowReaderPolicy } from "../../src/auth/permission_row.ts";
import { untilClose } from "../support/conversation.ts";
import { hostGate } from "../support/gate_host.ts";
import { mint } from "../support/minted.ts";

const isText = (value: unknown): value is string => typeof value === "string";
const BLOCK = "x".repeat(65_536);
const MAX_QUEUED_BYTES = 1_048_576;
/** More than all buffers of the system between two sockets, and the queue. */
const MOST_BLOCKS = 1_000;

/** A gate with one type of message, a reader, and a session that has stopped reading. */
async function house(slowReaders: SlowReaderPolicy) {
  const target = await hostGate({
    permissions: definePermissions({
      roles: ["member"],
      receive: { echo: { roles: ["member"], data: isText } },
      send: { tick: { roles: ["member"], data: isText, slowReaders } },
    }),
    handlers: { echo: (text) => text },
    limits: { maxQueuedBytes: MAX_QUEUED_BYTES },
  });
  const stalled = await target.enter(mint(target.clock, { sub: "stalled", roles: ["member"] }));
  const reader = await target.enter(mint(target.clock, { sub: "reader", roles: ["member"] }));
  const [session] = target.gate.groups.members({ subject: "stalled" });
  assert.ok(session !== undefined);
  stalled.client.socket.pause();
  let last = 0;
  /** Sends to both until the stalled one says so, and reads what the reader gets in the same turn. */
  const sendUntil = async (isEnough: (receivers: number) => boolean) => {
    for (let blocks = 0; blocks < MOST_BLOCKS; blocks++) {
      const receivers = target.gate.groups.send("everyone", "tick", `${++last} ${BLOCK}`);
      assert.match(String((await reader.client.json())["data"]), new RegExp(`^${last} `));
      await setImmediate();
      if (isEnough(receivers)) return;
    }
    assert.fail("the buffers of this system are larger than the test thinks");
  };
  const queuedBytes = () => Math.max(...target.sockets.map((socket) => socket.writableLength));
  return {
    target,
    queuedBytes,
    stalled: stalled.client,
    reader: reader.client,
    session,
    sendUntil,
    last: () => last,
  };
}

/** The numbers of all ticks that wait for a client, read until the one that is wanted. */
async function numbersUntil(client: { json(): Promise<Record<string, unknown>> }, wanted: number) {
  const numbers: number[] = [];
  while (numbers.at(-1) !== wanted) numbers.push(parseInt(String((await client.json())["data"]), 10));
  return numbers;
}

describe("A session that stops reading delays nobody, and", () => {
  test("is closed with 1013 where nothing else is said, when maxQueuedBytes wait for it", async () => {
    const { target, queuedBytes, stalled, sendUntil } = await house("close");
    let mostBytes = 0;
    await sendUntil((receivers) => {
      mostBytes = Math.max(mostBytes, queuedBytes());
      return receivers === 1;
    });
    assert.ok(mostBytes <= MAX_QUEUED_BYTES + 2 * BLOCK.length, `${mostBytes} bytes were queued`);
    stalled.socket.resume();
    assert.equal((await untilClose(stalled)).close, "close 1013 Reads too slowly");
    await target.stop();
  });

  test("is spared what is to be dropped, and answered when it reads again", async () => {
    const { target, queuedBytes, stalled, session, sendUntil, last } = await house("drop");
    await sendUntil(() => session.sender.congested);
    const sent = last();
    for (let i = 0; i < 50; i++) target.gate.groups.send({ subject: "stalled" }, "tick", "lost");
    assert.ok(queuedBytes() <= MAX_QUEUED_BYTES);
    stalled.socket.resume();
    const numbers = await numbersUntil(stalled, sent);
    assert.deepEqual(numbers, Array.from({ length: sent }, (_, i) => i + 1));
    assert.equal(session.sender.congested, false);
    target.gate.groups.send({ subject: "stalled" }, "tick", "again");
    assert.equal((await stalled.json())["data"], "again");
    await target.stop();
  });

  test("gets the latest of what it missed, when it reads again", async () => {
    const { target, stalled, session, sendUntil, last } = await house("keep-latest");
    await sendUntil(() => session.sender.congested);
    const sent = last();
    for (let i = 0; i < 50; i++) target.gate.groups.send({ subject: "stalled" }, "tick", `${1_000 + i}`);
    stalled.socket.resume();
    const numbers = await numbersUntil(stalled, 1_049);
    assert.deepEqual(numbers, [...Array.from({ length: sent }, (_, i) => i + 1), 1_049]);
    await target.stop();
  });
});
