import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { clientFrame, close, closePayload, serverFrame, text } from "../support/raw_http_frames.ts";
import { startConnection } from "../support/server_connection.ts";

describe("SocketConnection closes, then ends TCP, for", () => {
  const violations: Readonly<Record<string, readonly [bytes: Buffer, answer: string]>> = {
    "a frame without a mask": [serverFrame(1, "x"), "close 1002 Frames from a client must be masked"],
    "a reserved bit": [Buffer.of(0xc1, 0x80, 0, 0, 0, 0), "close 1002 Reserved bits must be 0"],
    "a reserved opcode": [clientFrame(3, ""), "close 1002 Unknown opcode"],
    "a continuation of nothing": [
      clientFrame(0, "x"),
      "close 1002 Continuation frame without a message to continue",
    ],
    "text that is not UTF-8": [clientFrame(1, [0xff]), "close 1007 Text is not valid UTF-8"],
    "a message over the limit": [clientFrame(2, Buffer.alloc(101)), "close 1009 Message is too big"],
    "a Close of one byte": [clientFrame(8, [3]), "close 1002 Close payload of 1 byte"],
    "an HTTP request": [Buffer.from("GET / HTTP/1.1\r\n\r\n"), "close 1002 Reserved bits must be 0"],
  };
  for (const [name, [bytes, answer]] of Object.entries(violations)) {
    test(name, async () => {
      let messages = 0;
      const { clock, closed, ended, peer, said, settle, socket } = startConnection({
        limits: { maxMessageBytes: 100 },
        message: () => void messages++,
      });
      peer.write(Buffer.concat([bytes, text("behind it")]));
      assert.deepEqual(await said(), [answer]);
      assert.equal(peer.readableEnded, true);
      assert.equal(messages, 0);
      assert.equal(`close ${closed[0]?.code} ${closed[0]?.reason}`, answer);
      assert.notEqual(closed[0]?.rule, undefined);
      peer.end();
      await settle();
      assert.equal(socket.destroyed, true);
      assert.deepEqual([closed.length, ended(), clock.pending], [1, 1, 0]);
    });
  }
});

describe("SocketConnection ends", () => {
  test("with the peer's code after its own Close was answered", async () => {
    const { clock, closed, connection, ended, peer, said, settle } = startConnection();
    connection.close(3003, "out");
    await settle();
    peer.write(Buffer.concat([text("dropped"), close(3003)]));
    assert.deepEqual(await said(), ["close 3003 out"]);
    assert.equal(peer.readableEnded, true);
    assert.deepEqual(closed, [{ code: 3003, reason: "", by: "local", rule: undefined }]);
    assert.equal(clock.pending, 1, "for the peer's FIN; that for its Close is over");
    peer.end();
    await settle();
    assert.deepEqual([ended(), clock.pending], [1, 0]);
  });

  for (
    const [payload, answer, code] of [[closePayload(1001, "bye"), "close 1001", 1001], [
      Buffer.alloc(0),
      "close",
      1005,
    ]] as const
  ) {
    test(`when the peer closes with ${code}, which it echoes`, async () => {
      const { closed, peer, said } = startConnection();
      peer.write(clientFrame(8, payload));
      assert.deepEqual(await said(), [answer]);
      assert.equal(peer.readableEnded, true);
      assert.deepEqual(closed, [{
        code,
        reason: payload.subarray(2).toString(),
        by: "peer",
        rule: undefined,
      }]);
    });
  }

  test("after closeTimeoutMs when the peer never answers its Close", async () => {
    const { clock, closed, connection, settle, socket } = startConnection({
      limits: { closeTimeoutMs: 500 },
    });
    connection.close();
    clock.advance(499);
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    await settle();
    assert.equal(socket.destroyed, true);
    assert.deepEqual(closed, [{ code: 1006, reason: "", by: "transport", rule: undefined }]);
    assert.equal(clock.pending, 0);
  });

  test("after closeTimeoutMs when the peer answers, but never ends its half of TCP", async () => {
    const { clock, closed, ended, peer, settle, socket } = startConnection({
      limits: { closeTimeoutMs: 500 },
    });
    peer.write(close(1000));
    await settle();
    clock.advance(499);
    peer.write("it goes on and on");
    assert.equal(socket.destroyed, false);
    clock.advance(1);
    await settle();
    assert.equal(socket.destroyed, true);
    assert.deepEqual([closed.length, ended(), clock.pending], [1, 1, 0]);
  });

  for (
    const [name, vanish] of [
      ["sends FIN without a Close", (peer: { end(): void }) => peer.end()],
      ["resets", (peer: { destroy(): void }) => peer.destroy()],
    ] as const
  ) {
    test(`with 1006 when the peer ${name}`, async () => {
      const { clock, closed, connection, ended, peer, settle, socket } = startConnection();
      vanish(peer);
      await settle();
      assert.deepEqual(closed, [{ code: 1006, reason: "", by: "transport", rule: undefined }]);
      assert.equal(connection.send("x"), false);
      assert.equal(socket.destroyed, true);
      assert.deepEqual([ended(), clock.pending], [1, 0]);
    });
  }

  for (const closes of [true, false]) {
    const when = closes ? "at once when it is closed" : "as soon as the handler is done";
    test(`${when}, when the peer's FIN waits behind a handler`, async () => {
      const work: (() => void)[] = [];
      const { clock, closed, connection, ended, peer, said, settle, socket } = startConnection({
        text: () => new Promise<void>((resolve) => void work.push(resolve)),
      });
      peer.write(text("first"));
      await settle();
      // Read together with the FIN, when the first is done.
      peer.write(text("second"));
      peer.end();
      await settle();
      work[0]?.();
      await settle();
      assert.deepEqual([work.length, closed.length, socket.readableEnded], [2, 0, true]);
      if (closes) connection.close(3003, "out");
      else work[1]?.();
      assert.deepEqual(await said(), closes ? ["close 3003 out"] : []);
      assert.deepEqual(closed, [{ code: 1006, reason: "", by: "transport", rule: undefined }]);
      assert.equal(socket.destroyed, true);
      assert.deepEqual([ended(), clock.pending], [1, 0]);
      work[1]?.();
      await settle();
      assert.deepEqual([closed.length, ended()], [1, 1]);
    });
  }

  test("at once when it is destroyed", async () => {
    const { closed, connection, ended, peer, settle } = startConnection();
    connection.destroy();
    assert.deepEqual(closed.map(({ code }) => code), [1006]);
    await settle();
    assert.equal(peer.destroyed, true);
    assert.deepEqual([closed.length, ended()], [1, 1]);
  });
});

test("SocketConnection of a client leaves the end of TCP to the server, and cuts it off when it does not come", async () => {
  for (const ends of [true, false]) {
    const { clock, closed, ended, peer, said, settle, socket } = startConnection({
      role: "client",
      maskingKey: () => Buffer.from("mask"),
    });
    peer.write(serverFrame(8, closePayload(1001)));
    assert.deepEqual(await said(), ["close 1001"]);
    assert.equal(closed.length, 1);
    assert.equal(peer.readableEnded, false);
    if (ends) peer.end();
    else clock.advance(3_000);
    await settle();
    assert.equal(socket.destroyed, true);
    assert.deepEqual([closed.length, ended(), clock.pending], [1, 1, 0]);
  }
});
