/**
 * Compressed messages (RFC 7692 §7.2.1) of every shape that a sender may give them, made with zlib alone.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { honoursDictionary } from "../../src/protocol/deflate_options.ts";
import type { Side } from "../../src/protocol/frame.ts";
import type { Draw } from "./draw.ts";

/** Compresses one message after the other; `undefined` for one that is to go as it is. */
export type Pack = (payload: Buffer) => Buffer | undefined;

/** Inflates to more than any limit of a case. */
export const BOMB: Buffer = deflateRawSync(Buffer.alloc(2_097_152), {
  finishFlush: constants.Z_SYNC_FLUSH,
})
  .subarray(0, -4);

const STRATEGIES = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_FIXED];

/** Draws what both sides may have agreed on. */
export function drawAgreement(draw: Draw): DeflateParameters {
  const alone = () => !honoursDictionary() || draw.chance(0.3);
  return {
    serverNoContextTakeover: alone(),
    clientNoContextTakeover: alone(),
    serverMaxWindowBits: draw.pick([9, 12, 15]),
    clientMaxWindowBits: draw.pick([9, 12, 15]),
  };
}

/** Packs what the peer of an endpoint sends. */
export function packerFor(
  role: Side,
  draw: Draw,
  agreed: DeflateParameters,
): Pack {
  const [windowBits, alone] = role === "server"
    ? [agreed.clientMaxWindowBits, agreed.clientNoContextTakeover]
    : [agreed.serverMaxWindowBits, agreed.serverNoContextTakeover];
  let history: Buffer = Buffer.alloc(0);
  const block = (data: Buffer, finishFlush: number): Buffer => {
    const options = {
      windowBits,
      level: draw.pick([0, 1, 6, 9]),
      strategy: draw.pick(STRATEGIES),
      finishFlush,
    };
    const packed = deflateRawSync(
      data,
      history.length === 0 ? options : { ...options, dictionary: history },
    );
    history = Buffer.concat([history, data]).subarray(-(2 ** windowBits));
    return packed;
  };
  return (payload) => {
    if (draw.chance(0.3)) return undefined;
    if (alone) history = Buffer.alloc(0);
    const middle = honoursDictionary() && draw.chance(0.3) ? draw.between(0, payload.length) : 0;
    const first = middle > 0 ? block(payload.subarray(0, middle), constants.Z_SYNC_FLUSH) : Buffer.alloc(0);
    // §7.2.3.4: a last block of DEFLATE, behind which an empty one is begun.
    const last = draw.chance(0.1)
      ? Buffer.concat([block(payload.subarray(middle), constants.Z_FINISH), Buffer.of(0)])
      : block(payload.subarray(middle), constants.Z_SYNC_FLUSH).subarray(0, -4);
    return Buffer.concat([first, last]);
  };
}
