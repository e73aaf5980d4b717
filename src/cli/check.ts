/**
 * `portcullis check`: the decision as the gate would take it, asked of the gate itself.
 *
 * @module
 */

import { membersOf } from "../base/json_text.ts";
import { type CliContext, CliError, type Command, EXIT_REFUSED, type Given } from "./command.ts";
import { explainToken } from "./explain_token.ts";
import { CLAIM_OPTIONS, claimsAsked, KEY_OPTIONS, takeKey } from "./key_options.ts";
import { readSeconds } from "./options.ts";
import { styleFor, terminalSafe } from "./style.ts";
import { readTarget, type Target, TARGET_OPTIONS } from "./target.ts";

const TIMEOUT_SECONDS = 10;
const MAX_SHOWN = 500;

/** Asks a gate. */
export const checkCommand: Command = {
  summary: "ask a gate whether it would let somebody in, and as whom",
  usage: "URL [OPTIONS]",
  about:
    "Asks the path of a gate that answers such questions (its option checkPath) what an upgrade would be. Nothing is changed by it; a " +
    "ticket is not used up. A gate tells a stranger no more than the status: with the key, the decision is shown step by step here.",
  options: {
    ...TARGET_OPTIONS,
    "check-path": { value: "PATH", help: "the path to ask; by default that of the URL and /check behind it" },
    audience: CLAIM_OPTIONS.audience,
    ...KEY_OPTIONS,
    json: { help: "write JSON" },
  },
  positionals: { min: 1, max: 1 },
  examples: [
    "portcullis check ws://127.0.0.1:8080/ws --token-file token.txt",
    'portcullis check wss://chat.example/ws -H "Origin: https://chat.example"',
    "portcullis check ws://127.0.0.1:8080/ws --check-path /why --json",
  ],
  run: check,
};

/** What a gate answered. */
interface Verdict {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The challenge of a 401 or 403 (RFC 6750 §3). */
  readonly challenge: string | undefined;
  readonly retryAfter: string | undefined;
}

async function check(given: Given, context: CliContext): Promise<number> {
  const target = await readTarget(given, context);
  const key = await takeKey(given, context);
  const verdict = await ask(target, given);
  const isIn = verdict.status === 200;
  const steps = key === undefined || target.token === undefined
    ? undefined
    : explainToken(target.token, { key, ...claimsAsked(given), nowMs: context.now() });
  const { stdout } = context;
  if (given.flag("json")) {
    stdout.write(`${JSON.stringify({ ...verdict, ...(steps === undefined ? {} : { steps }) })}\n`);
    return isIn ? 0 : EXIT_REFUSED;
  }
  const style = styleFor(stdout, context);
  stdout.write(
    `${isIn ? style("green", "✔ would be let in") : style("red", "✖ would be refused")}: ${
      describe(verdict, context)
    }\n`,
  );
  if (steps !== undefined) {
    const told = steps.map(({ name, outcome, says }) =>
      outcome === "wrong" ? `${name} not ok: ${says}` : `${name} ${outcome}`
    );
    stdout.write(`The token, by the key that was given: ${told.join(" → ")}\n`);
  }
  return isIn ? 0 : EXIT_REFUSED;
}

async function ask({ url, headers, token }: Target, given: Given): Promise<Verdict> {
  const asked = new URL(url);
  asked.protocol = url.protocol === "wss:" ? "https:" : "http:";
  asked.pathname = given.text("check-path") ?? `${url.pathname.replace(/\/$/, "")}/check`;
  const timeoutMs = readSeconds("timeout", given.text("timeout"), TIMEOUT_SECONDS) * 1_000;
  let response: Response;
  let text: string;
  try {
    response = await fetch(asked, {
      headers: { ...headers, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: "manual",
    });
    text = await response.text();
  } catch (error) {
    throw new CliError(`The server cannot be asked: ${reasonOf(error)}.`, EXIT_REFUSED);
  }
  const { status, headers: fields } = response;
  const [challenge, retryAfter] = ["WWW-Authenticate", "Retry-After"].map((name) =>
    fields.get(name) ?? undefined
  );
  return { status, body: membersOf(text) ?? {}, challenge, retryAfter };
}

function describe({ status, body, challenge, retryAfter }: Verdict, context: CliContext): string {
  if (status === 200) {
    const { subject, roles, expiresAt } = body;
    if (typeof subject !== "string") return "by a server that lets anybody in, or is no gate";
    const left = typeof expiresAt === "number"
      ? `, for another ${Math.round((expiresAt - context.now()) / 1_000)} s`
      : "";
    return terminalSafe(
      `${subject}, roles ${Array.isArray(roles) ? roles.join(", ") || "none" : "none"}${left}`,
      MAX_SHOWN,
    );
  }
  const more = [challenge, retryAfter === undefined ? undefined : `come back in ${retryAfter} s`].filter((
    text,
  ) => text !== undefined);
  const what = status === 404
    ? "HTTP 404: no path there answers such questions (checkPath)"
    : `HTTP ${status} ${String(body["title"] ?? "")}`;
  return terminalSafe([what.trim(), ...more].join("; "), MAX_SHOWN);
}

/** `fetch` hides what went wrong behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return (cause instanceof Error && cause.message !== "" ? cause.message : message).replace(/\.$/, "");
}
