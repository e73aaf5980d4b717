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

/** Every table that a page must show, by what it is about. */
export const referenceTables: Readonly<Record<string, string>> = {
  refusals: table(
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
  handshakeRules: table(
    ["rule", "clause", "status"],
    Object.entries(HANDSHAKE_RULES).map((
      [name, { section, status }],
    ) => [`\`${name}\``, section, String(status)]),
  ),
  frameRules: table(
    ["rule", "clause", "close code", "reason"],
    Object.entries(FRAME_RULES).map((
      [name, row],
    ) => [`\`${name}\``, row.section, String(row.closeCode), row.reason]),
  ),
  closeCodes: table(
    ["code", "when", "a client should"],
    Object.values(CLOSE).map(({ code, meaning, client }) => [String(code), meaning, client]),
  ),
  httpStatuses: table(
    ["status", "a client should"],
    [...new Set([...Object.values<RefusalRow>(REFUSALS).map(({ status }) => status), 502, 504])].sort().map(
      (status) => [String(status), judgeStatus(status, undefined).action],
    ),
  ),
  denials: table(
    ["code", "message", "retryable"],
    Object.entries(DENIALS).map((
      [code, { message, retryable }],
    ) => [`\`${code}\``, message, retryable ? "yes" : "no"]),
  ),
  controlTypes: table(
    ["type", "from", "what it says"],
    Object.entries(CONTROL_TYPES).map(([type, { from, meaning }]) => [`\`${type}\``, from, meaning]),
  ),
  decisionSteps: table(
    ["step", "asks", "carriers", "fails with"],
    Object.entries(DECISION_STEPS).map(([step, { asks, reasons, carriers }]) => [
      `\`${step}\``,
      asks,
      carriers === undefined ? "all" : carriers.join(", "),
      reasons.length === 0 ? "a rule above" : reasons.map((reason) => `\`${reason}\``).join(", "),
    ]),
  ),
  messageSteps: table(
    ["step of a message", "asks", "denies with"],
    Object.entries(MESSAGE_STEPS).map(([step, { asks, of, denials }]) => [
      `\`${step}\``,
      `${asks}${of === "refresh" ? " (`auth.refresh` alone)" : of === "rows" ? " (not `auth.refresh`)" : ""}`,
      denials.map((code) => `\`${code}\``).join(", "),
    ]),
  ),
  sessionEnds: table(
    ["end", "close code", "reason"],
    Object.entries(SESSION_ENDS).map((
      [end, { close, tells }],
    ) => [`\`${end}\``, close === undefined ? "" : String(close.code), tells]),
  ),
  clientLimits: table(
    ["limit of the client", "default", "what it is for"],
    Object.entries(CLIENT_LIMITS).map((
      [name, row],
    ) => [`\`${name}\``, row.default.toLocaleString("en"), row.stops]),
  ),
  limits: table(
    ["limit", "default", "what it stops"],
    Object.entries(LIMITS).map(([name, row]) => [`\`${name}\``, row.default.toLocaleString("en"), row.stops]),
  ),
  demo: permissionMatrix(demoTable),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}
