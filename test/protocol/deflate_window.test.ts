import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { Deflate } from "../../src/protocol/deflate.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import { seededRandom } from "../support/chunkers.ts";
import { hex } from "../support/frames.ts";
import { ROLES, WHOLE_WINDOWS } from "../support/frames_endpoint.ts";

/** 2,000 bytes that do not shrink, and the same again: worth referring back by 2,000 bytes. */
const noise = Buffer.from(Array.from({ length: 2_000 }, seededRandom(3)).map((number) => number * 256));
const twice = Buffer.concat([noise, noise, Buffer.alloc(1_000)]);

/** A decompressor that remembers no more than 2^9 bytes: its output leaves in pieces of 64, which only the window outlasts. */
function inflateWithin9Bits(packed: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([packed, hex("0000ffff 010000ffff")]), {
    windowBits: 9,
    chunkSize: 64,
  });
}

for (const role of ROLES) {
  const bitsOf = (bits: number) => ({
    ...WHOLE_WINDOWS,
    [role === "server" ? "serverMaxWindowBits" : "clientMaxWindowBits"]: bits,
  });

  test(`Deflate.compress() of a ${role} refers back no further than the window that was agreed on`, () => {
    const packed = new Deflate(role, bitsOf(9), DEFLATE_DEFAULTS).compress(twice);
    assert.ok(packed !== undefined && packed.length > 4_000);
    assert.ok(inflateWithin9Bits(packed).equals(twice));
  });

  test(`Deflate.compress() of a ${role} refers back further when the window is larger`, () => {
    const packed = new Deflate(role, bitsOf(12), DEFLATE_DEFAULTS).compress(twice);
    assert.ok(packed !== undefined && packed.length < 3_000);
    assert.throws(() => inflateWithin9Bits(packed), { code: "Z_DATA_ERROR" });
  });
}
