/**
 * What the data of the demo's messages must be: a type and its guard each.
 *
 * @module
 */

/** A room to join. */
export interface Room {
  readonly room: string;
}

/** Something to say in a room. */
export interface Say extends Room {
  readonly text: string;
}

/** Something that was said in a room. */
export interface Said extends Say {
  /** Who said it: from the token, never from the message. */
  readonly from: string;
}

/** A user, by the name in the token. */
export interface Subject {
  readonly subject: string;
}

/** Every role of the demo. */
export const DEMO_ROLES = ["guest", "member", "admin"] as const;

/** One role of the demo. */
export type DemoRole = (typeof DEMO_ROLES)[number];

/** What a user may be from now on. */
export interface RoleChange extends Subject {
  readonly role: DemoRole;
}

/** Something to tell all admins. */
export interface Announcement {
  readonly text: string;
}

/** Something that an admin told all admins. */
export interface Announced extends Announcement {
  readonly from: string;
}

/** Which key signs from now on. */
export interface KeyRotation {
  /** Its id, the `kid` of the tokens that it signs. */
  readonly keyId: string;
  /** When the key before it stops to verify, in milliseconds since the Unix epoch. */
  readonly previousValidUntilMs: number;
  /** How many sessions ended at once, as their tokens were of a key that was rotated out before. */
  readonly signedOut: number;
}

/** One session, as admins see it. */
export interface ListedSession {
  readonly sessionId: string;
  readonly subject: string;
  readonly roles: readonly string[];
  /** Some of its rooms, and how many it has besides. */
  readonly rooms: readonly string[];
  readonly moreRooms: number;
  /** When its lease began and ends, in milliseconds since the Unix epoch. */
  readonly leasedAtMs: number;
  readonly expiresAtMs: number;
  /** How many bytes wait for its peer. */
  readonly queuedBytes: number;
}

/** Who is here. */
export interface UserList {
  readonly users: readonly ListedSession[];
  /** How many sessions there are besides. */
  readonly more: number;
}

/** A message that was denied. */
export interface Denied {
  readonly event: string;
  readonly reason: string;
  readonly subject: string;
  readonly sessionId: string;
  /** The type of the message, if it could be read. */
  readonly type?: string;
  readonly atMs: number;
}

/** The longest text that is said or announced, in characters. */
const MAX_TEXT_LENGTH = 2_000;

/** Lets anything pass, also nothing: for messages whose data is not looked at. */
export function isAnything(_value: unknown): _value is unknown {
  return true;
}

/** @returns Whether the value is a {@link Room}. */
export function isRoom(value: unknown): value is Room {
  return isRecord(value) && isName(value["room"]);
}

/** @returns Whether the value is a {@link Say}. */
export function isSay(value: unknown): value is Say {
  return isRoom(value) && "text" in value && isText(value.text);
}

/** @returns Whether the value is a {@link Said}. */
export function isSaid(value: unknown): value is Said {
  return isSay(value) && "from" in value && isName(value.from);
}

/** @returns Whether the value is a {@link Subject}. */
export function isSubject(value: unknown): value is Subject {
  return isRecord(value) && isName(value["subject"]);
}

/** @returns Whether the value is a {@link RoleChange}. */
export function isRoleChange(value: unknown): value is RoleChange {
  return isSubject(value) && "role" in value && DEMO_ROLES.some((role) => role === value.role);
}

/** @returns Whether the value is an {@link Announcement}. */
export function isAnnouncement(value: unknown): value is Announcement {
  return isRecord(value) && isText(value["text"]);
}

/** @returns Whether the value is an {@link Announced}. */
export function isAnnounced(value: unknown): value is Announced {
  return isAnnouncement(value) && "from" in value && isName(value.from);
}

/** @returns Whether the value is a {@link Denied}. */
export function isDenied(value: unknown): value is Denied {
  return isRecord(value) && typeof value["atMs"] === "number" &&
    (value["type"] === undefined || typeof value["type"] === "string") &&
    ["event", "reason", "subject", "sessionId"].every((name) => typeof value[name] === "string");
}

/** @returns Whether the value is a {@link UserList}. */
export function isUserList(value: unknown): value is UserList {
  return isRecord(value) && Array.isArray(value["users"]) && isCount(value["more"]) &&
    value["users"].every((user) => isRecord(user) && isName(user["subject"]) && isCount(user["moreRooms"]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 256;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT_LENGTH;
}
