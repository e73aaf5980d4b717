import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeRefusal } from "../../src/io/refusal.ts";
import { exchange, handshake, RawClient } from "../support/raw_http.ts";
import { text } from "../support/raw_http_frames.ts";
import {
  type AcceptorUnderTest,
  AUDIENCE,
  closed,
  countConnections,
  signal,
  startAcceptor,
  TEST_KEY,
  type TestAcceptor,
  tokenFor,
} from "../support/server.ts";

const NOW_MS = 1_800_000_000_000;
const TIMEOUT_MS = 5_000;
const BUSY = encodeRefusal("busy", "portcullis");

/** An acceptor whose approvals wait for the test. */
async function startWaiting(options: AcceptorUnderTest = {}): Promise<
  TestAcceptor & { readonly asked: () => Promise<void>; readonly answer: (approved: boolean) => void }
> {
  const answers: ((approved: boolean) => void)[] = [];
  let wake: () => void = () => undefined;
  let unseen = 0;
  const approve = () => {
    unseen++;
    wake();
    return new Promise<boolean>((resolve) => answers.push(resolve));
  };
  const asked = async () => {
    if (unseen === 0) await new Promise<void>((resolve) => wake = resolve);
    unseen--;
  };
  const target = await startAcceptor({ approve, limits: { handshakeTimeoutMs: TIMEOUT_MS }, ...options });
  return { ...target, asked, answer: (approved) => answers.shift()?.(approved) };
}

describe("approve()", () => {
  for (const verdict of [1, "yes", {}, undefined, null]) {
    test(`refuses with 403 for ${JSON.stringify(verdict)}: only true is a yes`, async () => {
      const target = await startAcceptor({ approve: () => verdict as boolean });
      const { text: answer } = await exchange(target.port, handshake());
      assert.equal(answer, encodeRefusal("not_allowed", "portcullis"));
      await target.stop();
    });
  }

  test("keeps what the client has sent meanwhile, and delivers it behind the 101", async () => {
    const target = await startWaiting({
      events: { text: (message, connection) => void connection.send(message) },
    });
    const client = await RawClient.open(target.port);
    client.write(handshake() + text("with the request").toString("latin1"));
    await target.asked();
    client.write(text("during"));
    target.answer(true);
    assert.equal((await client.response()).status, 101);
    assert.equal(await client.said(), 'text "with the request"');
    assert.equal(await client.said(), 'text "during"');
    assert.equal(target.clock.pending, 1, "the heartbeat alone");
    await target.stop();
  });

  test("is not asked for a token that is no good", async () => {
    let asked = 0;
    const target = await startAcceptor({ keys: [TEST_KEY], audience: AUDIENCE, approve: () => ++asked > 0 });
    await exchange(target.port, handshake());
    assert.equal(asked, 0);
    await target.stop();
  });

  test("is given up at the deadline, and its late yes means nothing", async () => {
    const target = await startWaiting();
    const client = await RawClient.open(target.port);
    client.write(handshake() + text("smuggled").toString("latin1"));
    await target.asked();
    target.clock.advance(TIMEOUT_MS - 1);
    assert.deepEqual(target.refusals, []);
    target.clock.advance(1);
    const { how, rest } = await client.finished;
    assert.equal(rest.toString(), BUSY);
    assert.equal(how, "end");
    assert.deepEqual(target.refusals, ["busy: approval_timeout"]);
    target.answer(true);
    await target.idle();
    assert.equal(target.acceptor.size, 0);
    await target.stop();
  });

  test("that throws is answered with 500 and reported, without details", async () => {
    const target = await startAcceptor({
      approve: () => Promise.reject(new Error("the password is hunter2")),
    });
    const { text: answer } = await exchange(target.port, handshake());
    assert.equal(answer, encodeRefusal("server_fault", "portcullis"));
    assert.equal((target.errors[0] as Error).message, "the password is hunter2");
    await target.stop();
  });
});

