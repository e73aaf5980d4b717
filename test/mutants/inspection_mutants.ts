/**
 * Mutants of what is shown of a gate at work: a frame explained wrongly misleads whoever looks for a fault, and what is not masked is a
 * secret in a log.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In protocol/frame_inspector.ts, frame_judge.ts and frame_text.ts. */
export const INSPECTION_MUTANTS: readonly Mutant[] = [
  {
    file: "protocol/frame_inspector.ts",
    from: "let rest: Buffer = Buffer.from(bytes);",
    to: "let rest: Buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);",
    wrong: "shows a payload that somebody has unmasked meanwhile",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "if (open.fields.opcode === OPCODE.close) this.#judge = undefined;",
    to: "",
    wrong: "says that what comes after a Close frame is read",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "this.#options.keptBytes - open.keptBytes",
    to: "this.#options.keptBytes",
    wrong: "keeps so many bytes of each chunk, and not of each payload",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "open.rule = broken;\n      this.#judge = undefined;",
    to: "open.rule = broken;",
    wrong: "judges what comes after a fault",
  },
  {
    file: "protocol/frame_judge.ts",
    from: "return parsed.ok ? undefined : parsed.fault;",
    to: "return undefined;",
    wrong: "does not look into a Close frame",
  },
  {
    file: "protocol/frame_text.ts",
    from: "const extended = header.subarray(2, header.length - (maskingKey?.length ?? 0));",
    to: "const extended = header.subarray(2);",
    wrong: "takes the masking key for a length",
  },
];
