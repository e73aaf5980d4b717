import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { clientFrame, text } from "../support/raw_http_frames.ts";
import { startConnection } from "../support/server_connection.ts";

const PING = clientFrame(9, "");
const PONG = clientFrame(10, "");
const LIMITS = { maxControlFramesPerSecond: 4 };
const TOO_MANY = "close 1008 Too many control frames";

describe("SocketConnection closes with 1008", () => {
  for (const [name, frame] of [["pings", PING], ["pongs", PONG]] as const) {
    test(`when more ${name} come in a second than may, in one chunk or in many, and not when as many do`, async () => {
      for (const chunks of [[5], [4, 1], [1, 1, 1, 1, 1]]) {
        const { peer, said, settle } = startConnection({ limits: LIMITS });
        for (const count of chunks) {
          assert.equal((await said()).includes(TOO_MANY), false);
          peer.write(Buffer.concat(Array<Buffer>(count).fill(frame)));
          await settle();
        }
        assert.equal((await said()).at(-1), TOO_MANY);
      }
    });
  }

  test("not when a second lies between them, however many there are in all", async () => {
    const { clock, connection, peer, settle } = startConnection({ limits: LIMITS });
    for (let i = 0; i < 10; i++) {
      peer.write(Buffer.concat([PING, PING, PONG, PONG]));
      await settle();
      clock.advance(1_000);
    }
    assert.equal(connection.open, true);
  });

  test("not for messages, which are none of them", async () => {
    const { connection, peer, settle } = startConnection({ limits: LIMITS });
    peer.write(Buffer.concat(Array<Buffer>(100).fill(text("x"))));
    await settle();
    assert.equal(connection.open, true);
  });
});