describe("While an approval is awaited", () => {
  for (const approved of [true, false]) {
    test(`a reset leaves nothing behind, when the answer is then ${approved}`, async () => {
      let entered = 0;
      const target = await startWaiting({ connected: () => (entered++, {}) });
      const client = await RawClient.open(target.port);
      client.write(handshake());
      await target.asked();
      client.reset();
      await client.finished;
      // Nobody reads the socket while it waits, so only the next write can tell that the peer has gone.
      target.answer(approved);
      await target.idle();
      assert.equal(target.acceptor.size, 0);
      assert.equal(await countConnections(target), 0);
      assert.equal(target.clock.pending, 0);
      assert.ok(entered <= 1);
      await target.stop();
    });
  }

  test("a FIN is not missed: the connection ends as soon as it has begun", async () => {
    const ended = signal<number>();
    const target = await startWaiting({ events: { closed: ({ code }) => ended.resolve(code) } });
    const client = await RawClient.open(target.port);
    client.write(handshake());
    await target.asked();
    const fin = new Promise<void>((resolve) => target.sockets[0]?.once("end", resolve));
    client.end();
    await fin;
    target.answer(true);
    assert.equal(await ended.promise, 1006);
    assert.equal((await client.finished).how, "end");
    await target.idle();
    assert.equal(target.acceptor.size, 0);
    assert.equal(target.clock.pending, 0);
    await target.stop();
  });

  test("an identity that ends is refused with 401", async () => {
    const target = await startWaiting({ keys: [TEST_KEY], audience: AUDIENCE });
    const client = await RawClient.open(target.port);
    const token = tokenFor("ada", [], NOW_MS + 1_000);
    client.write(handshake({ fields: { Authorization: `Bearer ${token}` } }));
    await target.asked();
    target.clock.advance(1_000);
    target.answer(true);
    const { rest } = await client.finished;
    assert.equal(rest.toString(), encodeRefusal("invalid_token", "portcullis"));
    assert.deepEqual(target.refusals, ["invalid_token: expired"]);
    await target.stop();
  });

  test("an identity that has a moment left is let in", async () => {
    const target = await startWaiting({ keys: [TEST_KEY], audience: AUDIENCE });
    const client = await RawClient.open(target.port);
    const token = tokenFor("ada", [], NOW_MS + 1_000);
    client.write(handshake({ fields: { Authorization: `Bearer ${token}` } }));
    await target.asked();
    target.clock.advance(999);
    target.answer(true);
    assert.equal((await client.response()).status, 101);
    await target.stop();
  });

  test("close() turns it into 503", async () => {
    const target = await startWaiting();
    const client = await RawClient.open(target.port);
    client.write(handshake());
    await target.asked();
    target.acceptor.close();
    target.answer(true);
    assert.equal((await client.finished).rest.toString(), BUSY);
    assert.deepEqual(target.refusals, ["busy: closed"]);
    await target.stop();
  });

  test("maxConnections counts at the end of it", async () => {
    const target = await startWaiting({ limits: { maxConnections: 1 } });
    const [first, second] = [await RawClient.open(target.port), await RawClient.open(target.port)];
    first.write(handshake());
    await target.asked();
    second.write(handshake());
    await target.asked();
    target.answer(true);
    target.answer(true);
    assert.equal((await first.response()).status, 101);
    assert.equal((await second.finished).rest.toString(), BUSY);
    await target.stop();
  });
});

test("connected() may destroy the connection, and closed() is still told", async () => {
  const told = signal<number>();
  const target = await startAcceptor({
    connected: (connection) => {
      connection.destroy();
      return { closed: ({ code }) => told.resolve(code) };
    },
  });
  const client = await RawClient.open(target.port);
  client.write(handshake());
  await client.finished;
  await closed(target.sockets[0]);
  assert.equal(await told.promise, 1006);
  assert.equal(target.acceptor.size, 0);
  assert.equal(target.clock.pending, 0);
  await target.stop();
});

test("Acceptor counts whoever needs no token by the address", async () => {
  const target = await startWaiting({
    limits: { handshakeTimeoutMs: TIMEOUT_MS, maxPendingPerSubject: 2 },
  });
  for (let i = 0; i < 2; i++) {
    (await RawClient.open(target.port)).write(handshake());
    await target.asked();
  }
  const { text: answer } = await exchange(target.port, handshake());
  assert.equal(answer, encodeRefusal("too_many", "portcullis"));
  await target.stop();
});
