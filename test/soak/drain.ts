/**
 * A server that is told to stop in the middle of its work: what it acknowledged it has done, everybody is told when to come back, nobody is
 * cut off, and they come back spread as they were told.
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Progress } from "../support/progress.ts";
import { CrowdClient } from "./crowd_client.ts";
import { SoakServer } from "./server_process.ts";
import { soakToken } from "./tokens.ts";

const CLIENTS = 2_000;
/** So many come at the same time. */
const AT_ONCE = 100;
/** Each has so many requests under way. */
const IN_FLIGHT = 2;
const LOAD_MS = 1_500;
const LIMITS = {
  reconnectSpreadMs: 5_000,
  drainNoticeMs: 3_000,
  drainBatchSessions: 100,
  closeTimeoutMs: 10_000,
};
/** How many come in a tenth of the spread is a matter of chance: within five times its deviation. */
const DEVIATIONS = 5;

/** What one client went through. */
interface Visit {
  byeInMs: number | undefined;
  byeAtMs: number;
  code: number | undefined;
  reset: boolean;
  /** When it tried to come back, from the notice on. */
  backAfterMs: number | undefined;
}

/** Runs. @returns What is wrong, if anything is. */
export async function drain(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "drain-"));
  const journal = join(folder, "journal");
  const limits = JSON.stringify(LIMITS);
  const server = await SoakServer.start({ SOAK_LIMITS: limits, SOAK_JOURNAL: journal });
  // Each comes, is sent away, and comes back.
  const progress = new Progress({ name: "drain", noun: "comings and goings", total: { count: 3 * CLIENTS } });
  let next: SoakServer | undefined;
  try {
    const acknowledged = new Set<string>();
    const all: Present[] = [];
    while (all.length < CLIENTS) {
      const some = Array.from({ length: AT_ONCE }, (_, i) => come(server.port, all.length + i, acknowledged));
      all.push(...await Promise.all(some));
      progress.advance(AT_ONCE);
    }
    for (const { begin, ends } of all) {
      begin();
      void ends.then((visit) => {
        if (isCutOff(visit)) progress.failed();
        progress.advance();
      });
    }
    await setTimeout(LOAD_MS);
    server.signal("SIGTERM");
    await setTimeout(100);
    const told = await askMeanwhile(server.port);
    const visits = await Promise.all(all.map(({ ends }) => ends));
    const ended = await server.ended;
    next = await SoakServer.start({ SOAK_PORT: String(server.port), SOAK_LIMITS: limits });
    await comeBack(server.port, visits, progress);
    progress.end();
    const handled = new Set(readFileSync(journal, "utf8").split("\n"));
    return report({ acknowledged, handled, visits, told, ended });
  } finally {
    server.signal("SIGKILL");
    next?.signal("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

/** A client that is in. */
interface Present {
  /** Asks, and asks again whenever it is answered, until it is closed. */
  readonly begin: () => void;
  readonly ends: Promise<Visit>;
}

/** Enters. */
async function come(
  port: number,
  index: number,
  acknowledged: Set<string>,
): Promise<Present> {
  const visit: Visit = {
    byeInMs: undefined,
    byeAtMs: 0,
    code: undefined,
    reset: false,
    backAfterMs: undefined,
  };
  let asked = 0;
  const ask = (client: CrowdClient) => {
    const id = `${index}-${++asked}`;
    client.ask(asked % 2 === 0 ? "note" : "work", id);
  };
  let entered: () => void = () => undefined;
  let begin: () => void = () => undefined;
  const isIn = new Promise<void>((resolve) => entered = resolve);
  const ends = new Promise<Visit>((resolve) => {
    new CrowdClient(port, soakToken(`client-${index}`), {
      entered: (client) => {
        begin = () => {
          for (let i = 0; i < IN_FLIGHT; i++) ask(client);
        };
        entered();
      },
      message: ({ type, re, data }, client) => {
        if (type === "server.bye") {
          visit.byeInMs = (data as { readonly reconnectInMs: number }).reconnectInMs;
          visit.byeAtMs = Date.now();
        } else if (type === "ok") {
          acknowledged.add(String(re));
          ask(client);
        }
      },
      ended: ({ code, reset }) => resolve(Object.assign(visit, { code, reset })),
    });
  });
  await isIn;
  return { begin, ends };
}

/** What a server that drains says to whoever comes. */
async function askMeanwhile(port: number): Promise<string[]> {
  const upgrade = {
    Upgrade: "websocket",
    Connection: "Upgrade",
    Authorization: `Bearer ${soakToken("late")}`,
  };
  const handshake = {
    ...upgrade,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  // At the same time: on a busy machine, one behind the other might find the server gone.
  return await Promise.all([
    statusOf(port, "/livez", {}),
    statusOf(port, "/readyz", {}),
    statusOf(port, "/", handshake),
  ]);
}

function statusOf(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    request({ port, path, headers: { Connection: "close", ...headers } }, (response) => {
      response.resume();
      resolve([path, response.statusCode, response.headers["retry-after"] ?? ""].join(" ").trim());
    }).on("error", (error) => resolve(`${path} ${error.message}`)).end();
  });
}

/** Each tries when it was told to; a server that is not there yet by then is tried again. */
async function comeBack(port: number, visits: readonly Visit[], progress: Progress): Promise<void> {
  await Promise.all(visits.map(async (visit, index) => {
    const dueAtMs = visit.byeAtMs + (visit.byeInMs ?? 0);
    // Timers may fire a little early by the clock.
    while (Date.now() < dueAtMs) await setTimeout(dueAtMs - Date.now());
    visit.backAfterMs = Date.now() - visit.byeAtMs;
    await new Promise<void>((resolve) => {
      new CrowdClient(port, soakToken(`client-${index}`), {
        entered: () => resolve(),
        ended: () => resolve(),
      });
    });
    progress.advance();
  }));
}

function isCutOff({ code, reset }: Visit): boolean {
  return code !== 1012 || reset;
}

interface Found {
  readonly acknowledged: ReadonlySet<string>;
  readonly handled: ReadonlySet<string>;
  readonly visits: readonly Visit[];
  readonly told: readonly string[];
  readonly ended: number | string | null;
}

function report({ acknowledged, handled, visits, told, ended }: Found): string | undefined {
  const lost = [...acknowledged].filter((id) => !handled.has(id));
  const unsaid = visits.filter(({ byeInMs }) => byeInMs === undefined);
  const cut = visits.filter(isCutOff);
  const tenths = Array<number>(10).fill(0);
  const tenthMs = LIMITS.reconnectSpreadMs / tenths.length;
  for (const { byeInMs = 0 } of visits) {
    const tenth = Math.floor(byeInMs / tenthMs);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  const early = visits.filter(({ backAfterMs = 0, byeInMs = 0 }) => backAfterMs < byeInMs);
  console.log(
    `${acknowledged.size} requests acknowledged, ${handled.size} handled; ${CLIENTS} clients, ${cut.length} cut off`,
  );
  console.log(`meanwhile: ${told.join(", ")}; exit code ${ended}`);
  console.log(`coming back, by tenths of ${LIMITS.reconnectSpreadMs} ms: ${tenths.join(" ")}`);
  if (lost.length > 0) return `${lost.length} requests were acknowledged and not handled`;
  if (unsaid.length > 0) return `${unsaid.length} clients were not told when to return`;
  if (cut.length > 0) return `${cut.length} clients were cut off: ${JSON.stringify(cut[0])}`;
  if (told.join() !== "/livez 200,/readyz 503,/ 503 5") return `meanwhile it said ${told.join()}`;
  if (ended !== 0) return `the server ended with ${ended}`;
  if (early.length > 0) return `${early.length} came back too early`;
  const wanted = CLIENTS / tenths.length;
  const most = DEVIATIONS * Math.sqrt(wanted * (1 - 1 / tenths.length));
  return tenths.some((count) => Math.abs(count - wanted) > most) ? "they do not come back evenly" : undefined;
}
