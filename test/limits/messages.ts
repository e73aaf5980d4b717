/**
 * Limits on what one session may send, have in hand, and have waiting for it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { deflateRawSync } from "node:zlib";
import { untilClose, untilReply } from "../support/conversation.ts";
import type { SmallGate, SmallGateOptions } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { type LimitCases, withGate } from "./case.ts";

/** Messages, fragments, control frames, queues, handlers. */
export const MESSAGE_LIMITS: LimitCases<
  | "maxMessageBytes"
  | "maxMessagesPerSecond"
  | "maxRateDenials"
  | "maxEnvelopeBytes"
  | "maxEnvelopeDepth"
  | "maxDecompressedBytes"
  | "maxFragments"
  | "maxEmptyFragments"
  | "maxControlFramesPerSecond"
  | "maxQueuedBytes"
  | "handlerTimeoutMs"
> = {
  maxMessageBytes: {
    what: "closes with 1009 at the header of a message of one byte more",
    run: () =>
      inside({ limits: { maxMessageBytes: 1_000 } }, async (client) => {
        client.write(padded("1", 1_000));
        assert.deepEqual(await reply(client, "1"), { type: "ok", code: undefined });
        // Its bytes need not come.
        client.write(padded("2", 1_001).subarray(0, 8));
        assert.match(await closeOf(client), /^close 1009/);
      }),
  },

  maxMessagesPerSecond: {
    what: "answers rate_limited to one more in a second",
    run: () =>
      inside({ limits: { maxMessagesPerSecond: 2 } }, async (client, { clock }) => {
        const codes = [];
        for (const id of ["1", "2", "3"]) codes.push((await asks(client, id)).code);
        clock.advance(500);
        codes.push((await asks(client, "4")).code);
        assert.deepEqual(codes, [undefined, undefined, "rate_limited", undefined]);
      }),
  },

  maxRateDenials: {
    what: "closes with 1013 whoever is told once more to wait",
    run: () =>
      inside({ limits: { maxMessagesPerSecond: 1, maxRateDenials: 2 } }, async (client) => {
        for (const id of ["1", "2", "3"]) await asks(client, id);
        client.write(envelope("look", "4", {}));
        assert.equal(await closeOf(client), "close 1013 You were told to wait, and did not.");
      }),
  },

  maxEnvelopeBytes: {
    what: "answers too_large to a message of one byte more",
    run: () =>
      inside({ limits: { maxEnvelopeBytes: 1_000 } }, async (client) => {
        client.write(padded("1", 1_000));
        assert.equal((await reply(client, "1")).code, undefined);
        client.write(padded("2", 1_001));
        assert.equal((await client.json())["code"], "too_large");
      }),
  },

  maxEnvelopeDepth: {
    what: "answers malformed to a message that is nested once more",
    run: () =>
      inside({ limits: { maxEnvelopeDepth: 3 } }, async (client) => {
        client.write(envelope("look", "1", [[]]));
        assert.equal((await reply(client, "1")).code, undefined);
        client.write(envelope("look", "2", [[[]]]));
        assert.equal((await client.json())["code"], "malformed");
      }),
  },

  maxDecompressedBytes: {
    what: "closes with 1009 for one byte more, however few came",
    run: () =>
      withGate({ deflate: true, limits: { maxDecompressedBytes: 50_000 } }, async (gate) => {
        const ends = [];
        for (const bytes of [50_000, 50_001]) {
          const fields = { ...bearer(mint(gate.clock)), "Sec-WebSocket-Extensions": "permessage-deflate" };
          const { client } = await gate.knock({ fields });
          await client.frame();
          client.write(compressed(bytes));
          const { opcode, payload } = await client.frame();
          ends.push(opcode === 8 ? payload.readUInt16BE(0) : "answered");
        }
        assert.deepEqual(ends, ["answered", 1009]);
      }),
  },

  maxFragments: {
    what: "closes with 1008 for one fragment more",
    run: () =>
      inside({ limits: { maxFragments: 3 } }, async (client) => {
        client.write(inFragments("1", 3));
        assert.equal((await reply(client, "1")).code, undefined);
        client.write(inFragments("2", 4));
        assert.match(await closeOf(client), /^close 1008/);
      }),
  },

  maxEmptyFragments: {
    what: "closes with 1008 for one fragment more without a byte in it",
    run: () =>
      inside({ limits: { maxEmptyFragments: 2 } }, async (client) => {
        client.write(inFragments("1", 2, 2));
        assert.equal((await reply(client, "1")).code, undefined);
        client.write(inFragments("2", 2, 3));
        assert.match(await closeOf(client), /^close 1008/);
      }),
  },

  maxControlFramesPerSecond: {
    what: "closes with 1008 for one ping or pong more in a second",
    run: () =>
      inside({ limits: { maxControlFramesPerSecond: 2 } }, async (client, { clock }) => {
        const two = Buffer.concat([clientFrame(9, "a"), clientFrame(10, "b")]);
        client.write(two);
        assert.equal(await client.said(), "pong 61");
        clock.advance(1_000);
        client.write(two);
        assert.equal(await client.said(), "pong 61");
        client.write(clientFrame(9, "c"));
        assert.match(await closeOf(client), /^close 1008/);
      }),
  },

  maxQueuedBytes: {
    what: "closes with 1013 when more waits for a peer that does not read",
    run: () =>
      inside({ limits: { maxQueuedBytes: 500_000 } }, async (client, gate) => {
        client.socket.pause();
        const [socket] = gate.sockets;
        let mostBytes = 0;
        for (let sent = 0; sent < 1_000; sent++) {
          if (gate.gate.groups.send("everyone", "news", "x".repeat(50_000)) === 0) break;
          mostBytes = Math.max(mostBytes, socket?.writableLength ?? 0);
          await setImmediate();
        }
        assert.ok(mostBytes <= 500_000 + 2 * 65_536, `${mostBytes} bytes`);
        client.socket.resume();
        assert.equal(await closeOf(client), "close 1013 Reads too slowly");
      }),
  },

  handlerTimeoutMs: {
    what: "answers internal when a handler takes as long, and goes on",
    run: () => {
      const options = {
        limits: { handlerTimeoutMs: 1_000 },
        deeds: { act: () => new Promise(() => undefined) },
      };
      return inside(options, async (client, gate) => {
        client.write(envelope("act", "1", {}));
        while (gate.handled.length === 0) await setImmediate();
        gate.clock.advance(1_000);
        assert.equal((await reply(client, "1")).code, "internal");
        assert.equal((await asks(client, "2")).type, "ok");
      });
    },
  },
};

