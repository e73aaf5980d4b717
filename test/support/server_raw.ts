/**
 * A server that answers a handshake with whatever a test makes of it: broken, late, hostile.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { acceptFor } from "../../src/protocol/handshake.ts";
import { WATCHDOG_MS } from "./server.ts";

/** What the server says, given the `Sec-WebSocket-Accept` that would be right; `undefined` says nothing at all. */
export type Answer = (accept: string) => string | Buffer | undefined;

/** A server and what it was asked. */
export interface RawServer {
  readonly port: number;
  /** The heads of all requests. */
  readonly requests: string[];
  /** Waits for a request, answered or not. */
  readonly asked: Promise<Socket>;
  /** All bytes that came behind the first head. */
  readonly received: () => Buffer;
  /** Cuts everything off. */
  stop(): Promise<void>;
}

/** Starts a server. */
export async function startRawServer(answer: Answer, host = "127.0.0.1"): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let tail: Buffer = Buffer.alloc(0);
  let tell: (socket: Socket) => void = () => undefined;
  const asked = new Promise<Socket>((resolve) => tell = resolve);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    let bytes: Buffer = Buffer.alloc(0);
    let answered = false;
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      tail = bytes.subarray(end + 4);
      if (answered) return;
      answered = true;
      const head = bytes.subarray(0, end).toString("latin1");
      requests.push(head);
      const key = /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? "";
      const bad = answer(acceptFor(key));
      if (bad !== undefined) socket.write(typeof bad === "string" ? Buffer.from(bad, "latin1") : bad);
      tell(socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    clearTimeout(watchdog);
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  const watchdog = setTimeout(stop, WATCHDOG_MS);
  watchdog.unref();
  return { port, requests, asked, received: () => tail, stop };
}

/** Writes a 101 with these fields besides those that it must have; `undefined` leaves one of those out. */
export function switching(accept: string, fields: Readonly<Record<string, string | undefined>> = {}): string {
  const all = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Accept": accept,
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`]
  );
  return ["HTTP/1.1 101 Switching Protocols", ...lines, "", ""].join("\r\n");
}
