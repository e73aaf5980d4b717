/**
 * What the compiler refuses in tables, handlers and deliveries. None of these functions is ever called: that the file
 * compiles is the proof, as `@ts-expect-error` is itself an error where there is none (test/project/types.test.ts).
 *
 * @module
 */

import {
  createGate,
  definePermissions,
  type Guard,
  type HmacKey,
  type PermissionTable,
} from "../../src/mod.ts";

interface Say {
  readonly room: string;
  readonly text: string;
}

/** A row's data that has more in it than {@link Say}: what asks for it must not be given less. */
interface Signed extends Say {
  readonly signed: boolean;
}

type Role = "guest" | "admin";
type Receive = { "chat.say": Say; "user.kick": string };
type Send = { "chat.said": Say };

declare const isSay: Guard<Say>;
declare const isText: Guard<string>;
declare const table: PermissionTable<Role, Receive, Send>;

/** What `definePermissions` makes of guards is the table that is written out above, both ways. */
export function typesAreInferred(): void {
  const made = definePermissions({
    roles: ["guest", "admin"],
    receive: { "chat.say": { roles: ["admin"], data: isSay }, "user.kick": { roles: [], data: isText } },
    send: {
      "chat.said": { roles: ["guest"], data: isSay, when: (session, { room }) => session.rooms.has(room) },
    },
  });
  const there: typeof table = made;
  const back: typeof made = there;
  void back;
}

export function rolesMustBeThere(): void {
  definePermissions({
    roles: ["guest", "admin"],
    // @ts-expect-error a misspelt role in what clients send
    receive: { "chat.say": { roles: ["amdin"], data: isSay } },
    // @ts-expect-error a misspelt role in what the server sends
    send: { "chat.said": { roles: ["guest", "Admin"], data: isSay } },
  });
}

export function policiesForSlowReadersAreKnownAndOfWhatTheServerSends(): void {
  definePermissions({
    roles: ["guest"],
    receive: {
      // @ts-expect-error nobody reads what clients send, slowly or not
      "chat.say": { roles: ["guest"], data: isSay, slowReaders: "drop" },
    },
    send: {
      // @ts-expect-error a misspelt policy
      "chat.said": { roles: ["guest"], data: isSay, slowReaders: "keepLatest" },
    },
  });
}

export function rowsMustBeWhole(): void {
  definePermissions({
    roles: ["guest"],
    receive: {
      // @ts-expect-error a row without a validator
      "no.data": { roles: ["guest"] },
      // @ts-expect-error a row without roles
      "no.roles": { data: isSay },
      // @ts-expect-error a validator that does not tell a type
      "no.guard": { roles: ["guest"], data: (value: unknown): boolean => value !== undefined },
      // @ts-expect-error a rate without a burst
      "no.burst": { roles: ["guest"], data: isSay, rate: { perSecond: 1 } },
    },
    send: {},
  });
}

export function conditionsMustFitTheirData(): void {
  definePermissions({
    roles: ["guest"],
    receive: {
      "right": {
        roles: ["guest"],
        data: isSay,
        when: (_session, data: Pick<Say, "room">) => data.room !== "",
      },
      // @ts-expect-error a condition on other data
      "other": { roles: ["guest"], data: isSay, when: (_session, data: number) => data > 0 },
      // @ts-expect-error a condition on data with more in it than the validator has seen
      "narrower": { roles: ["guest"], data: isSay, when: (_session, data: Signed) => data.signed },
      // @ts-expect-error a condition that reads what is not in the data
      "misspelt": { roles: ["guest"], data: isSay, when: (_session, data) => data.rom !== "" },
      // @ts-expect-error a condition that answers with a promise
      "late": { roles: ["guest"], data: isSay, when: () => Promise.resolve(true) },
    },
    send: {
      // @ts-expect-error a condition on other data
      "other": { roles: ["guest"], data: isSay, when: (_session, data: number) => data > 0 },
    },
  });
}

declare const door: { readonly keys: readonly HmacKey[]; readonly audience: string };

// #region handlers_must_match_rows
export function handlersMustMatchRows(): void {
  const right = { "chat.say": ({ text }: Say) => text, "user.kick": (subject: string) => subject };
  const tooMany = { ...right, "user.ban": () => 1 };
  const tooFew = { "chat.say": right["chat.say"] };

  createGate({ ...door, permissions: table, handlers: right });
  // @ts-expect-error a row without a handler
  createGate({ ...door, permissions: table, handlers: { "chat.say": () => 1 } });
  // @ts-expect-error a row without a handler, when the handlers stand in a variable
  createGate({ ...door, permissions: table, handlers: tooFew });
  // @ts-expect-error a handler without a row
  createGate({ ...door, permissions: table, handlers: { ...right, "user.ban": () => 1 } });
  // @ts-expect-error a handler without a row, when the handlers stand in a variable
  createGate({ ...door, permissions: table, handlers: tooMany });
  // @ts-expect-error a handler for a type that only the server sends
  createGate({ ...door, permissions: table, handlers: { ...right, "chat.said": () => 1 } });
  // @ts-expect-error a row whose handler may be missing
  createGate({ ...door, permissions: table, handlers: { ...right, "user.kick": undefined } });
}
// #endregion

export function handlersMustFitTheirData(): void {
  const kick = (subject: string) => subject;
  createGate({
    ...door,
    permissions: table,
    handlers: { "chat.say": ({ room }, { session }) => [room, session.subject], "user.kick": kick },
  });
  // @ts-expect-error a handler for other data
  createGate({ ...door, permissions: table, handlers: { "chat.say": (_: number) => 1, "user.kick": kick } });
  // @ts-expect-error a handler for data with more in it than the validator has seen
  createGate({ ...door, permissions: table, handlers: { "chat.say": (_: Signed) => 1, "user.kick": kick } });
  createGate({
    ...door,
    permissions: table,
    // @ts-expect-error a handler that reads what is not in the data
    handlers: { "chat.say": ({ txt }) => txt, "user.kick": kick },
  });
}

export function deliveriesMustFitTheirRows(): void {
  const handlers = { "chat.say": () => 1, "user.kick": () => 1 };
  const { groups } = createGate({ ...door, permissions: table, handlers });
  const said: Say = { room: "lobby", text: "hi" };

  groups.send("everyone", "chat.said", said);
  groups.send({ role: "admin" }, "chat.said", said);
  // @ts-expect-error a misspelt type
  groups.send("everyone", "chat.sayd", said);
  // @ts-expect-error a type that only clients send
  groups.send("everyone", "chat.say", said);
  // @ts-expect-error data of another type
  groups.send("everyone", "chat.said", "hi");
  // @ts-expect-error data with a field too few
  groups.send("everyone", "chat.said", { room: "lobby" });
  // @ts-expect-error a misspelt role
  groups.send({ role: "amdin" }, "chat.said", said);
  // @ts-expect-error a misspelt kind of group
  groups.send("everybody", "chat.said", said);
  // @ts-expect-error two kinds of group at once: whom would it reach?
  groups.send({ role: "admin", room: "lobby" }, "chat.said", said);
}
