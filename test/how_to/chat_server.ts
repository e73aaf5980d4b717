/**
 * The server of docs/how_to/clients.md, for the programs there that are apart from theirs: a login, a gate, and the page.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createGate, definePermissions, hmacKey, signToken } from "../../src/mod.ts";

interface Said {
  readonly by: string;
  readonly text: string;
}

const isText = (value: unknown): value is string => typeof value === "string" && value.length <= 500;
const isSaid = (value: unknown): value is Said =>
  typeof value === "object" && value !== null &&
  "by" in value && typeof value.by === "string" &&
  "text" in value && typeof value.text === "string";

const TOKEN_LIFETIME_SECONDS = 60;

/** What a path is answered with. */
export type Files = ReadonlyMap<string, { readonly type: string; readonly body: string }>;

/** A chat that listens. */
export interface Chat {
  readonly port: number;
  /** What has been said. */
  readonly said: readonly Said[];
  stop(): Promise<void>;
}

/** Starts it. @param files Its site. */
export async function startChat(files: Files = new Map()): Promise<Chat> {
  const key = hmacKey(randomBytes(32));
  const said: Said[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/token") {
      const iat = Date.now() / 1000;
      const claims = { sub: "ada", aud: "chat", iat, exp: iat + TOKEN_LIFETIME_SECONDS, roles: ["member"] };
      response.writeHead(200, { "Content-Type": "text/plain" });
      return void response.end(signToken(claims, key));
    }
    const found = files.get(request.url ?? "");
    if (found === undefined) return void response.writeHead(204).end();
    response.writeHead(200, { "Content-Type": found.type }).end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const gate = createGate({
    path: "/ws",
    checkPath: "/ws/check",
    keys: [key],
    audience: "chat",
    allowedOrigins: [`http://127.0.0.1:${port}`],
    permissions: definePermissions({
      roles: ["guest", "member"],
      receive: { say: { roles: ["member"], data: isText } },
      send: { said: { roles: ["guest", "member"], data: isSaid } },
    }),
    handlers: {
      say: (text, { session: { subject: by }, groups }) => {
        said.push({ by, text });
        groups.send("everyone", "said", { by, text });
      },
    },
  });
  gate.attach(server);
  return {
    port,
    said,
    stop: () => {
      gate.close();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
