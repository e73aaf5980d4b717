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
    from: "if (open.fields.opcode === OPCODE.close) this.#judge = undefined;",
    to: "",
    wrong: "says that what comes after a Close frame is read",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "wirePayload: wirePayload.subarray(0, keptBytes),",
    to: "wirePayload,",
    wrong: "shows the code of a Close frame where no payload is to be shown",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "open.rule = broken;\n    this.#judge = undefined;",
    to: "open.rule = broken;",
    wrong: "judges what comes after a fault",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: '(this.#reads !== "all" && (read.opcode & BIT.control) === 0)',
    to: "false",
    wrong: "says that data is read after a Close frame of whoever would read it",
  },
  {
    file: "protocol/frame_inspector.ts",
    from: "open.fields.opcode === OPCODE.close ? CODE_BYTES : 0",
    to: "0",
    wrong: "tells no code of a Close frame whose payload is not shown",
  },
  {
    file: "protocol/inspected_frame.ts",
    from: "if (header.length < 2 + extensionSize(shortLength)) return undefined;",
    to: "if (header.length < 2 + extensionSize(shortLength)) return 0;",
    wrong: "takes a length that has not come for none",
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
    from: "[header.subarray(2, keyAt), header.subarray(keyAt)]",
    to: "[header.subarray(2), header.subarray(keyAt)]",
    wrong: "takes the masking key for a length",
  },
  {
    file: "protocol/frame_text.ts",
    from: "const stream = !fin || payload.length !== payloadBytes;",
    to: "const stream = false;",
    wrong: "says that text is not valid where it was only cut",
  },
  {
    file: "protocol/frame_text.ts",
    from: "`${Buffer.from(header).readBigUInt64BE(2)} bytes`",
    to: "`${payloadBytes} bytes`",
    wrong: "rounds the longest lengths",
  },
  {
    file: "auth/seen_text.ts",
    from: "return LONG_WORD.test(text) || TOKEN.test(text);",
    to: "return TOKEN.test(text);",
    wrong: "shows a ticket where there is no need for long words",
  },
  {
    file: "auth/seen_text.ts",
    from: "|eyJ[\\w-]{8}/;",
    to: "/;",
    wrong: "shows the beginning of a token that was cut",
  },
  {
    file: "auth/seen_request.ts",
    from: "PLAIN_VALUE.test(pair.slice(name.length + 1))",
    to: "true",
    wrong: "shows a ticket in the value of a parameter that is shown",
  },
  {
    file: "auth/seen_request.ts",
    from: "text.length > MAX_NAME_LENGTH || mayHoldSecret(text)",
    to: "text.length > MAX_NAME_LENGTH",
    wrong: "shows a ticket that stands where a name should",
  },
  {
    file: "auth/seen_request.ts",
    from: ' && value !== "" && value !== "="',
    to: "",
    wrong: "takes Base64 without a name for one",
  },
  {
    file: "auth/seen_request.ts",
    from: "return end < 0 ? segment : segment.slice(0, end + 1) + hidden(segment.slice(end + 1));",
    to: "return segment;",
    wrong: "shows the parameters of a segment of the path",
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
    from: "row === undefined ? seeText(type) : type",
    to: "type",
    wrong: "tells an observer text of strangers as it came",
  },
  {
    file: "session/trace.ts",
    from: 'type === REFRESH_TYPE ? "refresh" : "rows"',
    to: '"rows"',
    wrong: "says that an auth.refresh was looked up in the table",
  },
  {
    file: "session/trace.ts",
    from: "if (connection === undefined) return undefined;",
    to: "if (connection === undefined) connection = 0;",
    wrong: "tells of sessions whose connections nobody wants to observe",
  },
  {
    file: "session/dispatch.ts",
    from: 'step = "condition";',
    to: "",
    wrong: "says that a condition which fails was the validator",
  },
  {
    file: "auth/key_ring.ts",
    from: "return () => void this.#listeners.delete(own);",
    to: "return () => undefined;",
    wrong: "has a ring hold on to gates that have ended",
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
