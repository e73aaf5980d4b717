/**
 * Limits on the frames of a message, and between messages.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { frameTo } from "../support/frames.ts";
import type { SmallGate } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { closedWith, enter, inside, isHeard, type LimitCases, reply, withGate, withToken } from "./case.ts";
import { jsonOf, padded } from "./padded.ts";

/** Sizes, fragments, control frames. */
export const FRAME_LIMITS: LimitCases<
  | "maxMessageBytes"
  | "maxDecompressedBytes"
  | "maxFragments"
  | "maxEmptyFragments"
  | "maxControlFramesPerSecond"
> = {
  maxMessageBytes: {
    what: "closes with 1009 at the header of a message of one byte more, in one frame or in two",
    run: () =>
      inside({ limits: { maxMessageBytes: 1_000 } }, async (client, gate) => {
        client.write(padded("1", 1_000));
        assert.equal((await reply(client, "1"))["type"], "ok");
        // Its bytes need not come.
        client.write(padded("2", 1_001).subarray(0, 8));
        const consequence = await closedWith(client);
        const other = await enter(gate);
        other.write(halves("1", 1_000));
        assert.equal((await reply(other, "1"))["type"], "ok");
        other.write(halves("2", 1_001).subarray(0, 8 + 500 + 8));
        assert.equal(await closedWith(other), consequence);
        return consequence;
      }),
  },

  maxDecompressedBytes: {
    what: "closes with 1009 for one byte more, however few came",
    run: () =>
      withGate({ deflate: true, limits: { maxDecompressedBytes: 50_000 } }, async (gate) => {
        const client = await compressing(gate);
        client.write(compressed("1", 50_000));
        assert.equal((await client.frame()).opcode, 1);
        client.write(compressed("2", 50_001));
        return closedWith(client);
      }),
  },

  maxFragments: {
    what: "closes with 1008 for one fragment more in a message",
    run: () =>
      inside({ limits: { maxFragments: 3 } }, async (client) => {
        for (const id of ["1", "2"]) {
          client.write(inFragments(id, 3));
          assert.equal((await reply(client, id))["type"], "ok");
        }
        client.write(inFragments("3", 4));
        return closedWith(client);
      }),
  },

  maxEmptyFragments: {
    what: "closes with 1008 for one fragment more without a byte in it",
    run: () =>
      inside({ limits: { maxEmptyFragments: 2 } }, async (client) => {
        for (const id of ["1", "2"]) {
          client.write(inFragments(id, 2, 2));
          assert.equal((await reply(client, id))["type"], "ok");
        }
        client.write(inFragments("3", 2, 3));
        return closedWith(client);
      }),
  },

  maxControlFramesPerSecond: {
    what: "closes with 1008 for one ping or pong more in a second",
    run: () =>
      inside({ limits: { maxControlFramesPerSecond: 2 } }, async (client, { clock }) => {
        for (let second = 0; second < 2; second++) {
          client.write(Buffer.concat([clientFrame(10, "b"), clientFrame(9, "a")]));
          assert.equal(await client.said(), "pong 61");
          clock.advance(1_000);
        }
        client.write(Buffer.concat([clientFrame(9, "a"), clientFrame(10, "b")]));
        assert.equal(await client.said(), "pong 61");
        await isHeard(client, "1");
        client.write(clientFrame(10, "c"));
        return closedWith(client);
      }),
  },
};

async function compressing(gate: SmallGate): Promise<RawClient> {
  const fields = { ...withToken(gate).fields, "Sec-WebSocket-Extensions": "permessage-deflate" };
  const { client } = await gate.knock({ fields });
  // The `hello`, compressed too.
  await client.frame();
  return client;
}

/** RFC 7692 §7.2.1: without the last four bytes of a flush. RSV1 says that it is compressed. */
function compressed(id: string, bytes: number): Buffer {
  const packed = deflateRawSync(jsonOf(id, bytes), { finishFlush: constants.Z_SYNC_FLUSH });
  return frameTo("server", { opcode: 1, rsv: 4, payload: packed.subarray(0, -4) });
}

/** The first of 500 bytes, the second of all others: both have headers of 8 bytes. */
function halves(id: string, bytes: number): Buffer {
  const json = jsonOf(id, bytes);
  return Buffer.concat([clientFrame(1, json.slice(0, 500), { fin: false }), clientFrame(0, json.slice(500))]);
}

/** A message in so many fragments, and some empty ones behind the first. */
function inFragments(id: string, count: number, empty = 0): Buffer {
  const bytes = Buffer.from(jsonOf(id, 100));
  const frames = Array.from({ length: count }, (_, i) => {
    const isLast = i === count - 1;
    return clientFrame(i === 0 ? 1 : 0, bytes.subarray(i * 10, isLast ? bytes.length : (i + 1) * 10), {
      fin: isLast,
    });
  });
  const none = Array.from({ length: empty }, () => clientFrame(0, "", { fin: false }));
  return Buffer.concat([...frames.slice(0, 1), ...none, ...frames.slice(1)]);
}
