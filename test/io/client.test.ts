import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { connect } from "../../src/io/client.ts";
import type { ConnectOptions } from "../../src/io/client_options.ts";
import type { CloseStatus } from "../../src/protocol/close.ts";
import { CLOSE } from "../../src/protocol/close_codes.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { AUDIENCE, signal, startAcceptor, TEST_KEY, tokenFor } from "../support/server.ts";
import { startRawServer, switching } from "../support/server_raw.ts";

const TOKEN = tokenFor("ada", [], 1_800_000_060_000);

/** Waits for so many messages, and gathers them. */
function gather(count: number): { readonly all: Promise<string[]>; readonly options: ConnectOptions } {
  const got: string[] = [];
  const done = signal<string[]>();
  const take = (message: string) => {
    got.push(message);
    if (got.length === count) done.resolve(got);
  };
  return {
    all: done.promise,
    options: { text: take, message: (data) => take(Buffer.from(data).toString("hex")) },
  };
}

describe("connect() to a server of ours", () => {
  test("sends the token and further fields, and agrees on a subprotocol", async () => {
    const target = await startAcceptor({
      keys: [TEST_KEY],
      audience: AUDIENCE,
      subprotocols: ["b", "a"],
      connected: (connection, { offer }) => {
        connection.send(`${offer.fields.get("x-trace")} ${offer.path} ${offer.query} ${offer.host}`);
        return { text: (message) => void connection.send(message) };
      },
    });
    const { all, options } = gather(2);
    const url = `ws://127.0.0.1:${target.port}/ws?q=%20`;
    const connection = await connect(url, {
      ...options,
      token: TOKEN,
      headers: { "X-Trace": "7" },
      subprotocols: ["a", "b"],
    });
    assert.equal(connection.subprotocol, "b");
    connection.send("echo");
    assert.deepEqual(await all, [`7 /ws q=%20 127.0.0.1:${target.port}`, "echo"]);
    connection.destroy();
    await target.stop();
  });

  test("carries messages of any size both ways", async () => {
    const target = await startAcceptor({
      events: { message: (data, kind, connection) => void connection.send(data, kind) },
    });
    const sizes = [0, 1, 125, 126, 65_535, 65_536, 1_000_000];
    const { all, options } = gather(sizes.length);
    const connection = await connect(`ws://127.0.0.1:${target.port}`, options);
    for (const size of sizes) connection.send(Buffer.alloc(size, size));
    assert.deepEqual((await all).map((hex) => hex.length / 2), sizes);
    connection.destroy();
    await target.stop();
  });

  test("closes with the code and reason, and leaves nothing behind", async () => {
    const [here, there] = [signal<CloseStatus>(), signal<CloseStatus>()];
    const clock = new ManualClock();
    const target = await startAcceptor({ events: { closed: there.resolve } });
    const connection = await connect(`ws://127.0.0.1:${target.port}`, { clock, closed: here.resolve });
    connection.close(3003, "bye");
    assert.deepEqual(await here.promise, { code: 3003, reason: "", by: "local", rule: undefined });
    assert.deepEqual(await there.promise, { code: 3003, reason: "bye", by: "peer", rule: undefined });
    await target.idle();
    assert.equal(target.clock.pending, 0);
    await target.stop();
  });

  test("tells of a close that the server starts", async () => {
    const here = signal<CloseStatus>();
    const target = await startAcceptor({
      connected: (connection) => (connection.close(CLOSE.restart.code, "soon"), {}),
    });
    await connect(`ws://127.0.0.1:${target.port}`, { closed: here.resolve });
    assert.deepEqual(await here.promise, { code: 1012, reason: "soon", by: "peer", rule: undefined });
    await target.idle();
    await target.stop();
  });

  const early: Readonly<Record<string, (connection: Awaited<ReturnType<typeof connect>>) => void>> = {
    "closed": (connection) => connection.close(),
    "destroyed": (connection) => connection.destroy(),
  };
  for (const [name, end] of Object.entries(early)) {
    test(`tells of the end when the connection is ${name} at once`, async () => {
      const here = signal<CloseStatus>();
      const target = await startAcceptor({ connected: (connection) => (connection.send("hello"), {}) });
      end(await connect(`ws://127.0.0.1:${target.port}`, { closed: here.resolve }));
      assert.equal((await here.promise).code, name === "closed" ? 1000 : 1006);
      await target.idle();
      await target.stop();
    });
  }

  const refusals: Readonly<Record<string, readonly [status: number, path: string, options: ConnectOptions]>> =
    {
      "no token": [401, "/ws", {}],
      "a bad token": [401, "/ws", { token: "a.b.c" }],
      "another path": [404, "/other", { token: TOKEN }],
    };
  for (const [name, [status, path, options]] of Object.entries(refusals)) {
    test(`rejects with status ${status} for ${name}`, async () => {
      const target = await startAcceptor({ keys: [TEST_KEY], audience: AUDIENCE, path: "/ws" });
      await assert.rejects(connect(`ws://127.0.0.1:${target.port}${path}`, options), {
        code: "handshake_refused",
        status,
      });
      await target.idle();
      await target.stop();
    });
  }

  test("over IPv6, where there is any", async (t) => {
    const server = await startRawServer((accept) => switching(accept), "::1").catch(() => undefined);
    if (server === undefined) return t.skip("no IPv6 here");
    const connection = await connect(`ws://[::1]:${server.port}/`);
    assert.match(server.requests[0] ?? "", new RegExp(`^Host: \\[::1\\]:${server.port}$`, "im"));
    connection.destroy();
    await server.stop();
  });
});
