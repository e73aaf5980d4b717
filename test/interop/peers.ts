/**
 * Who talks to whom, and whether they must agree on compression.
 *
 * @module
 */

import { CHROMIUM, type Command, DENO, NODE_24, PYTHON, SAME } from "./programs.ts";

/** A program at one end. `command` is `undefined` where it is absent. */
export interface Peer {
  readonly name: string;
  readonly command: Command | undefined;
  readonly program: string;
  readonly args: readonly string[];
  /** A conversation that this peer is known to get wrong by itself. */
  readonly except?: string;
  /** What this server does besides, and a client may ask of it. */
  readonly does?: "ws";
}

/** A server, the clients that talk to it, and how each connection must be compressed. */
export interface Meeting {
  readonly server: Peer;
  readonly clients: readonly Peer[];
  readonly deflate: boolean;
}

const deno = DENO === undefined ? undefined : [...DENO, "run", "--quiet", "-A"] as unknown as Command;
const hasGlobal = "WebSocket" in globalThis;
const json = (value: unknown) => [JSON.stringify(value)];

const peer = (
  name: string,
  command: Command | undefined,
  program: string,
  args: readonly string[] = [],
): Peer => ({
  name,
  command,
  program,
  args,
});
/** A program of ours, which takes the option `deflate`, under this runtime or another. */
const ours =
  (what: string, program: string) => (deflate: unknown, command: Command | undefined = SAME, where = "") =>
    peer(`${what}${where} ${JSON.stringify(deflate)}`, command, program, json(deflate));
const ourServer = ours("our server", "our_server.ts");
const ourClient = ours("our client", "our_client.ts");
const wsClient = (option: unknown) =>
  peer(`ws ${JSON.stringify(option)}`, SAME, "ws_client.js", json(option));
const wsServer = (option: unknown): Peer => ({
  ...peer(`ws server ${JSON.stringify(option)}`, SAME, "ws_server.js", json(option)),
  does: "ws",
});
const python = (offer: unknown) =>
  peer(
    `python ${JSON.stringify(offer)}`,
    PYTHON,
    "python_client.py",
    json(offer),
  );

/** Node's own client decodes text as if a byte order mark in front were none of the message (Node 24.21). */
const nodeClient = (name: string, command: Command | undefined): Peer => ({
  ...peer(name, command, "global_client.js"),
  except: "a byte order mark",
});

/** Clients that compress whenever the server does, and cannot be told otherwise. */
const BROWSERS: readonly Peer[] = [
  peer("Chromium", CHROMIUM, "", []),
  nodeClient("Node 24", NODE_24),
  nodeClient("this Node", hasGlobal ? SAME : undefined),
];
/** Deno's own client compresses nothing. */
const DENO_CLIENT = peer("Deno", deno, "global_client.js");

/** Each parameter alone, at its bounds, and all together (RFC 7692 §7.1). */
const WS_OPTIONS: readonly unknown[] = [
  true,
  { serverNoContextTakeover: true },
  { clientNoContextTakeover: true },
  { serverMaxWindowBits: 9 },
  { serverMaxWindowBits: 15 },
  { clientMaxWindowBits: 9 },
  { clientMaxWindowBits: 15 },
  {
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    serverMaxWindowBits: 10,
    clientMaxWindowBits: 11,
  },
].map((option) => option === true ? { threshold: 0 } : { threshold: 0, ...option as object });

const PYTHON_OFFERS: readonly unknown[] = [
  {},
  { client_max_window_bits: true },
  { server_max_window_bits: 9, client_max_window_bits: 9 },
  { server_no_context_takeover: true, client_no_context_takeover: true },
];

const OUR_CHOICES: readonly unknown[] = [
  true,
  { contextTakeover: false },
  { maxWindowBits: 9, minBytes: 0 },
  { maxWindowBits: 15 },
];

/** All meetings. */
export const MEETINGS: readonly Meeting[] = [
  {
    server: ourServer(false),
    clients: [
      ...BROWSERS,
      DENO_CLIENT,
      wsClient(true),
      python({}),
      ourClient(true),
    ],
    deflate: false,
  },
  {
    server: ourServer(true),
    clients: [
      ...BROWSERS,
      ...WS_OPTIONS.map(wsClient),
      ...PYTHON_OFFERS.map(python),
      ...OUR_CHOICES.map((choice) => ourClient(choice)),
    ],
    deflate: true,
  },
  {
    server: ourServer(true),
    clients: [DENO_CLIENT, wsClient(false), python(null), ourClient(false)],
    deflate: false,
  },
  ...OUR_CHOICES.slice(1).map((choice) => ({
    server: ourServer(choice),
    clients: [
      wsClient({ threshold: 0 }),
      ...BROWSERS.slice(0, 1),
      ourClient(true, deno, " under Deno"),
    ],
    deflate: true,
  })),
  {
    server: ourServer(true, deno, " under Deno"),
    clients: [
      ...BROWSERS,
      wsClient({ threshold: 0 }),
      ...PYTHON_OFFERS.slice(0, 1).map(python),
      ourClient(true),
    ],
    deflate: true,
  },
  ...WS_OPTIONS.map((option) => ({
    server: wsServer(option),
    clients: option === WS_OPTIONS[0] ? OUR_CHOICES.map((choice) => ourClient(choice)) : [ourClient(true)],
    deflate: true,
  })),
  {
    server: wsServer(WS_OPTIONS[0]),
    clients: [ourClient(true, deno, " under Deno")],
    deflate: true,
  },
  { server: wsServer(false), clients: [ourClient(true)], deflate: false },
  {
    server: peer("Deno's server", deno, "deno_server.js", ["serve"]),
    clients: [ourClient(true), ourClient(false)],
    deflate: false,
  },
  {
    server: peer("python server", PYTHON, "python_server.py", ["deflate"]),
    clients: OUR_CHOICES.map((choice) => ourClient(choice)),
    deflate: true,
  },
  {
    server: peer("python server", PYTHON, "python_server.py", ["plain"]),
    clients: [ourClient(true)],
    deflate: false,
  },
];
