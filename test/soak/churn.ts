/**
 * The long run: clients come and go and misbehave for as long as it is told, and when all have gone, the server has what it had before.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { setTimeout } from "node:timers/promises";
import { Draw } from "../fuzz/draw.ts";
import { Progress } from "../support/progress.ts";
import { clientFrame } from "../support/raw_http_frames.ts";
import { CrowdClient } from "./crowd_client.ts";
import type { ServerState } from "./server.ts";
import { SoakServer } from "./server_process.ts";
import { soakToken } from "./tokens.ts";

const MOST_CLIENTS = 400;
const SUBJECTS = 200;
const WARM_UP_MS = 4_000;
/** What is left of a peer that never answers. */
const REST_MS = 20_000;
/** Compiled code and the like come and go; sessions that stayed would be far more. */
const TOLERANCE_BYTES = 1_572_864;
const TOLERANCE_SHARE = 0.02;

/** Short, so that vanished and stalled clients are found out within the run. */
const LIMITS = {
  heartbeatMs: 2_000,
  pongTimeoutMs: 1_000,
  closeTimeoutMs: 1_000,
  handlerTimeoutMs: 1_000,
  maxQueuedBytes: 600_000,
};

/** Runs. @returns What is wrong, if anything is. */
export async function churn(seconds: number): Promise<string | undefined> {
  const server = await SoakServer.start({ SOAK_LIMITS: JSON.stringify(LIMITS) });
  try {
    const draw = new Draw(6);
    // What is made once is made before it is measured: code, maps of subjects, pools of buffers.
    const warmUp = telling("warm-up", 2 * WARM_UP_MS);
    await misbehave(server, draw, WARM_UP_MS, warmUp);
    await misbehave(server, draw, WARM_UP_MS, warmUp);
    warmUp.end();
    const before = await server.restedState(0, REST_MS);
    const progress = telling("soak", seconds * 1_000);
    const came = await misbehave(server, draw, seconds * 1_000, progress);
    progress.end();
    const after = await server.restedState(0, REST_MS);
    console.log(`${came} connections in ${seconds} s`);
    console.log(`before: ${JSON.stringify(before)}\nafter:  ${JSON.stringify(after)}`);
    return difference(before, after);
  } finally {
    server.signal("SIGKILL");
  }
}

function telling(name: string, forMs: number): Progress {
  return new Progress({ name, noun: "connections", total: { seconds: forMs / 1_000 } });
}

/** @returns How many clients came. */
async function misbehave(
  server: SoakServer,
  draw: Draw,
  forMs: number,
  progress: Progress,
): Promise<number> {
  const clients = new Set<CrowdClient>();
  let came = 0;
  const arrived = () => {
    came++;
    progress.advance();
  };
  const endMs = Date.now() + forMs;
  while (Date.now() < endMs) {
    for (let i = 0; i < 10; i++) step(server, draw, clients, arrived, () => progress.failed());
    await setTimeout(5);
  }
  for (const client of clients) draw.chance(0.5) ? client.leave() : client.socket.resetAndDestroy();
  return came;
}

/** One client does one thing. */
function step(
  server: SoakServer,
  draw: Draw,
  clients: Set<CrowdClient>,
  came: () => void,
  failed: () => void,
): void {
  if (clients.size < MOST_CLIENTS && draw.chance(0.5)) {
    came();
    const token = draw.chance(0.9) ? soakToken(`subject-${draw.below(SUBJECTS)}`) : "none";
    const client: CrowdClient = new CrowdClient(server.port, token, {
      ended: ({ status }) => {
        clients.delete(client);
        // Whatever they do, it is never a reason for the server to say that the fault is its own.
        if (status === 500) failed();
      },
    });
    return void clients.add(client);
  }
  if (clients.size === 0) return;
  const client = draw.pick([...clients]);
  const did = draw.below(100);
  if (did < 50) client.ask(draw.pick(["note", "work", "join", "fail", "unknown"]), "1");
  else if (did < 60) client.leave();
  else if (did < 66) client.socket.resetAndDestroy();
  else if (did < 68) client.socket.pause();
  else if (did < 72) client.socket.resume();
  else if (did < 75) {
    client.socket.write(draw.pick([clientFrame(3, "x"), clientFrame(1, Buffer.of(0xff)), Buffer.of(1)]));
  } else if (did < 80) {
    client.ask("auth.refresh", "1", { token: soakToken(`subject-${draw.below(SUBJECTS)}`) });
  } else if (did < 83) server.tell(`revoke subject-${draw.below(SUBJECTS)}`);
  else if (did < 86) server.tell(`demote subject-${draw.below(SUBJECTS)}`);
  else if (did < 88) server.tell("tick");
  else if (did < 90) server.tell("send 1");
}

function difference(before: ServerState, after: ServerState): string | undefined {
  for (const name of ["sessions", "connections", "queueBytes"] as const) {
    if (after[name] !== 0) return `${name} is ${after[name]} when everybody has gone`;
  }
  if (after.descriptors !== before.descriptors) {
    return `${after.descriptors} descriptors, and there were ${before.descriptors}`;
  }
  const kinds = (state: ServerState) => JSON.stringify(Object.entries(state.handles).sort());
  if (kinds(after) !== kinds(before)) return `the handles are ${kinds(after)}, and were ${kinds(before)}`;
  for (const name of ["heapBytes", "externalBytes"] as const) {
    const most = before[name] * (1 + TOLERANCE_SHARE) + TOLERANCE_BYTES;
    if (after[name] > most) return `${name} is ${after[name]}, and was ${before[name]}`;
  }
  return undefined;
}
