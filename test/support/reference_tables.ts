/**
 * The tables of docs/wire.md, made from the tables of the sources.
 *
 * @module
 */

import { demoTable } from "../../src/demo/table.ts";
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

/** Every table that the page must show, by what it is about. */
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

/** The page with each of its tables made anew: a table is known by its head. */
export function withReferenceTables(page: string): string {
  return Object.values(referenceTables).reduce((text, made) => {
    const head = normalizeTables(made.slice(0, made.indexOf("\n")));
    const lines = text.split("\n");
    const first = lines.findIndex((line) => normalizeTables(line) === head);
    const length = lines.slice(first).findIndex((line) => !line.startsWith("|"));
    lines.splice(first, length, ...aligned(made.trimEnd().split("\n")));
    return lines.join("\n");
  }, page);
}

/** Drops what a formatter may change in a table: the width of its columns. */
export function normalizeTables(markdown: string): string {
  return markdown.replaceAll(/ +/g, " ").replaceAll(/^\|[ |-]+\|$/gm, "|---|");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

/** As a formatter would have it: each column as wide as its widest cell. */
function aligned(lines: readonly string[]): string[] {
  const rows = lines.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) => {
    const rule = row.every((cell) => /^-+$/.test(cell));
    const cells = row.map((cell, i) => rule ? "-".repeat(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0));
    return `| ${cells.join(" | ")} |`;
  });
}
