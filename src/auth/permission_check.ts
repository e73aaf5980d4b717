/**
 * What the compiler refuses in a permission table, refused again when the program starts: tables are also written in
 * JavaScript, and built at run time.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { type Rows, type SendRow, type SendRows, SLOW_READER_POLICIES } from "./permission_row.ts";

/** Types that the envelope itself uses. A test holds them to the table of the envelope, which lies above. */
export const RESERVED_TYPES: ReadonlySet<string> = new Set([
  "ok",
  "error",
  "hello",
  "auth",
  "auth.refresh",
  "auth.expiring",
  "auth.changed",
  "server.bye",
]);

/** The most roles a table may have. */
const MAX_ROLES = 64;

/**
 * Checks a table.
 *
 * @param roles Every role that there is.
 * @param receive The rows of what clients send.
 * @param send The rows of what the server sends.
 * @throws {PortcullisError} `invalid_permissions`, naming the row and what is wrong with it.
 */
export function checkTable(roles: readonly string[], receive: Rows, send: SendRows): void {
  if (roles.length === 0 || roles.length > MAX_ROLES) {
    refuse(`the table has ${roles.length} roles; 1 to ${MAX_ROLES} fit`);
  }
  const known = new Set(roles);
  if (known.size !== roles.length) refuse("a role is named twice");
  for (const rows of [receive, send]) for (const [type, row] of rows) checkRow(type, row, known);
  for (const [type, row] of receive) {
    const { slowReaders }: SendRow<string, unknown> = row;
    if (slowReaders !== undefined) refuse(`row "${type}" is received, and has a policy for slow readers`);
  }
  for (const [type, { slowReaders = "close" }] of send) {
    if (!SLOW_READER_POLICIES.includes(slowReaders)) {
      refuse(`row "${type}" has slowReaders "${slowReaders}"; known: ${SLOW_READER_POLICIES.join(", ")}`);
    }
  }
}

function checkRow(type: string, row: SendRow<string, unknown>, known: ReadonlySet<string>): void {
  if (type === "" || RESERVED_TYPES.has(type)) refuse(`"${type}" cannot be the type of a message`);
  if (!Array.isArray(row?.roles)) refuse(`row "${type}" has no list of roles`);
  // By its place: a name that is misspelt in JavaScript may be `undefined`.
  const at = row.roles.findIndex((role) => !known.has(role));
  if (at >= 0) refuse(`row "${type}" allows "${row.roles[at]}", which is not among the roles`);
  const { data, rate, when } = row;
  if (when !== undefined && typeof when !== "function") {
    refuse(`row "${type}" has a condition that is no function`);
  }
  if (typeof data !== "function" && typeof data?.["~standard"]?.validate !== "function") {
    refuse(`row "${type}" has no validator for its data`);
  }
  if (
    rate !== undefined &&
    !(rate.perSecond > 0 && Number.isFinite(rate.perSecond) && rate.burst >= 1 && Number.isFinite(rate.burst))
  ) {
    refuse(
      `row "${type}" has a rate of ${rate.perSecond} per second and a burst of ${rate.burst}; above 0 and from 1 on`,
    );
  }
}

function refuse(what: string): never {
  throw new PortcullisError("invalid_permissions", `Invalid permission table: ${what}.`);
}
