import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { clientFrame, close, text } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { startConnection } from "../support/server_connection.ts";

const fails = () => {
  throw new Error("from the handler");
};

describe("SocketConnection whose handler", () => {
  const faults: Readonly<Record<string, () => unknown>> = {
    "throws": fails,
    "rejects at once": () => Promise.reject(new Error("from the handler")),
  };
  for (const [name, handler] of Object.entries(faults)) {
    test(`${name} closes with 1011, reports, and hears no more`, async () => {
      let calls = 0;
      const { errors, peer, said } = startConnection({ text: () => (calls++, handler()) });
      peer.write(Buffer.concat([text("a"), text("b")]));
      assert.deepEqual(await said(), ["close 1011"]);
      assert.equal(calls, 1);
      assert.deepEqual(errors.map((error) => (error as Error).message), ["from the handler"]);
    });
  }

  test("throws in pong() or closed() is reported, and changes nothing", async () => {
    const { closed, errors, peer, said } = startConnection({ pong: fails, closed: fails });
    peer.write(Buffer.concat([clientFrame(10, ""), clientFrame(9, "x"), close(1000)]));
    assert.deepEqual(await said(), ["pong 78", "close 1000"]);
    assert.deepEqual([errors.length, closed.length], [2, 1]);
  });

  test("rejects in pong() or closed(), though nobody waits for them, is reported too", async () => {
    const rejects = () => Promise.reject(new Error("from the handler"));
    const { errors, peer, said } = startConnection({ pong: rejects, closed: rejects });
    peer.write(Buffer.concat([clientFrame(10, ""), close(1000)]));
    assert.deepEqual(await said(), ["close 1000"]);
    assert.deepEqual(errors.map((error) => (error as Error).message), [
      "from the handler",
      "from the handler",
    ]);
  });

  test("closes before it waits reads the peer's Close frame at once", async () => {
    const { closed, peer, settle, said } = startConnection({
      text: async (_text, connection) => {
        connection.close(1000);
        await new Promise(() => undefined);
      },
    });
    peer.write(text("bye"));
    assert.deepEqual(await said(), ["close 1000"]);
    peer.write(close(1000));
    await settle();
    assert.deepEqual(closed.map(({ code, by }) => [code, by]), [[1000, "local"]]);
  });

  test("takes its time holds back its own connection's messages, in order, and no other's", async () => {
    const work = [signal(), signal()];
    const started: string[] = [];
    const slow = startConnection({
      text: async (message, connection) => {
        started.push(message);
        await work[started.length - 1]?.promise;
        connection.send(`done ${message}`);
      },
    });
    const other = startConnection({ text: (message, connection) => void connection.send(message) });
    slow.peer.write(Buffer.concat([text("a"), text("b")]));
    await slow.settle();
    slow.peer.write(text("c"));
    other.peer.write(text("quick"));
    assert.deepEqual(await other.said(), ['text "quick"']);
    assert.deepEqual(started, ["a"]);
    assert.equal(slow.connection.waitsForHandler, true);
    work[0]?.resolve();
    await slow.settle();
    assert.deepEqual(started, ["a", "b"]);
    work[1]?.resolve();
    assert.deepEqual(await slow.said(), ['text "done a"', 'text "done b"', 'text "done c"']);
    assert.equal(slow.connection.waitsForHandler, false);
  });

  test("is at work does not keep a close from being answered", async () => {
    const { closed, connection, peer, said } = startConnection({ text: () => signal().promise });
    peer.write(text("a"));
    await said();
    connection.close(1001);
    peer.write(Buffer.concat([text("dropped"), close(1001)]));
    assert.deepEqual(await said(), ["close 1001"]);
    assert.deepEqual(closed.map(({ code }) => code), [1001]);
  });

  test("settles, either way, after the connection has gone, does no harm", async () => {
    for (const outcome of [() => "late", fails]) {
      const gone = signal();
      const { closed, connection, errors, peer, settle } = startConnection({
        text: () => gone.promise.then(outcome),
      });
      peer.write(text("a"));
      await settle();
      connection.destroy();
      gone.resolve();
      await settle();
      assert.equal(closed.length, 1);
      assert.equal(errors.length, outcome === fails ? 1 : 0);
    }
  });

  test("closes hears no message of the same chunk, whose ping is answered all the same", async () => {
    const got: string[] = [];
    const { peer, said } = startConnection({
      text: (message, connection) => {
        got.push(message);
        connection.close(1000);
      },
    });
    peer.write(Buffer.concat([text("a"), text("b"), clientFrame(9, "")]));
    assert.deepEqual(await said(), ["close 1000", "pong"]);
    assert.deepEqual(got, ["a"]);
  });
});
