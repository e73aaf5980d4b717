/**
 * How a table of limits is read: a caller's choice against the rows, with the defaults for the rest.
 *
 * The server and the client each have a table of their own, because a page should not carry the server's. The rule by
 * which a choice is taken or refused is one, and stands here.
 *
 * @module
 */

import { PortcullisError } from "./errors.ts";

/** One limit. */
export interface LimitRow {
  /** Used when the caller says nothing. */
  readonly default: number;
  /** The smallest and largest value that a caller may choose. */
  readonly min: number;
  readonly max: number;
  /** What would be done to a program without this bound, and, in parentheses, what whoever goes beyond it meets. */
  readonly stops: string;
}

/**
 * Fills a caller's choice of limits up with the defaults of a table.
 *
 * @param table The rows by name.
 * @param chosen The limits that differ from their defaults.
 * @returns A value for every row of the table, frozen.
 * @throws {PortcullisError} `invalid_argument` for a name that is not in the table, or a value out of range.
 */
export function resolveTable<Name extends string>(
  table: Readonly<Record<Name, LimitRow>>,
  chosen: Partial<Readonly<Record<Name, number>>>,
): { readonly [Each in Name]: number } {
  const names = Object.keys(table) as Name[];
  for (const name of Object.keys(chosen)) {
    if (!Object.hasOwn(table, name)) {
      throw new PortcullisError(
        "invalid_argument",
        `Unknown limit "${name}". Known: ${names.join(", ")}.`,
      );
    }
  }
  const resolved = names.map((name) => [name, limitWithin(name, table[name], chosen[name])]);
  return Object.freeze(Object.fromEntries(resolved)) as { readonly [Each in Name]: number };
}

function limitWithin(name: string, row: LimitRow, value: number | undefined): number {
  if (value === undefined) return row.default;
  if (Number.isSafeInteger(value) && value >= row.min && value <= row.max) return value;
  throw new PortcullisError(
    "invalid_argument",
    `Limit ${name} is ${String(value)}; it must be a whole number from ${row.min} to ${row.max}.`,
  );
}
