import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Acceptor, connect, type Connection } from "../../src/mod.ts";
import { signal, startServer } from "../support/server.ts";

/** Sizes around everything that decides how memory is used: the pool, the shared space, chunks of 64 KiB, what is attached. */
const SIZES = [0, 5, 1_000, 2_047, 2_048, 8_192, 16_383, 16_384, 32_767, 65_535, 65_536, 100_000, 300_000];
const CLIENTS = 5;
const MESSAGES = 40;

/** Bytes that are different for each message of each client. */
function messageOf(client: number, n: number): Buffer {
  const size = SIZES[(client * 5 + n * 7) % SIZES.length] as number;
  const pattern = createHash("sha256").update(`${client}/${n}`).digest();
  return Buffer.alloc(size, pattern);
}

test("messages keep their bytes while many others share memory with them", async () => {
  const seen: Uint8Array[] = [];
  const acceptor = new Acceptor({
    insecureAllowAnonymous: true,
    insecureAllowAnyOrigin: true,
    limits: { maxQueuedBytes: 64 * 1024 * 1024 },
    connected: () => ({
      message(data, kind, connection) {
        // Kept until the end: whatever is written where they lie would show.
        seen.push(data);
        connection.send(data, kind);
      },
    }),
  });
  const { server, port, stop } = await startServer();
  acceptor.attach(server);
  const echoed = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => echoAll(port, client)));
  assert.equal(seen.length, CLIENTS * MESSAGES);
  const sent = echoed.flatMap((_, client) =>
    Array.from({ length: MESSAGES }, (_, n) => digest(messageOf(client, n)))
  );
  assert.deepEqual(echoed.flat().map(digest).sort(), [...sent].sort());
  assert.deepEqual(seen.map(digest).sort(), sent.sort());
  await stop();
});

async function echoAll(port: number, client: number): Promise<Uint8Array[]> {
  const got: Uint8Array[] = [];
  const all = signal<void>();
  const connection: Connection = await connect(`ws://127.0.0.1:${port}`, {
    limits: { maxQueuedBytes: 64 * 1024 * 1024 },
    message(data) {
      got.push(data);
      if (got.length === MESSAGES) all.resolve();
    },
  });
  for (let n = 0; n < MESSAGES; n++) connection.send(messageOf(client, n));
  await all.promise;
  got.forEach((data, n) => assert.equal(digest(data), digest(messageOf(client, n)), `${client}/${n}`));
  connection.close();
  return got;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