/** Tries something in a session. */
function inside(
  options: SmallGateOptions,
  attempt: (client: RawClient, gate: SmallGate) => Promise<void>,
): Promise<void> {
  return withGate(options, async (gate) => {
    const { client } = await gate.enter(mint(gate.clock));
    await attempt(client, gate);
  });
}

async function reply(client: RawClient, id: string) {
  const { type, code } = (await untilReply(client, id)).at(-1) ?? {};
  return { type, code };
}

function asks(client: RawClient, id: string) {
  client.write(envelope("look", id, {}));
  return reply(client, id);
}

async function closeOf(client: RawClient): Promise<string> {
  return (await untilClose(client)).close;
}

/** An envelope of so many bytes. */
function json(id: string, bytes: number): string {
  const empty = JSON.stringify({ type: "look", id, data: "" }).length;
  return JSON.stringify({ type: "look", id, data: "x".repeat(bytes - empty) });
}

function padded(id: string, bytes: number): Buffer {
  return text(json(id, bytes));
}

/** RFC 7692 §7.2.1: without the last four bytes of a flush; the bit RSV1 says that it is compressed. */
function compressed(bytes: number): Buffer {
  const packed = deflateRawSync(json("1", bytes), { finishFlush: 2 });
  return clientFrame(0x41, packed.subarray(0, -4));
}

/** A message in so many fragments, and some empty ones among them. */
function inFragments(id: string, count: number, empty = 0): Buffer {
  const bytes = Buffer.from(json(id, 100));
  const frames = Array.from({ length: count }, (_, i) => {
    const part = bytes.subarray(i * 10, i === count - 1 ? bytes.length : (i + 1) * 10);
    return clientFrame(i === 0 ? 1 : 0, part, { fin: i === count - 1 });
  });
  const none = Array.from({ length: empty }, () => clientFrame(0, "", { fin: false }));
  return Buffer.concat([...frames.slice(0, 1), ...none, ...frames.slice(1)]);
}
