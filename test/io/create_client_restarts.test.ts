import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import { hmacKey } from "../../src/auth/key.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { signToken } from "../../src/auth/token.ts";
import type { Client } from "../../src/client/client.ts";
import { createGate } from "../../src/io/create_gate.ts";
import type { Gate } from "../../src/io/gate.ts";
import { createClient } from "../../src/io/create_client.ts";
import { randomBytes } from "node:crypto";

const RESTARTS = 20;
const isText = (value: unknown): value is string => typeof value === "string";
const permissions = definePermissions({
  roles: ["user"],
  receive: { echo: { roles: ["user"], data: isText } },
  send: {},
});

let keys = 0;
const newKey = () => hmacKey(randomBytes(32), { id: `key ${++keys}` });

/** A server that can be restarted at the same port, and writes down how each token that it was shown was answered. */
class House {
  /** The keys, as an identity provider knows them too. */
  ring = new KeyRing({ current: newKey() });
  /** Token → how many times it was refused. */
  readonly refused = new Map<string, number>();
  port = 0;
  #server: Server | undefined;
  #gate: Gate<"user", { echo: string }, object> | undefined;
  readonly #sockets = new Set<Socket>();

  async start(): Promise<void> {
    const gate = this.#gate = createGate({
      keys: this.ring,
      audience: "chat",
      permissions,
      handlers: { echo: (text) => text },
      decided: ({ refused }) => refused !== undefined && this.#count(),
    });
    const server = this.#server = createServer();
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    // In front of the gate, which tells nobody which token it refused.
    server.on("upgrade", ({ headers }) => this.#shown = headers.authorization ?? "");
    gate.attach(server);
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  #shown = "";
  #count(): void {
    this.refused.set(this.#shown, (this.refused.get(this.#shown) ?? 0) + 1);
  }

  /** Ends everything without a word, as a process that is killed. */
  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Makes a token that any server with these keys takes. */
  token(lifetimeSeconds = 60): string {
    const now = Date.now() / 1_000;
    return signToken(
      { sub: "ada", aud: "chat", iat: now, exp: now + lifetimeSeconds, roles: ["user"] },
      this.ring.current,
    );
  }

  get gate(): Gate<"user", { echo: string }, object> | undefined {
    return this.#gate;
  }
}

/** Waits until the client is in a session that it was not in before. */
function nextSession(client: Client, before: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { state } = client;
      if (state.status === "stopped") reject(new Error(JSON.stringify(state.why)));
      if (state.status !== "open" || state.session.sessionId === before) return;
      unwatch();
      resolve(state.session.sessionId);
    };
    const unwatch = client.onState(look);
    look();
  });
}

/** What happens to the server before it is back, in turns. */
const MISFORTUNES: readonly ((house: House) => Promise<void> | void)[] = [
  // Killed, and back with the same keys: the token that the client holds is still good.
  async (house) => {
    await house.kill();
    await house.start();
  },
  // Killed, and back with other keys: the token is refused at the door.
  async (house) => {
    await house.kill();
    house.ring = new KeyRing({ current: newKey() });
    await house.start();
  },
  // The key is withdrawn while the session runs: it ends with 3000.
  (house) => house.ring.rotate(newKey(), { previousValidUntilMs: Date.now() }),
  // The key is rotated while the server is down.
  async (house) => {
    await house.kill();
    house.ring.rotate(newKey(), { previousValidUntilMs: Date.now() });
    await house.start();
  },
];

test(`Client comes back ${RESTARTS} times, whatever becomes of server, keys and tokens, and shows no refused token twice`, async () => {
  const house = new House();
  await house.start();
  const limits = { backoffBaseMs: 2, backoffMaxMs: 20 };
  // Every third is over already, so that some are refused for that.
  let asked = 0;
  const getToken = () => house.token(asked++ % 3 === 2 ? -1 : 60);
  const client = createClient({
    url: `ws://127.0.0.1:${house.port}/`,
    getToken,
    limits,
    reportError: () => undefined,
  });
  try {
    let session = (await client.open()).sessionId;
    for (let turn = 0; turn < RESTARTS; turn++) {
      await MISFORTUNES[turn % MISFORTUNES.length]?.(house);
      session = await nextSession(client, session);
      assert.equal(await client.request("echo", `turn ${turn}`), `turn ${turn}`);
    }
  } finally {
    client.close();
    await house.kill();
  }
  assert.ok(house.refused.size > 0, "some were refused");
  assert.deepEqual([...house.refused.values()].filter((times) => times > 1), []);
});
