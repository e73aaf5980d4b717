import assert from "node:assert/strict";
import { test } from "node:test";
import { startAcceptor } from "../support/server.ts";

test("Acceptor.emptied() resolves at once without a connection, and sets no timer", async () => {
  const target = await startAcceptor();
  const before = target.clock.pending;
  await target.acceptor.emptied();
  assert.equal(target.clock.pending, before);
  await target.stop();
});

test("Acceptor.emptied() resolves when the last connection has gone by itself", async () => {
  const target = await startAcceptor();
  const [first, second] = [await target.enter(), await target.enter()];
  let isEmpty = false;
  const emptied = target.acceptor.emptied().then(() => isEmpty = true);
  first.end();
  await first.finished;
  assert.equal(isEmpty, false);
  second.end();
  await emptied;
  assert.equal(target.acceptor.size, 0);
  await target.stop();
});

test("Acceptor.cutOff() ends whoever is left, without a word and at once", async () => {
  // The handshake of the close would wait for ten minutes.
  const target = await startAcceptor({ limits: { closeTimeoutMs: 600_000 } });
  const client = await target.enter();
  target.acceptor.close();
  const emptied = target.acceptor.emptied();
  assert.equal(target.sockets[0]?.destroyed, false);
  target.acceptor.cutOff();
  assert.equal(target.sockets[0]?.destroyed, true);
  await emptied;
  await client.finished;
  await target.stop();
});
