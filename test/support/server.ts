/**
 * Servers on a free port of this machine, and the tokens that open them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerOptions } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import { signToken } from "../../src/auth/token.ts";
import { hmacKey } from "../../src/auth/key.ts";
import { Acceptor } from "../../src/io/acceptor.ts";
import type { AcceptorSettings } from "../../src/io/acceptor_options.ts";
import type { DoorPolicy } from "../../src/auth/door.ts";
import type { ConnectionEvents } from "../../src/io/connection.ts";
import { putFrontDoor, type UpgradeHandler } from "../../src/io/front_door.ts";
import { ManualClock } from "./manual_clock.ts";
import { handshake, type HandshakeShape, RawClient } from "./raw_http.ts";

/** Signs the tokens of the tests. */
export const TEST_KEY = hmacKey(Buffer.alloc(32, "test"));
/** Whom they are for. */
export const AUDIENCE = "tests";

/** Makes a token. */
export function tokenFor(sub: string, roles: readonly string[], expiresAtMs: number, aud = AUDIENCE): string {
  return signToken({ sub, aud, roles, exp: expiresAtMs / 1000 }, TEST_KEY);
}

/** What a test has left open, or waits for in vain, is cut off then, so that it fails instead of hanging. */
export const WATCHDOG_MS = 30_000;

/** A server, and what is known of its sockets. */
export interface TestServer {
  readonly server: Server;
  readonly port: number;
  readonly clock: ManualClock;
  /** The sockets as the server sees them, the oldest first. */
  readonly sockets: readonly Socket[];
  /** Resolves when no socket is left, which may be now. */
  idle(): Promise<void>;
  /** Cuts everything off. */
  stop(): Promise<void>;
}

let doors: "none" | "front" = "none";

/** Has all servers of this file stand behind a front door. */
export function useFrontDoors(): void {
  doors = "front";
}

/** Puts a front door before a server as soon as somebody is attached to it, who gets upgrades from there as from `node:http`. */
function putFrontDoorWhenAttached(server: Server): void {
  const handler = {
    handleUpgrade: (...args: Parameters<UpgradeHandler["handleUpgrade"]>) =>
      void server.emit("upgrade", ...args as unknown as [IncomingMessage, Duplex, Buffer]),
  };
  server.on("newListener", (event) => {
    // With a clock of its own: it may wake once more for nobody.
    if (event === "upgrade") {
      queueMicrotask(() => putFrontDoor(handler, server, { clock: new ManualClock() }));
    }
  });
}

/** Starts a server; its ordinary requests are answered with 418, so that none is taken for a refusal. */
export async function startServer(
  options: ServerOptions = {},
  clock = new ManualClock(),
): Promise<TestServer> {
  const server = createServer(options, (_request, response) => void response.writeHead(418).end("plain"));
  if (doors === "front") putFrontDoorWhenAttached(server);
  const sockets: Socket[] = [];
  const open = new Set<Socket>();
  let wake: (() => void)[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      if (open.size > 0) return;
      for (const resolve of wake) resolve();
      wake = [];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that fails before it stops its server must not keep the process alive.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const idle = () => open.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => wake.push(resolve));
  const stop = () => {
    clearTimeout(watchdog);
    for (const socket of open) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const watchdog = setTimeout(stop, WATCHDOG_MS);
  watchdog.unref();
  return { server, port, clock, sockets, idle, stop };
}

/** How many connections a server counts. */
export function countConnections({ server }: TestServer): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => error === null ? resolve(count) : reject(error))
  );
}

/** Waits until a socket is closed, with a fault or without; `once` would reject for a reset. */
export function closed(socket: Duplex | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (socket === undefined || socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

/** What an acceptor in a test is told, besides what every one is. */
export type AcceptorUnderTest =
  & Partial<Omit<AcceptorSettings, "connected">>
  & Partial<DoorPolicy>
  & { readonly connected?: AcceptorSettings["connected"]; readonly events?: ConnectionEvents };

/** An acceptor on a server of its own, and all that it reported. */
export interface TestAcceptor extends TestServer {
  readonly acceptor: Acceptor;
  readonly refusals: string[];
  readonly errors: unknown[];
  /** Opens a raw connection and passes the door. */
  enter(shape?: HandshakeShape): Promise<RawClient>;
}

/** Starts a server with an acceptor on it; without another policy, anybody may enter. */
export async function startAcceptor(
  { events = {}, ...options }: AcceptorUnderTest = {},
  serverOptions: ServerOptions = {},
): Promise<TestAcceptor> {
  const base = await startServer(serverOptions);
  const refusals: string[] = [];
  const errors: unknown[] = [];
  const door = "keys" in options ? {} : { insecureAllowAnonymous: true };
  const acceptor = new Acceptor(
    {
      clock: base.clock,
      connected: () => events,
      decided: ({ refused }) =>
        refused !== undefined && void refusals.push(`${refused.name}: ${refused.reason}`),
      reportError: (error) => void errors.push(error),
      ...door,
      ...options,
    } as ConstructorParameters<typeof Acceptor>[0],
  );
  acceptor.attach(base.server);
  const enter = async (shape: HandshakeShape = {}) => {
    const client = await RawClient.open(base.port);
    client.write(handshake(shape));
    const { status, line } = await client.response();
    if (status !== 101) throw new Error(line);
    return client;
  };
  return { ...base, acceptor, refusals, errors, enter };
}

/** Everything has been put in order: no socket, no connection, no timer. Waits for the sockets. */
export async function assertNothingLeft(target: TestAcceptor): Promise<void> {
  await target.idle();
  assert.equal(target.acceptor.size, 0);
  assert.equal(await countConnections(target), 0);
  assert.equal(target.clock.pending, 0);
}

/** Something that a test waits for, to be settled from inside a handler. */
export function signal<Value = void>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => resolve = settle);
  return { promise, resolve };
}
