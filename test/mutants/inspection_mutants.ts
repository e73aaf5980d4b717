/**
 * Mutants of what is shown of a gate at work: a frame explained wrongly misleads whoever looks for a fault, and what is not masked is a
 * secret in a log.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In protocol/frame_inspector.ts, inspected_frame.ts, frame_judge.ts, frame_text.ts, auth/seen_request.ts, session/message_steps.ts, trace.ts and delivery.ts. */
export const INSPECTION_MUTANTS: readonly Mutant[] = [
  {
    file: "protocol/frame_inspector.ts",
    from: "open.kept.push(Buffer.from(kept));",
    to: "open.kept.push(kept);",
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
    from: "open.rule = broken;\n    this.#judge = undefined;",
    to: "open.rule = broken;",
    wrong: "judges what comes after a fault",
  },
  {
    file: "protocol/inspected_frame.ts",
    from: "maskingKey: masked && isWhole ? header.subarray(-4) : undefined,",
    to: "maskingKey: masked ? header.subarray(-4) : undefined,",
    wrong: "shows the beginning of a header as a masking key",
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
  {
    file: "auth/seen_request.ts",
    from: "return partly === undefined ? hidden(value) : printable(partly(value, shown), MAX_SHOWN_LENGTH);",
    to: "return printable(partly === undefined ? value : partly(value, shown), MAX_SHOWN_LENGTH);",
    wrong: "shows the value of a field of which nobody knows what it is",
  },
  {
    file: "auth/seen_request.ts",
    from: "SCHEME.test(scheme)",
    to: "true",
    wrong: "shows a credential that stands in the place of a scheme",
  },
  {
    file: "auth/seen_request.ts",
    from: ": hidden(pair);",
    to: ": pair;",
    wrong: "shows a cookie or parameter that has no name",
  },
  {
    file: "auth/seen_request.ts",
    from: "spoken.includes(name) ? name : hidden(name)",
    to: "name",
    wrong: "shows a token of somebody else's among the subprotocols",
  },
  {
    file: "auth/seen_request.ts",
    from: "Object.hasOwn(PARTLY, name) ? PARTLY[name] : undefined",
    to: "PARTLY[name]",
    wrong: "takes what every object inherits for a way to show a field",
  },
  {
    file: "session/message_steps.ts",
    from: 'if (row.of === "all" || row.of === of)',
    to: "if (true)",
    wrong: "says that a message was asked for a token",
  },
  {
    file: "session/trace.ts",
    from: "type: type === undefined ? undefined : printable(type),",
    to: "type,",
    wrong: "tells an observer text of strangers as it came",
  },
  {
    file: "session/trace.ts",
    from: 'type === REFRESH_TYPE ? "refresh" : "rows"',
    to: '"rows"',
    wrong: "says that an auth.refresh was looked up in the table",
  },
  {
    file: "session/delivery.ts",
    from: "if (refused !== undefined) return refused;",
    to: "",
    wrong: "asks only the condition of a row who may read it",
  },
  {
    file: "session/answers.ts",
    from: 'this.deny(session, envelope, allowed.fault, "still")',
    to: "this.deny(session, envelope, allowed.fault)",
    wrong: "says that a role was missing before the handler ran, when it was taken away meanwhile",
  },
];
