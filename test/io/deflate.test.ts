import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PortcullisError } from "../../src/base/errors.ts";
import { Acceptor } from "../../src/io/acceptor.ts";
import { connect } from "../../src/io/client.ts";
import type { Connection } from "../../src/io/connection.ts";
import { honoursDictionary } from "../../src/protocol/deflate_options.ts";
import { shareMessage } from "../../src/protocol/shared_message.ts";
import { textOf } from "../support/frames.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { type AcceptorUnderTest, signal, startAcceptor } from "../support/server.ts";
import { startRawServer, switching } from "../support/server_raw.ts";

const OFFER = { fields: { "Sec-WebSocket-Extensions": ["permessage-deflate; client_max_window_bits"] } };

/** What an acceptor answers to an offer of compression. */
async function answerOf(options: AcceptorUnderTest, shape: Parameters<typeof handshake>[0] = OFFER) {
  const target = await startAcceptor(options);
  const client = await RawClient.open(target.port);
  client.write(handshake(shape));
  const { fields } = await client.response();
  await target.stop();
  return fields["sec-websocket-extensions"];
}

describe("An acceptor", () => {
  test("answers an offer of compression with nothing when it was not told to compress", async () => {
    assert.equal(await answerOf({}), undefined);
    assert.equal(await answerOf({ deflate: false }), undefined);
  });

  test("answers an offer of compression when it was told to compress, and nothing when there is none", async () => {
    const takeover = honoursDictionary() ? "" : "server_no_context_takeover; client_no_context_takeover; ";
    assert.equal(
      await answerOf({ deflate: true }),
      `permessage-deflate; ${takeover}client_max_window_bits=13`,
    );
    assert.equal(await answerOf({ deflate: true }, {}), undefined);
    assert.equal(
      await answerOf({ deflate: { contextTakeover: false, maxWindowBits: 9 } }),
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits=9",
    );
  });

  test("throws when it is told to compress out of bounds", () => {
    assert.throws(
      () =>
        new Acceptor({ insecureAllowAnonymous: true, deflate: { maxWindowBits: 8 }, connected: () => ({}) }),
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
    );
  });
});

/** Says something to a server that says it back to all, and waits for it. */
async function converse(server: AcceptorUnderTest, client: Parameters<typeof connect>[1]) {
  const got = signal<string[]>();
  const texts: string[] = [];
  const there = signal<Connection>();
  const target = await startAcceptor({
    ...server,
    connected: (connection) => {
      there.resolve(connection);
      return {
        text: (message) => {
          connection.send(message);
          connection.sendShared(shareMessage(message));
          connection.send(message);
        },
      };
    },
  });
  const connection = await connect(`ws://127.0.0.1:${target.port}`, {
    ...client,
    text: (message) => {
      texts.push(message);
      if (texts.length === 6) got.resolve(texts);
    },
  });
  connection.send(textOf(2_000));
  connection.send(textOf(2_001));
  const received = await got.promise;
  const bytesRead = target.sockets[0]?.bytesRead ?? 0;
  const agreed = [connection.deflate, (await there.promise).deflate];
  connection.destroy();
  await target.stop();
  assert.deepEqual(received, [2_000, 2_000, 2_000, 2_001, 2_001, 2_001].map(textOf));
  assert.deepEqual(agreed[0], agreed[1]);
  return { deflate: agreed[0], bytesRead };
}

describe("Client and acceptor", () => {
  const choices = [true, { maxWindowBits: 9 }, { maxWindowBits: 15 }, { contextTakeover: false }, {
    minBytes: 0,
  }];
  for (const server of choices) {
    for (const client of choices) {
      test(`understand each other with ${JSON.stringify(server)} and ${JSON.stringify(client)}`, async () => {
        const { deflate, bytesRead } = await converse({ deflate: server }, { deflate: client });
        assert.ok(deflate !== undefined);
        assert.ok(bytesRead < 1_500, `${bytesRead}`);
      });
    }
  }

  test("send all as it is when only one of them compresses", async () => {
    for (const [server, client] of [[false, true], [true, false]] as const) {
      const { deflate, bytesRead } = await converse({ deflate: server }, { deflate: client });
      assert.equal(deflate, undefined);
      assert.ok(bytesRead > 4_000);
    }
  });
});

test("connect() refuses a server that answers with parameters that cannot be, or that were not asked for", async () => {
  for (
    const answer of [
      "permessage-deflate; client_max_window_bits=16",
      "permessage-deflate, permessage-deflate",
      "x",
    ]
  ) {
    const server = await startRawServer((accept) =>
      switching(accept, { "Sec-WebSocket-Extensions": answer })
    );
    await assert.rejects(
      connect(`ws://127.0.0.1:${server.port}`, { deflate: true }),
      (error) => error instanceof PortcullisError && error.code === "handshake_refused",
    );
    await server.stop();
  }
});
