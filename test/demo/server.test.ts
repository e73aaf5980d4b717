import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { mintDemoToken } from "../../src/demo/login.ts";
import { DemoServer } from "../../src/demo/server.ts";
import { createClient, type SessionInfo } from "../../src/mod.ts";
import { signal, TEST_KEY } from "../support/server.ts";

let demo: DemoServer;
beforeEach(async () => {
  demo = await DemoServer.start({ host: "127.0.0.1", port: 0 }, { key: TEST_KEY, audit: () => undefined });
});
afterEach(() => {
  demo.http.close();
  demo.http.closeAllConnections();
});

function visit(subject: string, role: "guest" | "member" | "admin", query = "") {
  const client = createClient({
    url: `ws://127.0.0.1:${demo.address.port}/ws${query}`,
    getToken: () => mintDemoToken(subject, role, demo.key, Date.now()),
    reportError: () => undefined,
  });
  const opened: SessionInfo[] = [];
  client.onState((state) => void (state.status === "open" && opened.push(state.session)));
  return { client, opened };
}

test("DemoServer rotates its key for an admin: whoever is in stays, and new tokens are signed with the new key", async () => {
  const { client } = visit("ada", "admin");
  await client.open();
  const rotated = await client.request("key.rotate", {}) as { readonly keyId: string };
  assert.equal(rotated.keyId, "demo-1");
  assert.equal(demo.key.id, "demo-1");
  const later = visit("bob", "member");
  await later.client.open();
  assert.deepEqual(await client.request("echo", 1), 1);
  client.close();
  later.client.close();
});

test("DemoServer drains for an admin, and its clients find a gate that has just begun", async () => {
  const { client, opened } = visit("ada", "admin");
  await client.open();
  const again = signal<void>();
  client.onState(({ status }) => void (status === "open" && opened.length > 1 && again.resolve()));
  assert.deepEqual(await client.request("server.drain", {}), { told: 1 });
  await again.promise;
  assert.notEqual(opened[1]?.sessionId, opened[0]?.sessionId);
  client.close();
});

/** Has the server begin anew, and waits until it has: an admin is back. */
async function restart(admin: ReturnType<typeof visit>): Promise<void> {
  const again = signal<void>();
  const before = admin.opened.length;
  const unwatch = admin.client.onState(({ status }) =>
    void (status === "open" && admin.opened.length > before && again.resolve())
  );
  await admin.client.request("server.drain", {});
  await again.promise;
  unwatch();
}

/** What the gate says of a token. */
async function check(token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`http://127.0.0.1:${demo.address.port}/ws/check`, { headers });
  await response.text();
  return response.status;
}

test("DemoServer goes on refusing the tokens of a subject that was kicked, after it has begun anew", async () => {
  const admin = visit("ada", "admin");
  await admin.client.open();
  const [bob, eve] = ["bob", "eve"].map((name) => mintDemoToken(name, "member", demo.key, Date.now()));
  assert.deepEqual(await admin.client.request("user.kick", { subject: "bob" }), { closed: 0 });
  assert.deepEqual([await check(bob ?? ""), await check(eve ?? "")], [401, 200]);
  await restart(admin);
  assert.deepEqual([await check(bob ?? ""), await check(eve ?? "")], [401, 200]);
  assert.equal(await check(mintDemoToken("bob", "member", demo.key, Date.now() + 1)), 200);
  admin.client.close();
});

test("DemoServer goes on giving a subject the role that it was given, after it has begun anew", async () => {
  const admin = visit("ada", "admin");
  const token = mintDemoToken("mia", "member", demo.key, Date.now());
  const mia = createClient({
    url: `ws://127.0.0.1:${demo.address.port}/ws`,
    getToken: () => token,
    reportError: () => undefined,
  });
  await admin.client.open();
  assert.deepEqual((await mia.open()).roles, ["member"]);
  const order = { subject: "mia", role: "guest" };
  assert.deepEqual(await admin.client.request("user.role", order), { changed: 1 });
  const again = signal<readonly string[]>();
  mia.onState((state) => {
    if (state.status === "waiting") {
      mia.onState((next) => next.status === "open" && again.resolve(next.session.roles));
    }
  });
  await restart(admin);
  assert.deepEqual(await again.promise, ["guest"]);
  for (const client of [admin.client, mia]) client.close();
});

test("DemoServer says whom a second rotation has signed out: whoever has a token of the key before the last", async () => {
  const admin = visit("ada", "admin");
  await admin.client.open();
  const rotate = async () =>
    (await admin.client.request("key.rotate", {}) as { readonly signedOut: number }).signedOut;
  const old = visit("old", "guest");
  await old.client.open();
  assert.equal(await rotate(), 0);
  const newer = visit("ned", "admin");
  await newer.client.open();
  const rotated = await newer.client.request("key.rotate", {});
  assert.deepEqual(rotated, { ...rotated as object, keyId: "demo-2", signedOut: 2 });
  assert.deepEqual(await newer.client.request("echo", 1), 1);
  for (const { client } of [admin, old, newer]) client.close();
});

test("DemoServer tells admins in the room of the registry who is here, whenever that changes, and nobody else", async () => {
  const { client } = visit("ada", "admin");
  const member = visit("mia", "member");
  const [listed, heard] = [signal<readonly { readonly subject: string }[]>(), [] as unknown[]];
  await member.client.open();
  await member.client.request("chat.join", { room: "registry" });
  member.client.on("user.listed", (data) => void heard.push(data));
  client.on("user.listed", (data) => {
    const { users } = data as { readonly users: readonly { readonly subject: string }[] };
    if (users.length === 3) listed.resolve(users);
  });
  await client.open();
  await client.request("chat.join", { room: "registry" });
  const third = visit("gus", "guest");
  await third.client.open();
  const users = await listed.promise;
  assert.deepEqual(users.map(({ subject }) => subject).sort(), ["ada", "gus", "mia"]);
  assert.deepEqual(heard, []);
  for (const each of [client, member.client, third.client]) each.close();
});

test("DemoServer streams what it does with a connection to whoever watches it, without its token", async (t) => {
  const name = crypto.randomUUID();
  const stop = new AbortController();
  t.after(() => stop.abort());
  const stream = await fetch(`http://127.0.0.1:${demo.address.port}/watch?watch=${name}`, {
    signal: stop.signal,
  });
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  const { client } = visit("mia", "member", `?watch=${name}`);
  t.after(() => client.close());
  await client.open();
  await client.request("user.list", {}).catch(() => undefined);
  let text = "";
  for await (const chunk of stream.body ?? []) {
    text += new TextDecoder().decode(chunk);
    if (text.includes('"outcome":"forbidden"')) break;
  }
  const kinds = text.split("\n\n").flatMap((event) =>
    /^data: \{"watch":"[^"]*","kind":"(\w+)"/.exec(event)?.[1] ?? []
  );
  assert.deepEqual([...new Set(kinds)], ["request", "decision", "answer", "lease", "frame", "message"]);
  assert.match(text, /The row names a role of the session\./);
  assert.doesNotMatch(text, /eyJ[A-Za-z0-9_-]{8}/);
});

test("GET /watch refuses a name that is none", async () => {
  const response = await fetch(`http://127.0.0.1:${demo.address.port}/watch?watch=x`);
  assert.equal(response.status, 400);
  await response.text();
});
