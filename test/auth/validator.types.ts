/**
 * What the compiler refuses when the validators are schemas of a library. None of these functions is ever called: that the
 * file compiles is the proof (test/project/types.test.ts).
 *
 * @module
 */

import { createGate, definePermissions, type HmacKey, type PermissionTable } from "../../src/mod.ts";

/**
 * The interface that Zod, Valibot and ArkType implement, part by part as https://standardschema.dev specifies it: a schema
 * of any of them is one of these.
 */
interface LibrarySchema<Input, Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (
      value: unknown,
      options?: { readonly libraryOptions?: Record<string, unknown> | undefined },
    ) => LibraryResult<Output> | Promise<LibraryResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type LibraryResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<LibraryIssue> };

interface LibraryIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** As ArkType has it: a schema that is a function too. */
interface CallableSchema<Output> extends LibrarySchema<Output, Output> {
  (value: unknown): Output | readonly LibraryIssue[];
}

interface Say {
  readonly room: string;
  readonly text: string;
}

interface Signed extends Say {
  readonly signed: boolean;
}

type Receive = { "chat.say": Say; "count": number; "remind": Date };
type Send = { "chat.said": Say; "counted": number };

declare const table: PermissionTable<"guest" | "admin", Receive, Send>;
declare const sayText: LibrarySchema<Say, Say>;
declare const count: CallableSchema<number>;
/** One that changes what it reads: the handler gets what comes out. */
declare const date: LibrarySchema<string, Date>;

/** What is inferred is the output of each schema. */
export function typesAreInferred(): PermissionTable<"guest" | "admin", Receive, Send> {
  const made = definePermissions({
    roles: ["guest", "admin"],
    receive: {
      "chat.say": { roles: ["admin"], data: sayText, when: (session, { room }) => session.rooms.has(room) },
      "count": { roles: ["admin"], data: count },
      "remind": { roles: ["admin"], data: date },
    },
    send: { "chat.said": { roles: ["guest"], data: sayText }, "counted": { roles: ["guest"], data: count } },
  });
  const back: typeof made = table;
  void back;
  return made;
}

export function rowsMustFit(): void {
  definePermissions({
    roles: ["guest"],
    receive: {
      // @ts-expect-error a misspelt role
      "role": { roles: ["gest"], data: sayText },
      // @ts-expect-error a condition on other data
      "other": { roles: ["guest"], data: sayText, when: (_session, data: number) => data > 0 },
      // @ts-expect-error a condition on data with more in it than the schema has seen
      "narrower": { roles: ["guest"], data: sayText, when: (_, data: Signed) => data.signed },
      // @ts-expect-error a condition on what goes into the schema, not on what comes out
      "input": { roles: ["guest"], data: date, when: (_session, data: string) => data !== "" },
      // @ts-expect-error a condition on other data than a callable schema's
      "callable": { roles: ["guest"], data: count, when: (_session, data: string) => data !== "" },
    },
    send: {},
  });
}

declare const door: { readonly keys: readonly HmacKey[]; readonly audience: string };

export function handlersMustFit(): void {
  const right = {
    "chat.say": ({ text }: Say) => text,
    "count": (data: number) => data + 1,
    "remind": (data: Date) => data.getTime(),
  };
  const tooMany = { ...right, "user.ban": () => 1 };
  const { count: _count, ...tooFew } = right;

  createGate({ ...door, permissions: table, handlers: right });
  createGate({
    ...door,
    permissions: table,
    handlers: {
      "chat.say": ({ text }) => text,
      "count": (data) => data.toFixed(),
      "remind": (data) => data.getTime(),
    },
  });
  // @ts-expect-error a row without a handler
  createGate({ ...door, permissions: table, handlers: tooFew });
  // @ts-expect-error a handler without a row
  createGate({ ...door, permissions: table, handlers: { ...right, "user.ban": () => 1 } });
  // @ts-expect-error a handler without a row, when the handlers stand in a variable
  createGate({ ...door, permissions: table, handlers: tooMany });
  // @ts-expect-error a handler for other data
  createGate({ ...door, permissions: table, handlers: { ...right, "chat.say": (_: number) => 1 } });
  // @ts-expect-error a handler for data with more in it than the schema has seen
  createGate({ ...door, permissions: table, handlers: { ...right, "chat.say": (_: Signed) => 1 } });
  // @ts-expect-error a handler for what goes into the schema, not for what comes out
  createGate({ ...door, permissions: table, handlers: { ...right, "remind": (_: string) => 1 } });
}

export function deliveriesMustFit(): void {
  const handlers = { "chat.say": () => 1, "count": () => 1, "remind": () => 1 };
  const { groups } = createGate({ ...door, permissions: table, handlers });

  groups.send("everyone", "chat.said", { room: "lobby", text: "hi" });
  groups.send("everyone", "counted", 1);
  // @ts-expect-error a misspelt type
  groups.send("everyone", "chat.sayd", { room: "lobby", text: "hi" });
  // @ts-expect-error data of another type
  groups.send("everyone", "counted", "1");
  // @ts-expect-error data with a field too few
  groups.send("everyone", "chat.said", { room: "lobby" });
  // @ts-expect-error a misspelt role
  groups.send({ role: "gest" }, "counted", 1);
}
