/**
 * The servers that are measured, and how each is started.
 *
 * @module
 */

/** How one server is started. */
export interface Peer {
  /** What it runs on: the runtime under test, or the one that it is built into. */
  readonly on: "runtime" | "bun" | "deno";
  /** Where the compiler puts it, below `build`. */
  readonly program: string;
  readonly args?: readonly string[];
  /** The path that the load asks for. */
  readonly path?: string;
}

const SERVERS = "test/bench/servers";

/** All of them. */
export const PEERS = {
  echo: { on: "runtime", program: "src/demo/echo.js" },
  echo_ws: { on: "runtime", program: `${SERVERS}/echo_ws.js` },
  echo_ws_deflate: {
    on: "runtime",
    program: `${SERVERS}/echo_ws.js`,
    args: ["deflate"],
  },
  echo_raw: { on: "runtime", program: `${SERVERS}/echo_raw.js` },
  bun: { on: "bun", program: `${SERVERS}/bun.js` },
  echo_deno: { on: "deno", program: `${SERVERS}/echo_deno.js` },
  gate: { on: "runtime", program: `${SERVERS}/gate.js` },
  gate_front: { on: "runtime", program: `${SERVERS}/gate.js`, args: ["front-door"] },
  gate_ws: { on: "runtime", program: `${SERVERS}/gate_ws.js` },
  gate_ws_open: {
    on: "runtime",
    program: `${SERVERS}/gate_ws.js`,
    args: ["open"],
  },
  group_ws: {
    on: "runtime",
    program: `${SERVERS}/group_ws.js`,
    path: "/group",
  },
  group_raw: { on: "runtime", program: `${SERVERS}/group_raw.js` },
  group_bun: { on: "bun", program: `${SERVERS}/bun.js`, path: "/group" },
  upgrade_bare: { on: "runtime", program: `${SERVERS}/upgrade_bare.js` },
  idle_raw: {
    on: "runtime",
    program: `${SERVERS}/upgrade_bare.js`,
    args: ["raw"],
  },
} as const satisfies Readonly<Record<string, Peer>>;

/** The name of one of them. */
export type PeerName = keyof typeof PEERS;
