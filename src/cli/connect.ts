/**
 * `portcullis connect`: a line editor on a WebSocket of any server.
 *
 * @module
 */

import { CLOSE, connect, type Connection, LIMITS, PortcullisError, SUBPROTOCOL } from "../mod.ts";
import { type CliContext, CliError, type Command, EXIT_REFUSED, type Given } from "./command.ts";
import { type Line, LINE_HELP, readLine, Requests, type Speech } from "./conversation.ts";
import { readLines } from "./line_editor.ts";
import { readCount, readSeconds } from "./options.ts";
import { Screen } from "./screen.ts";
import { readFile } from "./secrets.ts";
import { readTarget, type Target, TARGET_OPTIONS } from "./target.ts";

const TIMEOUT_SECONDS = 10;
const WAIT_SECONDS = 2;
const SHOWN_BYTES = 256;

/** Ends that are nobody's fault. */
const GOOD_ENDS: ReadonlySet<number> = new Set([
  CLOSE.normal.code,
  CLOSE.goingAway.code,
  CLOSE.noStatus.code,
]);

/** Connects. */
export const connectCommand: Command = {
  summary: "talk to a WebSocket server, line by line",
  usage: "URL [OPTIONS]",
  about:
    "Connects to any WebSocket server, sends what is typed, and shows what comes. Where the server speaks portcullis.v1, a line is a " +
    "type and its JSON, and each reply is shown with its request. /help lists what else can be typed; Ctrl-D closes.",
  options: {
    ...TARGET_OPTIONS,
    subprotocol: {
      value: "NAME",
      short: "s",
      isList: true,
      help: `a subprotocol to offer; with a token or ticket, ${SUBPROTOCOL} by default`,
    },
    frames: { short: "f", help: "show each frame, bit by bit" },
    deflate: { help: "offer compression" },
    ca: { value: "FILE", help: "the certificates to trust, in PEM" },
    wait: {
      value: "TIME",
      help: `at the end of the input, how long to wait for replies; by default ${WAIT_SECONDS}s`,
    },
    "max-message": {
      value: "BYTES",
      help: `the longest message to take; by default ${LIMITS.maxMessageBytes.default}`,
    },
    json: { help: "write a JSON object for everything that happens, a line each" },
  },
  positionals: { min: 1, max: 1 },
  examples: [
    "portcullis connect ws://127.0.0.1:8080/ws --token-file token.txt",
    "portcullis connect wss://echo.example --frames",
    `echo 'chat.say {"room":"lobby","text":"hi"}' | portcullis connect ws://127.0.0.1:8080/ws --token-file token.txt --json`,
  ],
  run: talk,
};

async function talk(given: Given, context: CliContext): Promise<number> {
  const waitMs = readSeconds("wait", given.text("wait"), WAIT_SECONDS) * 1_000;
  const target = await readTarget(given, context);
  const screen = new Screen(context, given.flag("json") ? "json" : "text");
  const requests = new Requests();
  let unsent = 0;
  const exitCode = await new Promise<number>((resolve, reject) => {
    open(target, given, screen, requests, resolve)
      .then((connection) => converse(connection, waitMs, context, screen, requests, () => unsent++))
      .catch((error: unknown) => resolve(refused(error, screen)))
      .catch(reject);
  });
  screen.end();
  // Whoever types has been told; a program that wrote the lines looks at nothing else.
  return unsent > 0 && context.stdin.isTTY !== true ? EXIT_REFUSED : exitCode;
}

