/**
 * What is measured: a row for each claim, with the load that drives it, who takes part, and what is aimed at.
 *
 * @module
 */

import type { LoadName } from "./load.ts";
import type { Task } from "./loads/task.ts";
import type { PeerName } from "./peers.ts";

/** Against what we are held: the package that people use, what the runtime could do at best, and a native server. */
export type Rival = "ws" | "floor" | "native" | "deno";

/** One row. */
export interface Row {
  readonly load: LoadName;
  readonly task: Omit<Task, "durationMs">;
  readonly ours: PeerName;
  readonly rivals: Readonly<Partial<Record<Rival, PeerName>>>;
  /**
   * Where a load cannot keep every server at work: what counts is what each does with a second of its core. The other core spends as much on
   * its end of a connection as a server does, so that a cheap server waits for it.
   */
  readonly per?: "second of the core";
  /** The ratios that are aimed at; in the row of memory at the most, elsewhere at the least. */
  readonly aims: Readonly<Partial<Record<Rival, number>>>;
}

const ECHO = {
  ours: "echo",
  rivals: {
    ws: "echo_ws",
    floor: "echo_raw",
    native: "bun",
    deno: "echo_deno",
  },
} as const;
const GROUP = {
  ours: "gate",
  rivals: { ws: "group_ws", floor: "group_raw", native: "group_bun" },
} as const;
const DEFLATE = { ours: "echo", rivals: { ws: "echo_ws_deflate" } } as const;

const LOAD = {
  connections: 50,
  depth: 1,
  payloadBytes: 16,
  kind: "binary",
} as const;

/** All rows, by name. */
export const ROWS: Readonly<Record<string, Row>> = {
  "echo 16 B binary, 32 in flight": {
    ...ECHO,
    load: "echo",
    task: { ...LOAD, depth: 32 },
    aims: { ws: 15, floor: 0.6, native: 1 },
  },
  "echo 16 B text, 32 in flight": {
    ...ECHO,
    load: "echo",
    task: { ...LOAD, depth: 32, kind: "text" },
    aims: { ws: 12 },
  },
  "echo 16 B binary, 1 in flight": {
    ...ECHO,
    load: "echo",
    task: LOAD,
    aims: { ws: 1.1, floor: 0.92 },
  },
  "echo 4 KiB binary, 1 in flight": {
    ...ECHO,
    load: "echo",
    task: { ...LOAD, payloadBytes: 4_096 },
    aims: { ws: 1.5, floor: 0.75 },
  },
  "echo 64 KiB binary, 4 in flight": {
    ...ECHO,
    load: "echo",
    task: { ...LOAD, payloadBytes: 65_536, depth: 4 },
    aims: { ws: 2.5, floor: 0.7 },
  },
  "echo 1 MiB binary, 2 in flight": {
    ...ECHO,
    load: "echo",
    task: { ...LOAD, payloadBytes: 1_048_576, depth: 2 },
    aims: { ws: 1.8, floor: 0.7 },
  },
  "group of 1,000, 128 B, single": {
    ...GROUP,
    load: "group",
    task: { ...LOAD, connections: 1_000 },
    aims: { ws: 1.3, floor: 0.95 },
  },
  "group of 1,000, 128 B, bursts of 16": {
    ...GROUP,
    load: "group",
    task: { ...LOAD, connections: 1_000, depth: 16 },
    aims: { ws: 12, floor: 0.7, native: 1 },
  },
  "gate: JSON request, permission, reply, 16 in flight": {
    load: "requests",
    task: { ...LOAD, depth: 16 },
    ours: "gate",
    rivals: { ws: "gate_ws" },
    aims: { ws: 4 },
  },
  "upgrades with a token": {
    load: "upgrades",
    task: { ...LOAD, depth: 128 },
    per: "second of the core",
    ours: "gate",
    rivals: { ws: "gate_ws", floor: "upgrade_bare" },
    aims: { ws: 1.5, floor: 0.9 },
  },
  "upgrades with a token, front door": {
    load: "upgrades",
    task: { ...LOAD, depth: 128 },
    per: "second of the core",
    ours: "gate_front",
    rivals: { ws: "gate_ws", floor: "upgrade_bare" },
    aims: { ws: 1.5, floor: 0.9 },
  },
  "memory of 10,000 idle sessions": {
    load: "idle",
    task: { ...LOAD, connections: 10_000 },
    ours: "gate",
    rivals: { ws: "gate_ws_open", floor: "idle_raw" },
    aims: { ws: 0.8, floor: 1.35 },
  },
  "memory of 10,000 idle sessions, front door": {
    load: "idle",
    task: { ...LOAD, connections: 10_000 },
    ours: "gate_front",
    rivals: { ws: "gate_ws_open", floor: "idle_raw" },
    aims: { ws: 0.8, floor: 1.35 },
  },
  "echo 150 B JSON deflated, 32 in flight": {
    ...DEFLATE,
    load: "deflate",
    task: { ...LOAD, payloadBytes: 150, kind: "text", depth: 32 },
    aims: { ws: 2 },
  },
  "echo 150 B JSON deflated, 1 in flight": {
    ...DEFLATE,
    load: "deflate",
    task: { ...LOAD, payloadBytes: 150, kind: "text" },
    aims: { ws: 2 },
  },
};
