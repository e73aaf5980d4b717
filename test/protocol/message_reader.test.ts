import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveLimits } from "../../src/base/limits.ts";
import { borrowReader, MessageReader, returnReader } from "../../src/protocol/message_reader.ts";
import { frameTo } from "../support/frames.ts";

const limits = resolveLimits();

test("borrowReader() lends what was returned, by the limits of whoever borrows", () => {
  const reader = borrowReader({ role: "server", limits });
  returnReader(reader, "server");
  const small = { ...limits, maxMessageBytes: 10 };
  const again = borrowReader({ role: "server", limits: small, ownsChunks: true });
  assert.equal(again, reader);
  assert.deepEqual([again.decoder.maxPayloadBytes, again.assembler.limits, again.decoder.ownsChunks], [
    10,
    small,
    true,
  ]);
  const other = borrowReader({ role: "server", limits });
  assert.notEqual(other, reader);
  assert.deepEqual([other.decoder.maxPayloadBytes, other.decoder.ownsChunks], [
    limits.maxMessageBytes,
    false,
  ]);
});

test("borrowReader() never lends a server's reader to a client", () => {
  const reader = borrowReader({ role: "server", limits });
  returnReader(reader, "server");
  assert.notEqual(borrowReader({ role: "client", limits }), reader);
});

test("returnReader() keeps no more than a few", () => {
  // Those that other tests have left.
  for (let n = 0; n < 8; n++) borrowReader({ role: "client", limits });
  const readers = Array.from({ length: 20 }, () => new MessageReader({ role: "client", limits }));
  for (const reader of readers) returnReader(reader, "client");
  const lent = readers.map(() => borrowReader({ role: "client", limits }));
  assert.equal(lent.filter((reader) => readers.includes(reader)).length, 8);
});

test("MessageReader.atRest holds between two messages, and not between two fragments", () => {
  const reader = new MessageReader({ role: "server", limits });
  const seen = [reader.atRest];
  const parts = [{ opcode: 2, fin: false }, { opcode: 0, fin: false }, { opcode: 0 }];
  for (const part of parts) {
    reader.decoder.feed(frameTo("server", part));
    while (reader.decoder.next() === "part") reader.assembler.accept(reader.decoder);
    seen.push(reader.atRest);
  }
  assert.deepEqual(seen, [true, false, false, true]);
});
