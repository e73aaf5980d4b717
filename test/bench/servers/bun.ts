/**
 * A native peer: the server that is built into Bun. Echoes at `/`; at `/group`, whoever says "receive" is a receiver, and another
 * message has its first byte's number of messages published to all receivers.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { groupText } from "./group_text.ts";

/** The part of Bun that is used here; its types are not there when these are checked. */
interface BunServer {
  readonly port: number;
  upgrade(request: Request, options: { readonly data: SocketData }): boolean;
  publish(topic: string, message: string): number;
}

interface SocketData {
  readonly path: string;
}

interface BunSocket {
  readonly data: SocketData;
  send(message: string | Buffer): number;
  subscribe(topic: string): void;
}

interface Bun {
  serve(options: object): BunServer;
}

const { Bun } = globalThis as { readonly Bun?: Bun };
if (Bun !== undefined) {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request: Request, upgrading: BunServer) {
      const { pathname: path } = new URL(request.url);
      return upgrading.upgrade(request, { data: { path } }) ? undefined : new Response("", { status: 426 });
    },
    websocket: {
      maxPayloadLength: 1 << 26,
      backpressureLimit: 1 << 27,
      message(socket: BunSocket, message: string | Buffer) {
        if (socket.data.path !== "/group") socket.send(message);
        else if (message === "receive") socket.subscribe("all");
        else {for (let n = Number(message); n > 0; n--) {
            server.publish("all", groupText(n));
          }}
      },
    },
  });
  console.log(`listening on ws://127.0.0.1:${server.port}`);
}
