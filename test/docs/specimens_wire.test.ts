/** The mistakes of docs/specimens.md that are about bytes: each is run, and its vectors catch it. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { checkUpgradeResponse } from "../../src/protocol/client_handshake.ts";
import type { Side } from "../../src/protocol/frame.ts";
import { acceptFor } from "../../src/protocol/handshake.ts";
import { frame, SIZES, xor } from "../support/frames.ts";
import { Endpoint } from "../support/frames_endpoint.ts";
import { parseFrames, type RawFrame } from "../support/raw_http_frames.ts";
import { bytesFor, digitsToBytes, framesFor, type FrameVector, type Vector } from "../support/vectors.ts";
import * as mistakes from "./specimen_mistakes.ts";
import { trySpecimens } from "./specimens.ts";

/** An answer to a client that offers subprotocols. */
interface ResponseVector extends Vector {
  readonly with: readonly string[];
  readonly breaks: string;
}

/** The frames of a vector, as a client reads them. */
const framesOf = (vector: FrameVector): RawFrame[] => parseFrames(bytesFor(vector, "client"));

/** The payload of its first frame. */
const payloadOf = (vector: FrameVector): Buffer => framesOf(vector)[0]?.payload ?? Buffer.alloc(0);

/** How an endpoint takes bytes: the rule by which it fails, if it does. */
function ruleBroken(bytes: Buffer, role: Side = "client", vector?: FrameVector): string | undefined {
  const { events } = new Endpoint(role, vector?.limits).receive(bytes);
  return /closed \d+ by local (\w+)/.exec(events.at(-1) ?? "")?.[1];
}

/** What a client that has offered two subprotocols says to a 101 with one more line. */
function checkedWith(line: string) {
  const rawHeaders = [
    "Upgrade",
    "websocket",
    "Connection",
    "Upgrade",
    "Sec-WebSocket-Accept",
    acceptFor("a"),
  ];
  const response = { statusCode: 101, rawHeaders: [...rawHeaders, ...line.split(": ")] };
  return checkUpgradeResponse(response, "a", { subprotocols: ["chat", "superchat"], deflate: undefined });
}