function open(
  { url, headers, token, ticket }: Target,
  given: Given,
  screen: Screen,
  requests: Requests,
  ended: (exitCode: number) => void,
): Promise<Connection> {
  const asked = given.list("subprotocol");
  const isGate = asked.length === 0 && (token !== undefined || ticket !== undefined);
  const ca = given.text("ca");
  return connect(url, {
    headers,
    subprotocols: isGate ? [SUBPROTOCOL] : asked,
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { ca: readFile(ca) }),
    deflate: given.flag("deflate"),
    limits: {
      handshakeTimeoutMs: readSeconds("timeout", given.text("timeout"), TIMEOUT_SECONDS) * 1_000,
      maxMessageBytes: readCount("max-message", given.text("max-message"), LIMITS.maxMessageBytes.default),
    },
    ...(given.flag("frames")
      ? {
        trace: { tell: (event) => event.kind === "frame" && screen.frame(event), payloadBytes: SHOWN_BYTES },
      }
      : {}),
    text: (text) => screen.received(text, requests.describe(text)),
    message: (bytes) => screen.receivedBytes(bytes),
    pong: (payload) => screen.pong(payload),
    closed: ({ code, reason, by, rule }) => {
      screen.closed(code, reason, by, rule);
      ended(by === "local" && rule === undefined || GOOD_ENDS.has(code) ? 0 : EXIT_REFUSED);
    },
  });
}

/** Sends what is typed, until the input ends or the connection does. @param missed Told of each line that could not be sent. */
async function converse(
  connection: Connection,
  waitMs: number,
  context: CliContext,
  screen: Screen,
  requests: Requests,
  missed: () => void,
): Promise<void> {
  const speech: Speech = connection.subprotocol === SUBPROTOCOL ? "envelope" : "plain";
  screen.opened(connection.subprotocol, connection.deflate !== undefined);
  if (speech === "envelope") await screen.quiet(() => requests.isGreeted, waitMs);
  for await (const line of readLines(context, screen)) {
    const read = readLine(line, speech);
    if (!connection.open) return ASKS_NOTHING.has(read.kind) ? undefined : missed();
    if (!say(connection, read, screen, requests)) missed();
  }
  // Whoever types ends by a key, and has seen all replies that he waits for.
  if (context.stdin.isTTY !== true) {
    await screen.quiet(() => speech === "envelope" && requests.pending === 0, waitMs);
  }
  connection.close();
}

/** What needs no connection. */
const ASKS_NOTHING: ReadonlySet<Line["kind"]> = new Set(["nothing", "help"]);

/** @returns Whether it was done as asked; if not, that has been told. */
function say(connection: Connection, line: Line, screen: Screen, requests: Requests): boolean {
  try {
    return saidOf(connection, line, screen, requests);
  } catch (error) {
    screen.note((error as Error).message); // What must not be sent: told, and the connection stays.
    return false;
  }
}

function saidOf(connection: Connection, line: Line, screen: Screen, requests: Requests): boolean {
  switch (line.kind) {
    case "nothing":
      return true;
    case "help":
      for (const [typed, does] of LINE_HELP) screen.note(`${typed.padEnd(24)} ${does}`);
      return true;
    case "wrong":
      screen.note(line.why);
      return false;
    case "ping":
      return connection.ping(new TextEncoder().encode(line.payload));
    case "binary":
      return connection.send(line.bytes);
    case "text":
      return connection.send(line.text);
    case "request": {
      const { id, text } = requests.write(line.type, line.data);
      screen.asked(id, line.type);
      return connection.send(text);
    }
    case "close":
      connection.close(line.code, line.reason);
      return true;
  }
}

function refused(error: unknown, screen: Screen): number {
  if (!(error instanceof PortcullisError)) throw error;
  if (error.code === "invalid_argument") throw new CliError(error.message);
  const { status, retryAfterMs, cause, message } = error;
  const why = cause instanceof Error && cause.message !== "" ? ` ${cause.message}.` : "";
  const later = retryAfterMs === undefined ? "" : ` Come back in ${Math.ceil(retryAfterMs / 1_000)} s.`;
  const hint = status === 401 || status === 403 ? " `portcullis check` tells more." : "";
  screen.refused(`${message}${why}${later}${hint}`, status);
  return EXIT_REFUSED;
}
