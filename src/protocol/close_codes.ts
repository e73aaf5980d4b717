/**
 * Status codes of the Close frame (RFC 6455 §7.4): which exist, and what they tell a client to do. A table that a page can
 * load too.
 *
 * @module
 */

/** What a client does after a close: nothing more, get a new token first, come back and wait longer each time, or come back after a moment. */
export type ClientAction = "stop" | "refresh" | "backoff" | "reconnect";

/** What one status code means. */
export interface CloseRow {
  /** The number in the Close frame. */
  readonly code: number;
  /** When it is used. */
  readonly meaning: string;
  /** What a client should do when it sees it. */
  readonly client: ClientAction;
}

/** Every status code that this project sends or reports, with what a client should do when it sees it. */
export const CLOSE = {
  normal: { code: 1000, meaning: "The purpose of the connection is fulfilled.", client: "stop" },
  goingAway: {
    code: 1001,
    meaning: "The peer leaves: a page navigates away, a server goes down.",
    client: "reconnect",
  },
  protocolError: { code: 1002, meaning: "The peer broke a rule of the protocol.", client: "stop" },
  unsupportedData: { code: 1003, meaning: "The endpoint cannot take this kind of data.", client: "stop" },
  noStatus: { code: 1005, meaning: "The Close frame carried no code; never on the wire.", client: "backoff" },
  abnormal: { code: 1006, meaning: "TCP ended without a Close frame; never on the wire.", client: "backoff" },
  invalidPayload: {
    code: 1007,
    meaning: "The data does not fit its type, as text that is not UTF-8.",
    client: "stop",
  },
  policy: { code: 1008, meaning: "The peer broke a policy of the endpoint.", client: "stop" },
  tooBig: { code: 1009, meaning: "The message is too big to process.", client: "stop" },
  serverFault: { code: 1011, meaning: "The server met a condition it did not expect.", client: "backoff" },
  restart: { code: 1012, meaning: "The server restarts.", client: "reconnect" },
  tryLater: {
    code: 1013,
    meaning:
      "The server is overloaded, or the peer reads too slowly, or goes on although it was told to wait.",
    client: "backoff",
  },
  unauthenticated: {
    code: 3000,
    meaning: "The identity is no longer valid, as after its expiry.",
    client: "refresh",
  },
  forbidden: {
    code: 3003,
    meaning: "The identity may not be here any more: revoked or removed.",
    client: "stop",
  },
  deadline: { code: 3008, meaning: "The peer did not answer in time.", client: "reconnect" },
} as const;

// Held to its row type without widening the exported constants.
const rows: Readonly<Record<string, CloseRow>> = CLOSE;

/**
 * Tells what a client should do after a connection ended with this code.
 *
 * @param code A status code, in the table or not.
 * @returns The action of the code's row; `backoff` for a code that has none, as the server may mean anything by it.
 *
 * @example
 * ```ts
 * import { clientActionFor } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(clientActionFor(3003), "stop");
 * ```
 */
export function clientActionFor(code: number): ClientAction {
  return rowOf(code)?.client ?? "backoff";
}

/**
 * Says what a status code means.
 *
 * @param code A status code, in the table or not.
 * @returns A sentence.
 *
 * @example
 * ```ts
 * import { meaningOfCode } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(meaningOfCode(1012), "The server restarts.");
 * ```
 */
export function meaningOfCode(code: number): string {
  return rowOf(code)?.meaning ?? OTHERS.find(({ from, to }) => code >= from && code <= to)?.meaning ??
    "No code that a Close frame may carry.";
}

/** Codes that this project neither sends nor acts on. */
const OTHERS: readonly { readonly from: number; readonly to: number; readonly meaning: string }[] = [
  { from: 1010, to: 1010, meaning: "The client expected an extension that the server did not take." },
  { from: 1014, to: 1014, meaning: "A gateway got an invalid answer from the server behind it." },
  // RFC 6455 §7.4.2.
  { from: 3000, to: 3999, meaning: "A code of a library or framework, to be registered with IANA." },
  { from: 4000, to: 4999, meaning: "A code of the application." },
];

function rowOf(code: number): CloseRow | undefined {
  return Object.values(rows).find((row) => row.code === code);
}
