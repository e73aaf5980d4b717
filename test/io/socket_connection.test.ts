import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { startConnection } from "../support/server_connection.ts";

describe("SocketConnection sends", () => {
  test("what is sent in one turn in one write", async () => {
    const { connection, said, socket } = startConnection();
    for (let i = 0; i < 100; i++) assert.equal(connection.send(`${i}`), true);
    assert.equal(socket.writes.length, 0);
    assert.equal((await said()).length, 100);
    assert.equal(socket.writes.length, 1);
    connection.send("later");
    await said();
    assert.equal(socket.writes.length, 2);
  });

  test("the replies to all messages of a chunk in one write", async () => {
    const { peer, said, socket } = startConnection({
      text: (message, connection) => connection.send(message),
    });
    peer.write(Buffer.concat([text("a"), text("b"), text("c")]));
    assert.deepEqual(await said(), ['text "a"', 'text "b"', 'text "c"']);
    assert.equal(socket.writes.length, 1);
  });

  test("text, bytes, bytes as text and shared frames in their order, small and large", async () => {
    const { connection, frames } = startConnection();
    const large = Buffer.alloc(20_000, 7);
    connection.send("a");
    connection.send(large);
    connection.sendShared(shareMessage("shared"));
    connection.send(Buffer.from("text"), "text");
    connection.send("z".repeat(70_000));
    connection.send(new Uint8Array([1, 2]).subarray(1));
    const sent = (await frames()).map(({ opcode, payload }) => [opcode, payload.length, payload[0]]);
    assert.deepEqual(sent, [[1, 1, 97], [2, 20_000, 7], [1, 6, 115], [1, 4, 116], [1, 70_000, 122], [
      2,
      1,
      2,
    ]]);
  });

  test("nothing once it is closing", async () => {
    const { connection, said } = startConnection();
    connection.close(1000, "bye");
    assert.equal(connection.open, false);
    assert.deepEqual(
      [connection.send("x"), connection.sendShared(shareMessage("x")), connection.ping()],
      [false, false, false],
    );
    connection.close(3000, "again");
    assert.deepEqual(await said(), ["close 1000 bye"]);
  });

  test("no close that a wire must not carry, and stays open", async () => {
    const { connection, said } = startConnection();
    for (
      const [code, reason] of [[1005, ""], [1006, ""], [999, ""], [5000, ""], [1000, "é".repeat(62)]] as const
    ) {
      assert.throws(() => connection.close(code, reason), { code: "invalid_argument" });
    }
    assert.equal(connection.open, true);
    connection.close(1000, `${"é".repeat(61)}.`);
    assert.equal((await said()).length, 1);
  });
});

describe("SocketConnection receives", () => {
  test("text in text(), bytes in message()", async () => {
    const got: unknown[] = [];
    const { peer, settle } = startConnection({
      text: (message) => void got.push(message),
      message: (data, kind) => void got.push(kind, [...data]),
    });
    peer.write(Buffer.concat([text("grüß"), text("x".repeat(130)), clientFrame(2, [1, 2]), text("")]));
    await settle();
    assert.deepEqual(got, ["grüß", "x".repeat(130), "binary", [1, 2], ""]);
  });

  test("text in message() as UTF-8 when there is no text()", async () => {
    const got: unknown[] = [];
    const { peer, settle } = startConnection({
      message: (data, kind) => void got.push(kind, Buffer.from(data).toString()),
    });
    peer.write(text("é"));
    await settle();
    assert.deepEqual(got, ["text", "é"]);
  });

  test("messages that nobody listens for, without a word", async () => {
    const { connection, peer, said } = startConnection();
    peer.write(Buffer.concat([text("x"), clientFrame(2, "x")]));
    assert.deepEqual(await said(), []);
    assert.equal(connection.open, true);
  });

  test("a message in fragments, around a ping, byte by byte", async () => {
    const got: string[] = [];
    const { peer, said } = startConnection({ text: (message) => void got.push(message) });
    const bytes = Buffer.concat([
      clientFrame(1, "Hel", { fin: false }),
      clientFrame(9, "?"),
      clientFrame(0, "", { fin: false }),
      clientFrame(0, "lo"),
    ]);
    for (const byte of bytes) peer.write(Buffer.of(byte));
    assert.deepEqual(await said(), ["pong 3f"]);
    assert.deepEqual(got, ["Hello"]);
  });

  test("what came with the handshake first", async () => {
    const got: string[] = [];
    const early = Buffer.concat([text("early"), text("late").subarray(0, 4)]);
    const { peer, settle } = startConnection({ head: early, text: (message) => void got.push(message) });
    peer.write(text("late").subarray(4));
    await settle();
    assert.deepEqual(got, ["early", "late"]);
  });

  test("bytes that are the callee's to keep", async () => {
    const got: Uint8Array[] = [];
    const { peer, settle } = startConnection({ message: (data) => void got.push(data) });
    peer.write(Buffer.concat([clientFrame(2, "first"), clientFrame(2, "second")]));
    await settle();
    peer.write(clientFrame(2, "third"));
    await settle();
    assert.deepEqual(got.map((data) => Buffer.from(data).toString()), ["first", "second", "third"]);
  });
});

describe("SocketConnection and pings", () => {
  test("answers each with its payload", async () => {
    const { peer, said } = startConnection();
    peer.write(Buffer.concat(["a", "b", ""].map((payload) => clientFrame(9, payload))));
    assert.deepEqual(await said(), ["pong 61", "pong 62", "pong"]);
  });

  test("tells of pongs", async () => {
    const got: string[] = [];
    const { connection, peer, said } = startConnection({
      pong: (payload) => void got.push(Buffer.from(payload).toString()),
    });
    assert.equal(connection.ping(Buffer.from("?")), true);
    assert.equal(connection.ping(), true);
    assert.deepEqual(await said(), ["ping 3f", "ping"]);
    peer.write(clientFrame(10, "?"));
    await said();
    assert.deepEqual(got, ["?"]);
  });

  test("throws for more than 125 bytes", () => {
    const { connection } = startConnection();
    const tooLong = (error: unknown) => error instanceof PortcullisError && error.code === "invalid_argument";
    assert.throws(() => connection.ping(Buffer.alloc(126)), tooLong);
    assert.equal(connection.ping(Buffer.alloc(125)), true);
  });
});
