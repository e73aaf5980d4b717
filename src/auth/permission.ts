/**
 * The permission table: a row for each type of message in each direction, and nothing allowed that has no row.
 *
 * @module
 */

import { fault, ok, type Result } from "../base/result.ts";
import { checkTable } from "./permission_check.ts";
import type { PermissionRow, Principal, Rows, SendRow, SendRows } from "./permission_row.ts";

/**
 * A table that has been checked.
 *
 * @typeParam Role The names of the roles.
 * @typeParam Receive The data of each type that clients send.
 * @typeParam Send The data of each type that the server sends.
 */
export interface PermissionTable<Role extends string, Receive extends object, Send extends object> {
  /** The roles, in the order in which they were given. */
  readonly roles: readonly Role[];
  /** The rows of what clients send. */
  readonly receive: Rows;
  /** The rows of what the server sends. */
  readonly send: SendRows;
  /** Carries the types of the data; there is no value behind it. */
  readonly types?: { readonly receive: Receive; readonly send: Send };
}

/** The table as it is written down. */
export interface PermissionDefinition<Role extends string, Receive extends object, Send extends object> {
  /** Every role that there is. */
  readonly roles: readonly Role[];
  /** Client → server. */
  readonly receive: { readonly [Type in keyof Receive]: PermissionRow<NoInfer<Role>, Receive[Type]> };
  /** Server → client. */
  readonly send: { readonly [Type in keyof Send]: SendRow<NoInfer<Role>, Send[Type]> };
}

/**
 * Defines what may pass, in both directions.
 *
 * @param definition The roles, and a row for each type of message.
 * @returns The table: its rows are frozen copies, and its maps read-only by their type.
 * @throws {PortcullisError} `invalid_permissions` for what the compiler would have refused as well (a role in a row that
 * is not among `roles`), for a rate out of bounds, and for a type that the envelope itself uses (`CONTROL_TYPES`).
 *
 * @example
 * ```ts
 * import { definePermissions } from "portcullis";
 *
 * const isText = (value: unknown): value is string => typeof value === "string";
 * const permissions = definePermissions({
 *   roles: ["guest", "member"],
 *   receive: { "chat.say": { roles: ["member"], data: isText, rate: { perSecond: 5, burst: 10 } } },
 *   send: { "chat.said": { roles: ["guest", "member"], data: isText } },
 * });
 * ```
 */
export function definePermissions<const Role extends string, Receive extends object, Send extends object>(
  definition: PermissionDefinition<Role, Receive, Send>,
): PermissionTable<Role, Receive, Send> {
  const receive = toRows(definition.receive);
  const send = toRows(definition.send);
  checkTable(definition.roles, receive, send);
  return Object.freeze({
    roles: Object.freeze([...definition.roles]),
    receive: ownCopy(receive),
    send: ownCopy(send),
  });
}

/** The first "no" of {@link authorize}. */
export type Refused = "unknown_type" | "expired" | "forbidden";

/**
 * Decides whether a message of this type may pass: is the type known, is the identity not expired, is the role allowed? In
 * this order, and the first "no" wins. Rate and data are judged after it, by those who keep count and hold the data.
 *
 * @param rows One direction of the table.
 * @param type The type of the message: text of the peer.
 * @param principal Who sends or receives it.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns The row that allows it, or why not.
 *
 * @example
 * ```ts
 * import { authorize, definePermissions } from "portcullis";
 * import { deepStrictEqual } from "node:assert";
 *
 * const isNothing = (value: unknown): value is undefined => value === undefined;
 * const table = definePermissions({
 *   roles: ["member", "admin"],
 *   receive: { "user.list": { roles: ["admin"], data: isNothing } },
 *   send: {},
 * });
 * const member = { subject: "ada", roles: new Set(["member"]), rooms: new Set<string>(), expiresAtMs: 2_000 };
 * deepStrictEqual(authorize(table.receive, "user.list", member, 1_000), { ok: false, fault: "forbidden" });
 * ```
 */
export function authorize(
  rows: Rows,
  type: string,
  principal: Principal,
  nowMs: number,
): Result<PermissionRow<string, unknown>, Refused> {
  const row = rows.get(type);
  if (row === undefined) return fault("unknown_type");
  const refused = refusedBy(row, principal, nowMs);
  return refused === undefined ? ok(row) : fault(refused);
}

/**
 * The part of {@link authorize} that is asked of each principal, where the row is the same for many.
 *
 * @param row Of the type of the message.
 * @param principal Who sends or receives it.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns Why the row does not allow it, or `undefined`.
 */
export function refusedBy(
  row: PermissionRow<string, unknown>,
  principal: Principal,
  nowMs: number,
): Exclude<Refused, "unknown_type"> | undefined {
  if (principal.expiresAtMs <= nowMs) return "expired";
  // By index: an iterator costs a tenth of all that is done to authorize a message.
  const { roles } = principal;
  for (let i = 0; i < row.roles.length; i++) if (roles.has(row.roles[i] as string)) return undefined;
  return "forbidden";
}

/**
 * Prints the table as Markdown, a column for each role: `yes` where it may, `no` where it may not, and `if` where the row has
 * a `when`, which has the last word about each message. So a condition that is taken away shows.
 *
 * @param table The table.
 * @returns Lines of Markdown that end with a line feed.
 */
export function permissionMatrix(table: PermissionTable<string, object, object>): string {
  const lines = [
    `| message | direction | ${table.roles.join(" | ")} |`,
    `|---|---|${table.roles.map(() => "---").join("|")}|`,
  ];
  for (
    const [direction, rows] of [["client → server", table.receive], ["server → client", table.send]] as const
  ) {
    for (const [type, row] of rows) {
      const allowed = row.when === undefined ? "yes" : "if";
      const cells = table.roles.map((role) => (row.roles.includes(role) ? allowed : "no"));
      lines.push(`| \`${type}\` | ${direction} | ${cells.join(" | ")} |`);
    }
  }
  return lines.join("\n") + "\n";
}

/** The one place where the data's type is forgotten: from here on a row only ever meets data that its own validator let pass. */
function toRows(definition: object): SendRows {
  return new Map(Object.entries(definition as { readonly [type: string]: SendRow<string, unknown> }));
}

/**
 * Rows that nobody else holds: what was checked cannot change later. Field by field, as a spread would lose a `when` that
 * a row inherits, and with it the condition.
 */
function ownCopy(rows: SendRows): SendRows {
  const copies = new Map<string, SendRow<string, unknown>>();
  for (const [type, row] of rows) {
    const { data, rate, when, slowReaders } = row;
    copies.set(
      type,
      Object.freeze({
        roles: Object.freeze([...row.roles]),
        data,
        ...(rate === undefined
          ? {}
          : { rate: Object.freeze({ perSecond: rate.perSecond, burst: rate.burst }) }),
        ...(when === undefined ? {} : { when: when.bind(row) }),
        ...(slowReaders === undefined ? {} : { slowReaders }),
      }),
    );
  }
  return copies;
}
