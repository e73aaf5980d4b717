import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { after, before, describe, test } from "node:test";
import { bearerSubprotocols } from "../../src/auth/credential.ts";
import { connect, type Connection } from "../../src/mod.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { type Program, runProgram } from "../support/server_process.ts";

type Message = Readonly<Record<string, unknown>>;

let program: Program;
let port = 0;
const greeting: string[] = [];
const tokens: Record<string, string> = {};

before(async () => {
  program = runProgram("src/demo/main.ts", {});
  for (let i = 0; i < 6; i++) greeting.push(await program.line());
  port = Number(/:(\d+)$/.exec(greeting[0] ?? "")?.[1]);
  for (const line of greeting.slice(3)) {
    const [, role = "", token = ""] = /^ {2}(\w+): (\S+)$/.exec(line) ?? [];
    tokens[role] = token;
  }
});
after(() => void program.signal("SIGKILL"));

/** A client of the demo, and its messages in order. */
interface Visitor {
  readonly connection: Connection;
  readonly next: () => Promise<Message>;
  readonly send: (type: string, id: string, data?: unknown) => void;
  readonly closed: Promise<number>;
}

/** Enters with a token, and reads the `hello`. */
async function visit(token = ""): Promise<Visitor> {
  const waiting: Message[] = [];
  let wake: () => void = () => undefined;
  let tell: (code: number) => void = () => undefined;
  const closed = new Promise<number>((resolve) => tell = resolve);
  const connection = await connect(`ws://127.0.0.1:${port}/ws`, {
    token,
    subprotocols: ["portcullis.v1"],
    text: (text) => {
      waiting.push(JSON.parse(text) as Message);
      wake();
    },
    closed: ({ code }) => tell(code),
  });
  const next = async () => {
    for (;;) {
      const message = waiting.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => wake = resolve);
    }
  };
  assert.equal((await next())["type"], "hello");
  return {
    connection,
    next,
    closed,
    send: (type, id, data) => void connection.send(JSON.stringify({ type, id, data })),
  };
}

async function login(name: string, role: string): Promise<string> {
  const body = JSON.stringify({ name, role });
  const response = await fetch(`http://127.0.0.1:${port}/token`, { method: "POST", body });
  return (await response.json() as { readonly token: string }).token;
}