trySpecimens("wire", {
  1: {
    "a writer that sets FIN whatever it is told": (use) => {
      const vector = use<FrameVector>("fragmentation", "a text in two fragments");
      const [wanted, written] = [framesFor(vector, "client"), framesOf(vector).map(mistakes.headerOf)];
      assert.notDeepEqual(written[0], [...wanted[0]?.subarray(0, 2) ?? []]);
      const bytes = Buffer.concat(
        framesOf(vector).map(({ payload }, i) => Buffer.concat([Buffer.from(written[i] ?? []), payload])),
      );
      assert.equal(ruleBroken(bytes), "continuation_without_start");
    },

    "a reader that takes every data frame for the next part": (use) => {
      const inside = use<FrameVector>("fragmentation", "a whole text inside a fragmented text");
      assert.deepEqual(mistakes.messagesIn(framesOf(inside)), ["aHello"]);
      const first = use<FrameVector>("fragmentation", "a continuation as the first frame");
      assert.deepEqual(mistakes.messagesIn(framesOf(first)), ["a"]);
      for (const vector of [inside, first]) {
        assert.equal(ruleBroken(bytesFor(vector, "client")), vector.breaks);
      }
    },
  },

  2: {
    "a writer that takes 65,535 bytes for too many for 16 bits": (use) => {
      const payload = Buffer.alloc(65_535, "z");
      const written = frame({ payload, extension: mistakes.extensionOf(payload.length) });
      assert.deepEqual(bytesFor(use("framing", "65535 bytes"), "client"), frame({ payload }));
      const long = use<FrameVector>("framing", "a length of 65535 bytes with 64 bits");
      assert.deepEqual(written.subarray(0, 10), bytesFor(long, "client").subarray(0, 10));
      assert.equal(ruleBroken(written), long.breaks);
      // At every other length it is right, which is how nobody noticed.
      for (const size of SIZES.filter((size) => size !== 65_535)) {
        const [wrong, right] = [{ extension: mistakes.extensionOf(size) }, {}].map((how) =>
          frame({ payload: Buffer.alloc(size), ...how })
        );
        assert.deepEqual(wrong, right, String(size));
      }
    },
  },

  3: {
    "one masking key for a connection": (use) => {
      const vector = use<FrameVector>("masking", "a new key in each fragment");
      const fragments = parseFrames(digitsToBytes(vector.bytes ?? ""));
      const text = mistakes.unmasked(
        fragments.map(({ key, payload }) => ({ key, masked: xor(payload, key) })),
      );
      assert.notEqual(text, "Hello");
      assert.ok(text.startsWith("Hel"));
    },

    "a pong that is not masked": (use) => {
      const [ping] = framesOf(use("masking", "an unmasked ping"));
      assert.ok(ping !== undefined);
      const { breaks } = use<FrameVector>("masking", "an unmasked ping to a server");
      assert.equal(ruleBroken(mistakes.pongFor(ping), "server"), breaks);
    },
  },

  4: {
    "a decoder that replaces what it cannot read": (use) => {
      const alone = use<FrameVector>("utf8", "a continuation byte alone");
      assert.equal(mistakes.textOf(payloadOf(alone)), "ab\ufffdc");
      assert.equal(ruleBroken(bytesFor(alone, "client")), alone.breaks);
      const mark = use<FrameVector>("utf8", "a byte order mark, which stays");
      assert.equal(mistakes.textOf(payloadOf(mark)), "a");
      assert.deepEqual(new Endpoint("client").receive(bytesFor(mark, "client")).events, ['text "\ufeffa"']);
    },
  },

  5: {
    "an answer to a Close frame that reads a code where there is none": (use) => {
      const empty = use<FrameVector>("closing", "a Close without a code");
      const answer = mistakes.closeAnswer(payloadOf(empty));
      const zero = use<FrameVector>("closing", "code 0");
      assert.deepEqual(frame({ opcode: 8, payload: answer }), bytesFor(zero, "client"));
      assert.equal(ruleBroken(bytesFor(zero, "client")), zero.breaks);
      assert.deepEqual(new Endpoint("client").receive(bytesFor(empty, "client")).sent(), empty.sent);
    },
  },

  6: {
    "an answer that repeats the whole offer": (use) => {
      const vector = use<ResponseVector>("handshake_responses", "the subprotocol chat, superchat");
      const line = mistakes.protocolLine(["chat", "superchat"]);
      assert.deepEqual([line], vector.with);
      assert.deepEqual(checkedWith(line), { ok: false, fault: vector.breaks });
    },
  },

  7: {
    "a length that is read as a signed number": (use) => {
      const vector = use<FrameVector>("framing", "a length with its top bit set, and all others");
      assert.equal(mistakes.mayCome(bytesFor(vector, "client"), 1_048_576), true);
      assert.equal(ruleBroken(bytesFor(vector, "client")), vector.breaks);
    },
  },

  8: {
    "memory for as much as is announced": (use) => {
      const vector = use<FrameVector>("framing", "a message of 2^63 - 1 bytes");
      assert.throws(() => mistakes.roomFor(bytesFor(vector, "client")), RangeError);
      assert.equal(ruleBroken(bytesFor(vector, "client")), vector.breaks);
    },
  },

  9: {
    "a limit that is asked of each frame": (use) => {
      const name = "fragments that together are one byte longer than the limit";
      const vector = use<FrameVector>("framing", name);
      assert.equal(mistakes.mayPass(framesOf(vector), vector.limits?.maxMessageBytes ?? 0), true);
      assert.equal(ruleBroken(bytesFor(vector, "client"), "client", vector), vector.breaks);
    },
  },
});
