/** A server that has no descriptors left: who is in stays in, and the door opens again when some are free. */

import assert from "node:assert/strict";
import { connect as connectTcp, type Socket } from "node:net";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { connect, type Connection } from "../../src/mod.ts";
import { type Program, runProgram } from "../support/server_process.ts";

/** More than any of the runtimes has open before the first client comes. */
const MAX_DESCRIPTORS = 100;

let program: Program | undefined;
after(() => program?.signal("SIGKILL"));

/** Enters, and gives a way to ask and be answered. */
async function enter(url: string, token: string) {
  let answered: (text: string) => void = () => undefined;
  const connection: Connection = await connect(url, {
    token,
    subprotocols: ["portcullis.v1"],
    limits: { handshakeTimeoutMs: 500 },
    text: (text) => answered(text),
  });
  const ask = () => {
    const answer = new Promise<string>((resolve) => {
      answered = (text) => void (text.includes('"re"') && resolve(text));
    });
    connection.send(JSON.stringify({ type: "echo", id: "1", data: "there?" }));
    return answer;
  };
  return { connection, ask };
}

/** Takes all descriptors that a server has left. @returns Gives them back. */
function flood(port: number): () => void {
  const sockets: Socket[] = Array.from({ length: 3 * MAX_DESCRIPTORS }, () => {
    const socket = connectTcp(port, "127.0.0.1");
    socket.on("error", () => undefined);
    return socket;
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Enters until nobody gets in any more: the flood may still be on its way. */
async function enterUntilFull(url: string, token: string): Promise<Awaited<ReturnType<typeof enter>>[]> {
  const entered: Awaited<ReturnType<typeof enter>>[] = [];
  while (entered.length <= MAX_DESCRIPTORS) {
    try {
      entered.push(await enter(url, token));
    } catch {
      return entered; // What is waited for.
    }
  }
  return assert.fail(`${entered.length} came in, with ${MAX_DESCRIPTORS} descriptors`);
}

/** Tries until it succeeds, as a server finds out one by one that its clients have gone. */
async function eventually<Value>(
  attempt: () => Promise<Value>,
  withinMs: number,
): Promise<Value | undefined> {
  for (const endMs = Date.now() + withinMs; Date.now() < endMs;) {
    try {
      return await attempt();
    } catch {
      await setTimeout(50); // Refused or reset, as it is for as long as the descriptors are gone.
    }
  }
  return undefined;
}

/** Whether a listener of this runtime ever accepts again behind EMFILE: that of Deno 2.9 does not, whatever is built on it. */
async function acceptsAgain(): Promise<boolean> {
  const bare = runProgram("test/support/bare_server.ts", { BARE_SERVER: "serve" }, MAX_DESCRIPTORS);
  const port = Number(await bare.line());
  const stop = flood(port);
  await setTimeout(200);
  stop();
  const attempt = async () =>
    (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(500) })).text();
  const text = await eventually(attempt, 1_000);
  bare.signal("SIGKILL");
  return text === "here";
}

test("A server that runs out of descriptors keeps whoever is in, and lets others in when some are free again", async (t) => {
  program = runProgram("src/demo/main.ts", {}, MAX_DESCRIPTORS);
  const url = `${(await program.line()).replace("listening on http", "ws")}/ws`;
  for (let i = 0; i < 3; i++) await program.line();
  const token = (await program.line()).trim().split(": ")[1] ?? "";
  const first = await enter(url, token);
  const stop = flood(Number(new URL(url).port));
  assert.match(await first.ask(), /there\?/);
  const entered = await enterUntilFull(url, token);
  assert.match(await first.ask(), /there\?/);
  stop();
  for (const { connection } of entered) connection.destroy();
  const second = await eventually(() => enter(url, token), 2_000);
  assert.match(await first.ask(), /there\?/);
  assert.equal(program.stderr(), "");
  first.connection.destroy();
  if (second === undefined && !(await acceptsAgain())) {
    return t.diagnostic("a listener of this runtime never accepts again behind EMFILE");
  }
  assert.match(await second?.ask() ?? "nobody got in", /there\?/);
  second?.connection.destroy();
});