describe("The demo prints", () => {
  test("where it listens in its first line, then its page, then a token for each role", () => {
    assert.match(greeting[0] ?? "", /^listening on http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(greeting[1], `page: http://127.0.0.1:${port}/`);
    assert.equal(greeting[2], `tokens for ws://127.0.0.1:${port}/ws, valid for 15 minutes:`);
    assert.deepEqual(Object.keys(tokens), ["guest", "member", "admin"]);
  });

  for (const role of ["guest", "member", "admin"]) {
    test(`a token for the ${role} that works`, async () => {
      const { connection } = await visit(tokens[role]);
      connection.close();
    });
  }
});

describe("The demo's door", () => {
  const own = () => ({
    Origin: `http://127.0.0.1:${port}`,
    "Sec-WebSocket-Protocol": bearerSubprotocols(tokens["guest"] ?? "").join(", "),
  });
  const cases: Readonly<
    Record<string, readonly [status: number, path: string, fields: () => Record<string, string>]>
  > = {
    "its own page": [101, "/ws", own],
    "its own page by another name": [101, "/ws", () => ({ ...own(), Origin: `http://localhost:${port}` })],
    "another page": [403, "/ws", () => ({ ...own(), Origin: "http://evil.example" })],
    "its own host at another port": [403, "/ws", () => ({ ...own(), Origin: "http://127.0.0.1:1" })],
    "nobody": [401, "/ws", () => ({})],
    "another path": [404, "/", own],
  };
  for (const [name, [status, path, fields]] of Object.entries(cases)) {
    test(`answers ${status} to ${name}`, async () => {
      const client = await RawClient.open(port);
      client.write(handshake({ line: `GET ${path} HTTP/1.1`, fields: fields() }));
      assert.equal((await client.response()).status, status);
      client.socket.destroy();
    });
  }
});

test("The demo's chat: what the table allows is delivered, what it does not is denied, and admins see it", async () => {
  const guest = await visit(await login("gus", "guest"));
  const member = await visit(await login("mia", "member"));
  const admin = await visit(await login("ada", "admin"));
  member.send("chat.join", "1", { room: "lobby" });
  assert.deepEqual(await member.next(), { type: "ok", re: "1", data: { room: "lobby", joined: true } });
  member.send("chat.say", "2", { room: "lobby", text: "hi", from: "the king" });
  const said = { type: "chat.said", data: { room: "lobby", text: "hi", from: "mia" } };
  assert.deepEqual(await guest.next(), said);
  assert.deepEqual(await member.next(), said);
  assert.deepEqual(await member.next(), { type: "ok", re: "2", data: { delivered: 2 } });

  guest.send("chat.say", "3", { room: "lobby", text: "me too" });
  const { code, re } = await guest.next();
  assert.deepEqual([code, re], ["forbidden", "3"]);
  const { type, data } = await admin.next() as { readonly type: string; readonly data: Message };
  assert.deepEqual([type, data["event"], data["subject"], data["type"]], [
    "audit.event",
    "authz_fail",
    "gus",
    "chat.say",
  ]);

  admin.send("admin.announce", "4", { text: "closing soon" });
  assert.deepEqual(await admin.next(), {
    type: "admin.announced",
    data: { text: "closing soon", from: "ada" },
  });
  assert.deepEqual(await admin.next(), { type: "ok", re: "4", data: { delivered: 1 } });

  admin.send("user.list", "5");
  const { data: list } = await admin.next() as { readonly data: { readonly users: readonly Message[] } };
  assert.deepEqual(
    list.users.map(({ subject }) => subject).filter((name) => ["gus", "mia", "ada"].includes(String(name))),
    ["gus", "mia", "ada"],
  );
  admin.send("user.kick", "6", { subject: "ada" });
  assert.equal((await admin.next())["code"], "forbidden", "an admin cannot lock himself out");
  assert.equal((await admin.next())["type"], "audit.event");
  admin.send("user.kick", "7", { subject: "mia" });
  assert.deepEqual(await admin.next(), { type: "ok", re: "7", data: { closed: 1 } });
  assert.equal(await member.closed, 3003);

  for (const visitor of [guest, admin]) {
    visitor.send("echo", "8", { "__proto__": [1, null, "é"] });
    assert.deepEqual(await visitor.next(), { type: "ok", re: "8", data: {} });
    visitor.connection.close();
    assert.equal(await visitor.closed, 1000);
  }
});

describe("The demo ends", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`with 0 after ${signal}, and tells its clients when to come back`, async () => {
      const own = runProgram("src/demo/main.ts", {
        PORTCULLIS_SECRET: "a secret of at least 32 bytes, for tests",
      });
      port = Number(/:(\d+)$/.exec(await own.line())?.[1]);
      const visitor = await visit(await login("x", "guest"));
      // Neither a client that never asks anything, nor one that waits in the middle of a request, may hold it up.
      const silent = connectTcp(port, "127.0.0.1");
      const slow = connectTcp(port, "127.0.0.1");
      slow.write("GET / HTTP/1.1\r\nHost:");
      for (const socket of [silent, slow]) socket.on("error", () => undefined);
      await once(slow, "connect");
      if (silent.connecting) await once(silent, "connect");
      own.signal(signal);
      const { type, data } = await visitor.next();
      assert.equal(type, "server.bye");
      const { reconnectInMs } = data as { readonly reconnectInMs: number };
      assert.ok(reconnectInMs >= 0 && reconnectInMs < 10_000);
      // Until the last client has gone, the server tells who comes where things stand.
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: "close" } });
      assert.deepEqual([ready.status, await ready.text()], [503, "not ready\n"]);
      assert.equal(await visitor.closed, 1012);
      assert.equal(await own.ended, 0);
      assert.equal(own.stderr(), "");
      for (const socket of [silent, slow]) socket.destroy();
    });
  }

  test("at once when it is told a second time", async () => {
    const own = runProgram("src/demo/main.ts", {});
    port = Number(/:(\d+)$/.exec(await own.line())?.[1]);
    const visitor = await visit(await login("x", "guest"));
    own.signal("SIGTERM");
    assert.equal((await visitor.next())["type"], "server.bye");
    own.signal("SIGINT");
    assert.equal(await own.ended, 1);
    assert.equal(await visitor.closed, 1006);
  });
});

describe("The demo refuses its settings in one line, with exit code 2:", { concurrency: true }, () => {
  const cases: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
    "a weak secret": [{ PORTCULLIS_SECRET: "hunter2" }, /^Key has 7 bytes; HS256 takes at least 32\.\n$/],
    "a port out of range": [{ PORT: "65536" }, /^PORT is "65536"; it must be a number from 0 to 65535\.\n$/],
    "a port that is no number": [
      { PORT: "http" },
      /^PORT is "http"; it must be a number from 0 to 65535\.\n$/,
    ],
    "a host that is not this machine's": [{ HOST: "192.0.2.1" }, /^listen E[A-Z]+: [^\n]*\n$/],
  };
  for (const [name, [env, message]] of Object.entries(cases)) {
    test(name, async () => {
      const own = runProgram("src/demo/main.ts", env);
      assert.equal(await own.ended, 2);
      assert.match(own.stderr(), message);
      assert.doesNotMatch(own.stderr(), /hunter2/);
    });
  }
});
