/**
 * The gate behind the proxy.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGate, type Decision, definePermissions, type Limits } from "../../src/mod.ts";
import { AUDIENCE, TEST_KEY, tokenFor } from "../support/server.ts";

/** From where the proxy connects. Clients come from 127.0.0.1, so that it can be told which of the two was counted. */
export const PROXY_ADDRESS = "127.0.0.9";

const isText = (value: unknown): value is string => typeof value === "string";

const permissions = definePermissions({
  roles: ["user"],
  receive: { echo: { roles: ["user"], data: isText } },
  send: {},
});

/** A gate that listens, and what it decided. */
export interface Backend {
  readonly port: number;
  readonly decisions: readonly Decision[];
  drain(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startBackend(limits: Partial<Limits> = {}): Promise<Backend> {
  const decisions: Decision[] = [];
  const gate = createGate({
    trustedProxies: { addresses: [PROXY_ADDRESS], field: "x-forwarded-for" },
    path: "/ws",
    checkPath: "/ws/check",
    limits,
    keys: [TEST_KEY],
    audience: AUDIENCE,
    permissions,
    handlers: { echo: (text) => text },
    decided: (decision) => void decisions.push(decision),
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  gate.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    decisions,
    drain: () => gate.drain(),
    stop: () => {
      gate.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** A token that the gate takes. */
export function goodToken(): string {
  return tokenFor("ada", ["user"], Date.now() + 60_000);
}
