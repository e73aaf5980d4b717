/**
 * `portcullis inspect`: bytes captured from any implementation, as annotated frames.
 *
 * @module
 */

import { buffer as readAll } from "node:stream/consumers";
import { FrameInspector, type InspectedFrame, LIMITS, resolveLimits, type Side } from "../mod.ts";
import { type Direction, directionOf, readCaptured } from "./captured.ts";
import { type CliContext, CliError, type Command, EXIT_REFUSED, type Given } from "./command.ts";
import { frameJson, frameText } from "./frame_view.ts";
import { readCount } from "./options.ts";
import { readBytes } from "./secrets.ts";
import { styleFor } from "./style.ts";

const SHOWN_BYTES = 64;

/** RFC 7692 §7.1: what `permessage-deflate` without parameters agrees on. */
const DEFLATE = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** Inspects bytes. */
export const inspectCommand: Command = {
  summary: "take captured bytes apart into annotated frames",
  usage: "[FILE [FILE]] [OPTIONS]",
  about:
    "Reads bytes from a file or from standard input, as hexadecimal (also that of xxd and hexdump -C) or as they are, and shows " +
    "each frame bit by bit, with the rule that it breaks. Of two files, each has what one side sent. The head of a handshake in front is passed over. Exit code 1 when a rule is broken.",
  options: {
    from: {
      value: "SIDE",
      help: "who sent them: client or server; by default found out from the handshake or the first MASK bit",
    },
    hex: { help: "they are hexadecimal; by default found out" },
    binary: { help: "they are not" },
    deflate: { help: "permessage-deflate was agreed on: RSV1 means compressed" },
    payload: { value: "BYTES", help: `how much of each payload is shown; by default ${SHOWN_BYTES}` },
    "max-message": {
      value: "BYTES",
      help: `the longest message that the other side takes; by default ${LIMITS.maxMessageBytes.default}`,
    },
    json: { help: "write a JSON object for each frame, a line each" },
  },
  positionals: { min: 0, max: 2 },
  examples: [
    "echo 81 85 37 fa 21 3d 7f 9f 4d 51 58 | portcullis inspect",
    "portcullis inspect captured.bin --from server",
    "portcullis inspect from_client.bin from_server.bin",
    "xxd captured.bin | portcullis inspect --json",
  ],
  run: inspect,
};

async function inspect(given: Given, context: CliContext): Promise<number> {
  const { stdout } = context;
  const isJson = given.flag("json");
  const style = styleFor(stdout, context);
  const options = {
    limits: resolveLimits({
      maxMessageBytes: readCount("max-message", given.text("max-message"), LIMITS.maxMessageBytes.default),
    }),
    deflate: given.flag("deflate") ? DEFLATE : undefined,
    keptBytes: readCount("payload", given.text("payload"), SHOWN_BYTES),
  };
  const frames: InspectedFrame[] = [];
  for (const { frames: bytes, from } of await readDirections(given, context)) {
    const inspector = new FrameInspector({ ...options, from }, (frame) => {
      frames.push(frame);
      stdout.write(isJson ? `${JSON.stringify(frameJson(frame))}\n` : `${frameText(frame, style)}\n\n`);
    });
    inspector.take(bytes);
    inspector.end();
  }
  const broken = frames.flatMap(({ rule }) => rule ?? []);
  const verdict = broken.length === 0 ? "no rule broken" : `broken: ${broken.join(", ")}`;
  if (!isJson) stdout.write(`${frames.length} ${frames.length === 1 ? "frame" : "frames"}, ${verdict}\n`);
  return broken.length === 0 ? 0 : EXIT_REFUSED;
}

/** Reads what was captured of one direction, or of both. */
async function readDirections(given: Given, context: CliContext): Promise<readonly Direction[]> {
  if (given.flag("hex") && given.flag("binary")) throw new CliError("--hex and --binary exclude each other.");
  const notation = given.flag("hex") ? "hex" : given.flag("binary") ? "binary" : undefined;
  const side = readSide(given.text("from"));
  const files = given.positionals;
  const all = files.length === 0 ? [await readAll(context.stdin)] : files.map(readBytes);
  const directions = all.map((captured) => {
    const bytes = readCaptured(captured, notation);
    if (bytes.length === 0) throw new CliError("There are no bytes.");
    return directionOf(bytes, side);
  });
  const [one, other] = directions;
  if (one !== undefined && one.from === other?.from) {
    throw new CliError(`Both files are from the ${one.from}: one is to have what the other side sent.`);
  }
  if (other === undefined && one?.by === "mask" && !given.flag("json")) {
    context.stderr.write(`By the first MASK bit, they are from the ${one.from}; --from says otherwise.\n`);
  }
  return directions;
}

function readSide(text: string | undefined): Side | undefined {
  if (text === undefined || text === "client" || text === "server") return text;
  throw new CliError(`--from is "${text}"; it must be client or server.`);
}
