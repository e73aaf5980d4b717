/**
 * Where `connect` and `check` go, and what they show there: the URL, header fields and a credential.
 *
 * @module
 */

import { type CliContext, CliError, type Given, type OptionRow } from "./command.ts";
import { secretOptions, takeNamedSecret, warn } from "./secrets.ts";

/** The options of both. */
export const TARGET_OPTIONS: Readonly<Record<string, OptionRow>> = {
  header: {
    value: "FIELD",
    short: "H",
    isList: true,
    help: 'a header field, as "Origin: https://chat.example"',
  },
  ...secretOptions("token", "the token, sent as Authorization: Bearer", "none"),
  ...secretOptions("ticket", "a one-time ticket, sent as the query parameter ticket", "none"),
  timeout: { value: "TIME", help: "how long the answer may take; by default 10s" },
};

/** Fields in which there is a secret. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie"]);

/** What is sent. */
export interface Target {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string | undefined;
  readonly ticket: string | undefined;
}

/**
 * Reads them.
 *
 * @throws {CliError} For a URL that is none, and a header field that is none.
 */
export async function readTarget(given: Given, context: CliContext): Promise<Target> {
  const [text = ""] = given.positionals;
  if (!URL.canParse(text)) throw new CliError(`"${text}" is no URL, as ws://127.0.0.1:8080/ws is one.`);
  const url = new URL(text);
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw new CliError(`The URL begins with ${url.protocol}; it must be ws: or wss:.`);
  }
  const token = await takeNamedSecret("token", given, context);
  const ticket = await takeNamedSecret("ticket", given, context);
  if (ticket !== undefined) url.searchParams.set("ticket", ticket);
  const fields = given.list("header").map(readField);
  if (fields.some(([name]) => CREDENTIALS.has(name.toLowerCase()))) warn("token", context);
  return { url, headers: Object.fromEntries(fields), token, ticket };
}

function readField(text: string): readonly [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new CliError(`"${text}" is no header field, as "Name: value" is one.`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
