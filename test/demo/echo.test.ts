import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, before, describe, test } from "node:test";
import { connect, hmacKey, signToken } from "../../src/mod.ts";
import { exchange, handshake, parseResponse, RawClient } from "../support/raw_http.ts";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { type Program, runProgram } from "../support/server_process.ts";

const SECRET = "a secret of at least 32 bytes, for tests";
const programs: Program[] = [];
after(() => {
  for (const program of programs) program.signal("SIGKILL");
});

/** Starts an echo server. @returns Its port. */
async function start(env: Readonly<Record<string, string>>): Promise<number> {
  const program = runProgram("src/demo/echo.ts", env);
  programs.push(program);
  const [, port = ""] = /^listening on ws:\/\/127\.0\.0\.1:(\d+)$/.exec(await program.line()) ?? [];
  return Number(port);
}

function tokenFor(aud: string): string {
  return signToken({ sub: "load", aud, exp: Date.now() / 1000 + 60 }, hmacKey(SECRET));
}

describe("The echo target with PORTCULLIS_OPEN=1", () => {
  let port = 0;
  before(async () => port = await start({ PORTCULLIS_OPEN: "1" }));

  test("echoes text and binary as they came, at any path and from any page", async () => {
    const client = await RawClient.open(port);
    client.write(handshake({ line: "GET /some/where?x=1 HTTP/1.1", fields: { Origin: "null" } }));
    client.write(
      Buffer.concat([
        text("grüß"),
        clientFrame(2, [0, 255]),
        text(""),
        clientFrame(1, "in ", { fin: false }),
        clientFrame(0, "two"),
      ]),
    );
    assert.equal((await client.response()).status, 101);
    const said = [await client.said(), await client.said(), await client.said(), await client.said()];
    assert.deepEqual(said, ['text "grüß"', "binary 00ff", 'text ""', 'text "in two"']);
    client.socket.destroy();
  });

  test("echoes 32 messages that came at once, in order", async () => {
    const client = await RawClient.open(port);
    client.write(handshake());
    await client.response();
    client.write(Buffer.concat(Array.from({ length: 32 }, (_, i) => text(`message ${i}`))));
    for (let i = 0; i < 32; i++) assert.equal(await client.said(), `text "message ${i}"`);
    client.socket.destroy();
  });

  test("echoes 64 MiB, and not a byte more", async () => {
    const [got, ended] = [signal<Uint8Array>(), signal<number>()];
    const limits = { maxMessageBytes: 65 * 1024 * 1024, maxQueuedBytes: 200 * 1024 * 1024 };
    const connection = await connect(`ws://127.0.0.1:${port}`, {
      limits,
      message: got.resolve,
      closed: ({ code }) => ended.resolve(code),
    });
    const message = Buffer.alloc(64 * 1024 * 1024, 1);
    connection.send(message);
    const echoed = await got.promise;
    assert.equal(Buffer.compare(echoed, message), 0);
    connection.send(Buffer.alloc(message.length + 1));
    assert.equal(await ended.promise, 1009);
  });

  test("answers ordinary requests with 426", async () => {
    const { text: answer } = await exchange(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const { fields, status } = parseResponse(answer);
    assert.deepEqual([status, fields["upgrade"]], [426, "websocket"]);
  });
});

describe("The echo target with PORTCULLIS_SECRET", () => {
  let port = 0;
  before(async () => port = await start({ PORTCULLIS_SECRET: SECRET, PORTCULLIS_OPEN: "1" }));

  test("echoes for a token of the audience portcullis", async () => {
    const got = signal<string>();
    const connection = await connect(`ws://127.0.0.1:${port}/`, {
      token: tokenFor("portcullis"),
      text: got.resolve,
    });
    connection.send("hi");
    assert.equal(await got.promise, "hi");
    connection.close();
  });

  for (
    const [name, token] of [["no token", undefined], ["another audience", tokenFor("others")], [
      "nonsense",
      "a.b.c",
    ]] as const
  ) {
    test(`answers 401 to ${name}`, async () => {
      const options = token === undefined ? {} : { token };
      await assert.rejects(connect(`ws://127.0.0.1:${port}/`, options), {
        code: "handshake_refused",
        status: 401,
      });
    });
  }
});

describe(
  "The echo target refuses to start, in one line and with exit code 2, with",
  { concurrency: true },
  () => {
    const cases: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
      "neither": [{}, /^Set PORTCULLIS_SECRET to a key, or PORTCULLIS_OPEN=1 to let anybody in\.\n$/],
      "PORTCULLIS_OPEN=0": [{ PORTCULLIS_OPEN: "0" }, /^Set PORTCULLIS_SECRET [^\n]*\n$/],
      "a weak secret, though it is open": [
        { PORTCULLIS_SECRET: "short", PORTCULLIS_OPEN: "1" },
        /^Key has 5 bytes; [^\n]*\n$/,
      ],
      "an empty secret": [{ PORTCULLIS_SECRET: "" }, /^Key has 0 bytes; [^\n]*\n$/],
    };
    for (const [name, [env, message]] of Object.entries(cases)) {
      test(name, async () => {
        const program = runProgram("src/demo/echo.ts", env);
        assert.equal(await program.ended, 2);
        assert.match(program.stderr(), message);
      });
    }
  },
);

test("The echo target ends with 0 after SIGTERM", async () => {
  const port = await start({ PORTCULLIS_OPEN: "1" });
  const client = await RawClient.open(port);
  client.write(handshake());
  await client.response();
  const program = programs.at(-1);
  program?.signal("SIGTERM");
  assert.equal(await client.said(), "close 1001");
  client.end();
  assert.equal(await program?.ended, 0);
});
