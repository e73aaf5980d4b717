/**
 * Whom a message of the server is for.
 *
 * @module
 */

import type { Principal } from "../auth/permission_row.ts";

/** Whom a message is for. Being named is not enough: the table must allow each of them to read it. */
export type Recipients<Role extends string> =
  | "everyone"
  | ExactlyOne<{ role: Role; subject: string; room: string; session: string }>;

/** Exactly one of several properties: two at once would compile otherwise, and one of them, perhaps the narrower, be ignored. */
export type ExactlyOne<Choices> = {
  [Chosen in keyof Choices]:
    & { readonly [Name in Chosen]: Choices[Chosen] }
    & { readonly [Name in Exclude<keyof Choices, Chosen>]?: never };
}[keyof Choices];

/**
 * Tells whether a session is still among those for whom a message was.
 *
 * @param to Whom it was for.
 * @param session One of them, when it was sent.
 */
export function isAmong(to: Recipients<string>, session: Principal & { readonly id: string }): boolean {
  if (to === "everyone") return true;
  const { role, subject, room, session: id } = to;
  if (role !== undefined) return session.roles.has(role);
  if (room !== undefined) return session.rooms.has(room);
  return session.subject === subject || session.id === id;
}

/**
 * Names the recipients of a message: the same for all messages that are for the same.
 *
 * @param to Whom they are for.
 */
export function recipientsKey(to: Recipients<string>): string {
  if (to === "everyone") return to;
  const { role, subject, room, session } = to;
  if (role !== undefined) return `role ${role}`;
  if (room !== undefined) return `room ${room}`;
  return subject === undefined ? `session ${session}` : `subject ${subject}`;
}
