/**
 * Many sessions held while others come and go: none of the held is lost, each gets all that is said to the group, and the memory is back
 * to where it was.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Progress } from "../support/progress.ts";
import { CrowdClient } from "./crowd_client.ts";
import type { Held } from "./holder.ts";
import type { ServerState } from "./server.ts";
import { SoakServer } from "./server_process.ts";
import { soakToken } from "./tokens.ts";

/** A process may have 20,000 descriptors on many a machine. */
const PER_HOLDER = 9_500;
/** How long one that comes stays. */
const STAY_MS = 200;
/** What the last of them may need to get in. */
const REACH_MS = 1_000;
const WARM_UP_MS = 20_000;
const NEWS_EVERY_MS = 2_000;
const TICK_MS = 10;
/** A collector that has more to do leaves more behind. */
const TOLERANCE_SHARE = 0.03;
const MEBIBYTE = 1_048_576;

/** Runs. @returns What is wrong, if anything is. */
export async function hold(held: number, perSecond: number, seconds: number): Promise<string | undefined> {
  const server = await SoakServer.start({});
  const holders: Holder[] = [];
  try {
    for (let from = 0; from < held; from += PER_HOLDER) {
      holders.push(await Holder.start(server.port, Math.min(PER_HOLDER, held - from), from));
    }
    // Once before it is measured: the code is compiled, and the tables that sessions are looked up in are as large as they get.
    await comeAndGo(server, "warm-up", perSecond, WARM_UP_MS);
    const before = await server.restedState(held, 20_000);
    const { came, entered, refused, news } = await comeAndGo(server, "hold", perSecond, seconds * 1_000);
    const after = await server.restedState(held, 20_000);
    const found = await Promise.all(holders.map((holder) => holder.check()));
    tell({ before, after, came, entered, refused, news, seconds, found });
    return wrong(held, before, after, news, found) ??
      (entered < perSecond * seconds * 0.95
        ? `only ${entered} of ${perSecond * seconds} came in`
        : undefined);
  } finally {
    for (const holder of holders) holder.stop();
    server.signal("SIGKILL");
  }
}

async function comeAndGo(server: SoakServer, name: string, perSecond: number, forMs: number) {
  const progress = new Progress({ name, noun: "sessions", total: { seconds: forMs / 1_000 } });
  const began = performance.now();
  let [came, entered, refused, news, saidAtMs] = [0, 0, 0, 0, began];
  const inside: { readonly client: CrowdClient; readonly untilMs: number }[] = [];
  const stay = (client: CrowdClient) => {
    entered++;
    progress.advance();
    inside.push({ client, untilMs: performance.now() + STAY_MS });
  };
  for (let nowMs = began; nowMs < began + forMs; nowMs = performance.now()) {
    // By the clock, so that a turn that took long is made up for.
    const due = Math.floor((nowMs - began) * perSecond / 1_000);
    for (; came < due; came++) {
      new CrowdClient(server.port, soakToken(`comes-${came % 5_000}`), {
        entered: (client) => stay(client),
        ended: ({ status }) => {
          if (status === 101) return;
          refused++;
          progress.failed();
        },
      });
    }
    while ((inside[0]?.untilMs ?? Infinity) <= nowMs) inside.shift()?.client.leave();
    if (nowMs - saidAtMs >= NEWS_EVERY_MS) {
      saidAtMs = nowMs;
      server.tell(`send ${++news}`);
    }
    progress.advance(0);
    await setTimeout(TICK_MS);
  }
  progress.end();
  // The last of them are still on their way in.
  await setTimeout(REACH_MS);
  for (const { client } of inside) client.leave();
  return { came, entered, refused, news };
}

function wrong(
  held: number,
  before: ServerState,
  after: ServerState,
  news: number,
  found: readonly Held[],
): string | undefined {
  const lost = found.reduce((sum, one) => sum + one.lost, 0);
  const answered = found.reduce((sum, one) => sum + one.answered, 0);
  if (lost > 0 || answered !== held) return `${lost} of ${held} were lost, and ${answered} are answered`;
  const fewest = Math.min(...found.map(({ fewestNews }) => fewestNews));
  if (fewest < news) return `one got ${fewest} of ${news} group messages`;
  if (after.sessions !== held || after.connections !== held) {
    return `${after.sessions} sessions, ${after.connections} connections`;
  }
  if (after.descriptors !== before.descriptors) {
    return `${after.descriptors} descriptors, and there were ${before.descriptors}`;
  }
  const bytes = (state: ServerState) => state.heapBytes + state.externalBytes;
  const most = bytes(before) * (1 + TOLERANCE_SHARE);
  return bytes(after) > most ? `${bytes(after)} bytes, and there were ${bytes(before)}` : undefined;
}

interface Figures {
  readonly before: ServerState;
  readonly after: ServerState;
  readonly came: number;
  readonly entered: number;
  readonly refused: number;
  readonly news: number;
  readonly seconds: number;
  readonly found: readonly Held[];
}

function tell({ before, after, came, entered, refused, news, seconds, found }: Figures): void {
  const mebibytes = ({ heapBytes, externalBytes }: ServerState) =>
    ((heapBytes + externalBytes) / MEBIBYTE).toFixed(1);
  console.log(
    `${entered} of ${came} came in and left in ${seconds} s, ${refused} were turned away; ${news} messages went to everybody meanwhile`,
  );
  console.log(`memory: ${mebibytes(before)} MiB before, ${mebibytes(after)} MiB after it`);
  for (const { answered, lost, fewestNews } of found) {
    console.log(`held: ${answered} answered, ${lost} lost, none got fewer than ${fewestNews} group messages`);
  }
}

/** A process that holds. */
class Holder {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child;
    this.#lines = lines;
  }

  static async start(port: number, count: number, from: number): Promise<Holder> {
    const program = fileURLToPath(new URL("holder.ts", import.meta.url));
    const args = [...process.execArgv, program, "hold", String(port), String(count), String(from)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(child.stdout as Readable)[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value !== `held ${count}`) throw new Error(`Not all could be held: ${value}.`);
    return new Holder(child, lines);
  }

  async check(): Promise<Held> {
    this.#child.stdin?.write("check\n");
    return JSON.parse(String((await this.#lines.next()).value)) as Held;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}
