/**
 * The same job the usual way: npm `ws` on `node:http`, npm `jsonwebtoken` at the upgrade, `JSON.parse`, a look at the role,
 * `JSON.stringify` for each recipient. `node gate_ws.ts serve` prints the port it listens on; `node gate_ws.ts serve open` asks for no token.
 *
 * @module
 */

import "./only_when_asked.ts";
import { createSecretKey } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";
import { BENCH_AUDIENCE, BENCH_SECRET, type Burst, isBurst, isPost, replyTo } from "./application.ts";
import { groupData } from "./group_text.ts";
import { listenAndTell } from "./listen.ts";
import { reportMemoryOnSignal } from "./memory.ts";
import { importWs, type WsSocket } from "./ws.ts";

/** The part of `jsonwebtoken` that is used here; the package brings no types. */
interface Jsonwebtoken {
  readonly default: {
    verify(token: string, key: unknown, options: object): User;
  };
}

interface User {
  readonly sub: string;
  readonly roles: readonly string[];
}

interface Envelope {
  readonly type: string;
  readonly id?: string;
  readonly data: unknown;
}

const { WebSocketServer } = await importWs();
const isOpen = process.argv.includes("open");
const verify = isOpen ? undefined : await tokenVerifier();
const sockets = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
});
const receivers = new Set<WsSocket>();
const server = createServer();
server.on("upgrade", (request, socket, head) => {
  const user = verify === undefined ? undefined : verify(request.headers.authorization);
  if (verify !== undefined && user === undefined) {
    socket.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
    return;
  }
  sockets.handleUpgrade(request, socket, head, (connection) => {
    if (user !== undefined) serve(connection, user);
  });
});
listenAndTell(server, "ws");
reportMemoryOnSignal();

const serve = (connection: WsSocket, user: User) => {
  connection.send(
    JSON.stringify({
      type: "hello",
      data: { subject: user.sub, roles: user.roles },
    }),
  );
  if (!user.roles.includes("admin")) receivers.add(connection);
  connection.on("close", () => receivers.delete(connection));
  connection.on("message", (bytes) => {
    const { type, id, data } = JSON.parse(bytes.toString()) as Envelope;
    if (
      type === "post.create" && user.roles.includes("member") && isPost(data)
    ) {
      connection.send(
        JSON.stringify({ type: "ok", re: id, data: replyTo(data) }),
      );
    } else if (
      type === "group.say" && user.roles.includes("admin") && isBurst(data)
    ) {
      sayToAll(data);
      connection.send(JSON.stringify({ type: "ok", re: id }));
    } else {
      connection.send(
        JSON.stringify({ type: "error", re: id, code: "forbidden" }),
      );
    }
  });
};

const sayToAll = ({ count }: Burst) => {
  for (let n = count; n > 0; n--) {
    for (const receiver of receivers) {
      receiver.send(JSON.stringify({ type: "said", data: groupData(n) }));
    }
  }
};

async function tokenVerifier(): Promise<
  (authorization: string | undefined) => User | undefined
> {
  const name = "jsonwebtoken"; // In a variable: the package is not there when types are checked.
  const { default: jsonwebtoken } = await import(name) as Jsonwebtoken;
  // The form in which the package is fastest: it would take bytes for a PEM key first.
  const key = createSecretKey(BENCH_SECRET);
  return (authorization) => {
    try {
      const options = { algorithms: ["HS256"], audience: BENCH_AUDIENCE };
      return jsonwebtoken.verify(
        (authorization ?? "").slice("Bearer ".length),
        key,
        options,
      );
    } catch {
      return undefined; // How this package says that a token is not good.
    }
  };
}
