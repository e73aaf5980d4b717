/**
 * Users and their tokens, as they stand in the first version of many a server.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";

/** What a user may be. */
export interface User {
  readonly name: string;
  readonly role: string;
}

/** Who there is, by token. */
export const users: Record<string, User> = {
  "alice-7c1d": { name: "alice", role: "member" },
  "root-90ab": { name: "root", role: "admin" },
};

/** Finds the token where clients that are no pages put it. */
export function tokenOf({ headers }: IncomingMessage): string {
  return headers.authorization?.replace("Bearer ", "") ?? "";
}
