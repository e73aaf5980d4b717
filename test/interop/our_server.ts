/**
 * An echo server of this library. `node our_server.ts DEFLATE` prints where it listens; the argument is the option `deflate`, as
 * JSON.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { Acceptor, type DeflateChoice } from "../../src/mod.ts";

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

const [deflate] = process.argv.slice(2);
if (deflate !== undefined) {
  const server = createServer();
  new Acceptor({
    insecureAllowAnonymous: true,
    insecureAllowAnyOrigin: true,
    subprotocols: ["chat"],
    deflate: JSON.parse(deflate) as DeflateChoice,
    limits: {
      maxMessageBytes: MAX_MESSAGE_BYTES,
      maxQueuedBytes: 4 * MAX_MESSAGE_BYTES,
    },
    connected: () => ({
      text: (text, connection) => {
        if (text === "close, please") connection.close(4_123, "as you asked");
        else connection.send(text);
      },
      message: (data, kind, connection) => connection.send(data, kind),
    }),
  }).attach(server);
  server.listen(0, "127.0.0.1", () => {
    console.log(
      `listening on ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
  });
}
