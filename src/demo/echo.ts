/**
 * The echo target for conformance suites and load generators: every text and binary message comes back as it came, at
 * any path, compressed for clients that offer it. It is written against the public API, and tuned to nothing.
 *
 * Environment: `PORT` (9001), `HOST` (127.0.0.1), and either `PORTCULLIS_SECRET`, with which a token for the audience
 * `portcullis` is required, or `PORTCULLIS_OPEN=1`, with which none is.
 *
 * @module
 */

import process from "node:process";
import { Acceptor, type ConnectionEvents, type DoorPolicy, PortcullisError } from "../mod.ts";
import { DEMO_AUDIENCE, readAddress, readKey, run, urlOf } from "./environment.ts";
import { createHttpServer, endOnSignal, listen } from "./listen.ts";

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

const echo: ConnectionEvents = {
  message(data, kind, connection) {
    connection.send(data, kind);
  },
};

await run(async () => {
  const acceptor = new Acceptor({
    ...doorPolicy(),
    deflate: true,
    limits: { maxMessageBytes: MAX_MESSAGE_BYTES, maxQueuedBytes: 2 * MAX_MESSAGE_BYTES },
    connected: () => echo,
  });
  const server = createHttpServer();
  server.on("request", (_request, response) => response.writeHead(426, { Upgrade: "websocket" }).end());
  acceptor.attach(server);
  const address = await listen(server, readAddress(9001));
  endOnSignal(server, () => acceptor.close());
  console.log(`listening on ${urlOf("ws", address)}`);
});

/** Any page may connect: what lets a client in is a token that no browser sends by itself, or nothing at all. */
function doorPolicy(): DoorPolicy {
  const key = readKey();
  if (key !== undefined) return { keys: [key], audience: DEMO_AUDIENCE, insecureAllowAnyOrigin: true };
  if (process.env["PORTCULLIS_OPEN"] === "1") {
    return { insecureAllowAnonymous: true, insecureAllowAnyOrigin: true };
  }
  throw new PortcullisError(
    "invalid_argument",
    "Set PORTCULLIS_SECRET to a key, or PORTCULLIS_OPEN=1 to let anybody in.",
  );
}
