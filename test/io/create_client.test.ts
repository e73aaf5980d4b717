import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "../../src/io/create_client.ts";
import { closePayload, serverFrame } from "../support/raw_http_frames.ts";
import { signal } from "../support/server.ts";
import { startRawServer, switching } from "../support/server_raw.ts";
import { SESSION } from "../support/fake_transport.ts";

const frames = (...all: readonly Uint8Array[]) => all.map((frame) => String.fromCharCode(...frame)).join("");
const HELLO = serverFrame(1, JSON.stringify({ type: "hello", data: SESSION }));

test("createClient() connects over a socket, gets another token upon 401, and stops upon 3003", async () => {
  const stopped = signal();
  let count = 0;
  const server = await startRawServer((accept) =>
    ++count === 1
      ? "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      : switching(accept, { "Sec-WebSocket-Protocol": "portcullis.v1" }) +
        frames(HELLO, serverFrame(8, closePayload(3003, "revoked")))
  );
  const tokens = ["stale", "fresh"];
  const client = createClient({
    url: `ws://127.0.0.1:${server.port}/ws`,
    getToken: () => Promise.resolve(tokens.shift() ?? ""),
  });
  client.onState(({ status }) => status === "stopped" && stopped.resolve());
  assert.deepEqual(await client.open(), SESSION);
  await stopped.promise;
  assert.deepEqual(client.state, {
    status: "stopped",
    why: { kind: "closed", code: 3003, reason: "revoked" },
  });
  const shown = server.requests.map((head) => /^authorization: (.*)$/im.exec(head)?.[1]);
  assert.deepEqual(shown, ["Bearer stale", "Bearer fresh"]);
  await server.stop();
});
