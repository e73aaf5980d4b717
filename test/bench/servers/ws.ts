/**
 * The part of npm `ws` that the benchmark uses; the package brings no types.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** What the package exports. */
export interface Ws {
  readonly WebSocketServer: new (options: object) => WsServer;
}

/** A server. */
export interface WsServer {
  on(event: "connection", listener: (socket: WsSocket) => void): void;
  on(event: "listening", listener: () => void): void;
  address(): AddressInfo;
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: (socket: WsSocket) => void,
  ): void;
}

/** A connection. */
export interface WsSocket {
  on(event: "message", listener: (data: Buffer, binary: boolean) => void): void;
  on(event: "close", listener: () => void): void;
  send(data: Uint8Array | string, options?: { readonly binary: boolean }): void;
}

/** @returns The package, which is the benchmark's, and is not there when types are checked. */
export async function importWs(): Promise<Ws> {
  const name = "ws";
  return await import(name) as Ws;
}
