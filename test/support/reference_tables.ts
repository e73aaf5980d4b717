/**
 * The tables of pages that are made from the tables of the sources.
 *
 * @module
 */

import { demoTable } from "../../src/demo/table.ts";
import { judgeStatus } from "../../src/client/verdict.ts";
import { CLIENT_LIMITS } from "../../src/client/client_limits.ts";
import {
  CLOSE,
  CONTROL_TYPES,
  DECISION_STEPS,
  DENIALS,
  FRAME_RULES,
  HANDSHAKE_RULES,
  LIMITS,
  MESSAGE_STEPS,
  permissionMatrix,
  type RefusalRow,
  REFUSALS,
  SESSION_ENDS,
} from "../../src/mod.ts";
import { markdownTable } from "./markdown_table.ts";

/** Every table that a page must show, by what it is about. */
export const referenceTables: Readonly<Record<string, string>> = {
  refusals: markdownTable(
    ["case", "status", "further fields"],
    Object.entries<RefusalRow>(REFUSALS).map(([name, { status, title, challenge, fields }]) => [
      `\`${name}\``,
      `${status} ${title}`,
      [
        ...Object.entries(fields ?? {}).map(([field, value]) => `\`${field}: ${value}\``),
        ...(challenge === undefined ? [] : [`\`WWW-Authenticate: Bearer realm="…"${challenge}\``]),
      ].join(", "),
    ]),
  ),
  handshakeRules: markdownTable(
    ["rule", "clause", "status"],
    Object.entries(HANDSHAKE_RULES).map((
      [name, { section, status }],
    ) => [`\`${name}\``, section, String(status)]),
  ),
  frameRules: markdownTable(
    ["rule", "clause", "close code", "reason"],
    Object.entries(FRAME_RULES).map((
      [name, row],
    ) => [`\`${name}\``, row.section, String(row.closeCode), row.reason]),
  ),
  closeCodes: markdownTable(
    ["code", "when", "a client should"],
    Object.values(CLOSE).map(({ code, meaning, client }) => [String(code), meaning, client]),
  ),
  httpStatuses: markdownTable(
    ["status", "a client should"],
    [...new Set([...Object.values<RefusalRow>(REFUSALS).map(({ status }) => status), 502, 504])].sort().map(
      (status) => [String(status), judgeStatus(status, undefined).action],
    ),
  ),
  denials: markdownTable(
    ["code", "message", "retryable"],
    Object.entries(DENIALS).map((
      [code, { message, retryable }],
    ) => [`\`${code}\``, message, retryable ? "yes" : "no"]),
  ),
  controlTypes: markdownTable(
    ["type", "from", "what it says"],
    Object.entries(CONTROL_TYPES).map(([type, { from, meaning }]) => [`\`${type}\``, from, meaning]),
  ),
  decisionSteps: markdownTable(
    ["step", "asks", "carriers", "fails with"],
    Object.entries(DECISION_STEPS).map(([step, { asks, reasons, carriers }]) => [
      `\`${step}\``,
      asks,
      carriers === undefined ? "all" : carriers.join(", "),
      reasons.length === 0 ? "a rule above" : reasons.map((reason) => `\`${reason}\``).join(", "),
    ]),
  ),
  messageSteps: markdownTable(
    ["step of a message", "asks", "denies with"],
    Object.entries(MESSAGE_STEPS).map(([step, { asks, of, denials }]) => [
      `\`${step}\``,
      `${asks}${of === "refresh" ? " (`auth.refresh` alone)" : of === "rows" ? " (not `auth.refresh`)" : ""}`,
      denials.map((code) => `\`${code}\``).join(", "),
    ]),
  ),
  sessionEnds: markdownTable(
    ["end", "close code", "reason"],
    Object.entries(SESSION_ENDS).map((
      [end, { close, tells }],
    ) => [`\`${end}\``, close === undefined ? "" : String(close.code), tells]),
  ),
  clientLimits: markdownTable(
    ["limit of the client", "default", "what it is for"],
    Object.entries(CLIENT_LIMITS).map((
      [name, row],
    ) => [`\`${name}\``, row.default.toLocaleString("en"), row.stops]),
  ),
  limits: markdownTable(
    ["limit", "default", "what it stops"],
    Object.entries(LIMITS).map(([name, row]) => [`\`${name}\``, row.default.toLocaleString("en"), row.stops]),
  ),
  demo: permissionMatrix(demoTable),
};
