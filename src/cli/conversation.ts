/**
 * What is said on a connection, line by line, as `connect` understands and shows it: envelopes where the server speaks them, and plain
 * messages elsewhere.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { membersOf } from "../base/json_text.ts";

/** What a typed line asks for. */
export type Line =
  | { readonly kind: "nothing" }
  | { readonly kind: "help" }
  | { readonly kind: "close"; readonly code: number; readonly reason: string }
  | { readonly kind: "ping"; readonly payload: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Buffer }
  | { readonly kind: "request"; readonly type: string; readonly data: unknown }
  | { readonly kind: "wrong"; readonly why: string };

/** How messages are written: in the envelope of a gate, or as they are. */
export type Speech = "envelope" | "plain";

/** The commands of the line editor, for its own help. */
export const LINE_HELP: readonly (readonly [string, string])[] = [
  ["TYPE JSON", "a request, where the server speaks portcullis.v1; elsewhere, a line is sent as it is"],
  ["/raw TEXT", "a text message, exactly as it is written"],
  ["/binary HEX", "a binary message"],
  ["/ping [TEXT]", "a ping"],
  ["/close [CODE [REASON]]", "a Close frame, and the end; /quit is short for it"],
  ["/help", "this"],
];

const COMMANDS: Readonly<Record<string, (rest: string) => Line>> = {
  "/help": () => ({ kind: "help" }),
  "/quit": () => ({ kind: "close", code: 1000, reason: "" }),
  "/close": (rest) => {
    const [, code = "1000", reason = ""] = /^(\d*)\s*(.*)$/s.exec(rest) ?? [];
    return { kind: "close", code: Number(code === "" ? "1000" : code), reason };
  },
  "/ping": (rest) => ({ kind: "ping", payload: rest }),
  "/raw": (rest) => ({ kind: "text", text: rest }),
  "/binary": (rest) => {
    const digits = rest.replaceAll(/[\s:,]/g, "");
    return /^(?:[0-9a-f]{2})*$/i.test(digits)
      ? { kind: "binary", bytes: Buffer.from(digits, "hex") }
      : { kind: "wrong", why: "That is not hexadecimal, two digits for each byte." };
  },
};

/**
 * Understands a typed line.
 *
 * @param line As it was typed.
 * @param speech How messages are written.
 */
export function readLine(line: string, speech: Speech): Line {
  const trimmed = line.trim();
  if (trimmed === "") return { kind: "nothing" };
  const [word = "", rest = ""] = cut(trimmed);
  if (word.startsWith("/")) {
    const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
    return command?.(rest) ?? { kind: "wrong", why: `There is no ${word}; /help lists what there is.` };
  }
  if (speech === "plain" || trimmed.startsWith("{")) return { kind: "text", text: line };
  if (rest === "") return { kind: "request", type: word, data: undefined };
  try {
    return { kind: "request", type: word, data: JSON.parse(rest) };
  } catch {
    return { kind: "wrong", why: `What stands behind ${word} is not JSON; /raw sends anything.` };
  }
}

/** Requests that wait for their replies, by the ids that they were given. */
export class Requests {
  readonly #types = new Map<string, string>();
  #nextId = 1;
  #isGreeted = false;

  /** Whether the server has said anything yet: a gate begins with who it takes one for. */
  get isGreeted(): boolean {
    return this.#isGreeted;
  }

  /** How many wait. */
  get pending(): number {
    return this.#types.size;
  }

  /** Writes a request down. @returns It, as it is sent. */
  write(type: string, data: unknown): { readonly id: string; readonly text: string } {
    const id = String(this.#nextId++);
    this.#types.set(id, type);
    return { id, text: JSON.stringify({ type, id, ...(data === undefined ? {} : { data }) }) };
  }

  /** Says what a message of the server is, in a line: which request it answers, or what it brings. */
  describe(text: string): string {
    this.#isGreeted = true;
    const message = membersOf(text) ?? {};
    const { type, re, code, message: sentence } = message;
    if (typeof type !== "string") return text;
    const asked = typeof re === "string" ? this.#types.get(re) : undefined;
    if (typeof re === "string") this.#types.delete(re);
    const request = asked === undefined ? "" : ` #${String(re)} ${asked}`;
    if (type === "error") return `error${request} ${String(code)}: ${String(sentence)}`;
    const data = "data" in message ? ` ${JSON.stringify(message["data"])}` : "";
    return `${type}${request}${data}`;
  }
}

function cut(text: string): readonly [string, string] {
  const blank = text.search(/\s/);
  return blank < 0 ? [text, ""] : [text.slice(0, blank), text.slice(blank).trim()];
}
