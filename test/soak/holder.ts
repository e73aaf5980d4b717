/**
 * A process that holds sessions: it prints `held N` when all are in; told `check`, it has each ask something, and prints how many were
 * answered, how many are lost, and how many group messages the one with the fewest got. Runs when it is told to `hold PORT COUNT FROM`.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { CrowdClient } from "./crowd_client.ts";
import { soakToken } from "./tokens.ts";

/** So many handshakes are under way at once. */
const AT_ONCE = 100;
const ANSWER_WITHIN_MS = 30_000;

/** What a holder finds when it looks. */
export interface Held {
  readonly answered: number;
  readonly lost: number;
  readonly fewestNews: number;
}

const [what, port = "", count = "", from = ""] = process.argv.slice(2);
if (what === "hold") await hold(Number(port), Number(count), Number(from));

async function hold(port: number, count: number, from: number): Promise<void> {
  const clients: CrowdClient[] = [];
  let [lost, answered] = [0, 0];
  for (let n = 0; n < count; n += AT_ONCE) {
    const some = Array.from(
      { length: Math.min(AT_ONCE, count - n) },
      (_, i) =>
        new Promise<void>((resolve) => {
          const token = soakToken(`held-${from + n + i}`);
          const ended = () => {
            lost++;
            resolve();
          };
          clients.push(
            new CrowdClient(port, token, { entered: () => resolve(), message: () => answered++, ended }),
          );
        }),
    );
    await Promise.all(some);
  }
  console.log(`held ${count - lost}`);
  for await (const line of createInterface(process.stdin)) {
    if (line !== "check") continue;
    answered = 0;
    for (const client of clients) client.ask("note", "1");
    for (let waitedMs = 0; answered < count - lost && waitedMs < ANSWER_WITHIN_MS; waitedMs += 50) {
      await setTimeout(50);
    }
    const fewestNews = Math.min(...clients.map(({ news }) => news));
    console.log(JSON.stringify({ answered, lost, fewestNews } satisfies Held));
  }
}
