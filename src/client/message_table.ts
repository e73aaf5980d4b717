/**
 * The permission table as a client sees it: types alone. A client imports the type of the table and none of its values,
 * so that what the server allows whom does not become part of a page.
 *
 * @module
 */

import type { RequestOptions } from "./requests.ts";

/** Any table: what a `PermissionTable` says of its messages. Can be written by hand, where the server's is out of reach. */
export interface AnyTable {
  /** The data of each type that clients send, and of each that the server sends; there is no value behind it. */
  readonly types?: { readonly receive: object; readonly send: object };
}

/** The table of a client that is told none: any type, and data that nobody has looked at. */
export interface OpenTable {
  /** Anything, both ways. */
  readonly types?: {
    readonly receive: Readonly<Record<string, unknown>>;
    readonly send: Readonly<Record<string, unknown>>;
  };
}

/** The data of each type that clients send: `receive` is said from the server's side. */
export type Requested<Table extends AnyTable> = NonNullable<Table["types"]>["receive"];

/** The data of each type that the server sends. */
export type Delivered<Table extends AnyTable> = NonNullable<Table["types"]>["send"];

/** What a request takes behind its type. Data that may be `undefined` may be left out. */
export type RequestArguments<Data> = undefined extends Data ? [data?: Data, options?: RequestOptions]
  : [data: Data, options?: RequestOptions];
