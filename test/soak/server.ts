/**
 * The server under load: a gate as an application would set it up, which says on standard output how it is when it is asked to on
 * standard input (a line each: `state`, `send N`, `revoke SUBJECT`, `demote SUBJECT`), and drains on SIGTERM.
 *
 * Environment: `SOAK_PORT` (0 picks a free one), `SOAK_LIMITS` (JSON), `SOAK_JOURNAL` (a file that gets the ids of all requests that
 * were handled, at the end). Runs when it is told to `serve`.
 *
 * @module
 */

import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { endOnSignal } from "../../src/demo/listen.ts";
import { createGate, definePermissions, type Limits, putFrontDoor } from "../../src/mod.ts";
import { SOAK_AUDIENCE, SOAK_KEY } from "./tokens.ts";

if (process.argv[2] === "serve") serve();

function serve(): void {
  const { SOAK_PORT = "0", SOAK_LIMITS = "{}", SOAK_JOURNAL } = process.env;
  const handled: string[] = [];
  const isAnything = (_value: unknown): _value is unknown => true;
  const isId = (value: unknown): value is string => typeof value === "string";
  const note = (id: string) => {
    handled.push(id);
    return id;
  };
  const gate = createGate({
    keys: [SOAK_KEY],
    audience: SOAK_AUDIENCE,
    permissions: definePermissions({
      roles: ["guest", "member"],
      receive: {
        note: { roles: ["guest", "member"], data: isId },
        work: { roles: ["guest", "member"], data: isId },
        join: { roles: ["member"], data: isId },
        fail: { roles: ["guest", "member"], data: isAnything },
      },
      send: {
        news: { roles: ["guest", "member"], data: isAnything },
        tick: { roles: ["member"], data: isAnything, slowReaders: "drop" },
      },
    }),
    handlers: {
      note: (id) => SOAK_JOURNAL === undefined ? id : note(id),
      work: async (id) => {
        await setTimeout(3);
        return SOAK_JOURNAL === undefined ? id : note(id);
      },
      join: (room, { session, groups }) => groups.join(session, room),
      fail: () => Promise.reject(new Error("on purpose")),
    },
    limits: { maxSessionsPerSubject: 100_000, ...JSON.parse(SOAK_LIMITS) as Partial<Limits> },
    livePath: "/livez",
    readyPath: "/readyz",
    metricsPath: "/metrics",
    audit: () => undefined,
    reportError: () => undefined,
  });
  const server = createServer((_request, response) => void response.end());
  gate.attach(server);
  const door = putFrontDoor(gate, server);
  endOnSignal(server, async () => {
    await gate.drain();
    door.closeSilent();
    if (SOAK_JOURNAL !== undefined) writeFileSync(SOAK_JOURNAL, handled.join("\n"));
  });
  const commands: Readonly<Record<string, (argument: string) => unknown>> = {
    state: () => console.log(JSON.stringify(stateOf(gate.metrics()))),
    send: (n) => gate.groups.send("everyone", "news", Number(n)),
    tick: () => gate.groups.send("everyone", "tick", "x".repeat(10_000)),
    revoke: (subject) => gate.revoke({ subject }),
    demote: (subject) => gate.setRoles(subject, ["guest"]),
  };
  createInterface(process.stdin).on("line", (line) => {
    const [command = "", argument = ""] = line.split(" ");
    commands[command]?.(argument);
  });
  server.listen(Number(SOAK_PORT), "127.0.0.1", 4_096, () => {
    console.log((server.address() as AddressInfo).port);
  });
}

/** What a server has in hand. */
export interface ServerState {
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly descriptors: number;
  readonly handles: Readonly<Record<string, number>>;
  readonly sessions: number;
  readonly connections: number;
  readonly queueBytes: number;
}

/** Looks, behind the collector. */
function stateOf(metrics: string): ServerState {
  const { gc } = globalThis as { readonly gc?: () => void };
  for (let i = 0; i < 3; i++) gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const figure = (name: string) => Number(new RegExp(`^portcullis_${name} (\\d+)$`, "m").exec(metrics)?.[1]);
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo?.() ?? []) handles[kind] = (handles[kind] ?? 0) + 1;
  return {
    heapBytes: heapUsed,
    externalBytes: external,
    descriptors: countDescriptors(),
    handles,
    sessions: figure("sessions"),
    connections: figure("connections"),
    queueBytes: figure("queue_bytes"),
  };
}

function countDescriptors(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0; // Not Linux: then descriptors are not counted.
  }
}
