/**
 * What the compiler refuses in a client. None of these functions is ever called: that the file compiles is the proof, as
 * `@ts-expect-error` is itself an error where there is none (test/project/types.test.ts).
 *
 * @module
 */

import { definePermissions } from "../../src/auth/permission.ts";
import type { Guard } from "../../src/auth/validator.ts";
import { type Client, type ClientOptions, createClient } from "../../src/client/mod.ts";
import { createClient as createNodeClient } from "../../src/io/create_client.ts";

interface Say {
  readonly room: string;
  readonly text: string;
}

declare const isSay: Guard<Say>;
declare const isText: Guard<string>;
declare const isAnything: Guard<unknown>;
declare const isMissing: Guard<string | undefined>;
declare const options: ClientOptions;

function makePermissions() {
  return definePermissions({
    roles: ["guest", "admin"],
    receive: {
      "chat.say": { roles: ["admin"], data: isSay },
      "user.kick": { roles: ["admin"], data: isText },
      "user.list": { roles: ["admin"], data: isAnything },
      "chat.leave": { roles: ["guest"], data: isMissing },
    },
    send: { "chat.said": { roles: ["guest"], data: isSay } },
  });
}

declare const permissions: ReturnType<typeof makePermissions>;

export function requestsMustFitTheirRows(): void {
  const client = createClient<typeof permissions>(options);

  void client.request("chat.say", { room: "lobby", text: "hi" }, { timeoutMs: 5 });
  void client.request("user.kick", "eve");
  void client.request("user.list");
  void client.request("chat.leave");
  void client.request("chat.leave", "lobby", { signal: AbortSignal.abort() });
  // @ts-expect-error a misspelt type
  void client.request("chat.sya", { room: "lobby", text: "hi" });
  // @ts-expect-error a type that only the server sends
  void client.request("chat.said", { room: "lobby", text: "hi" });
  // @ts-expect-error a type of the protocol, which the client sends by itself
  void client.request("auth.refresh", { token: "a.b.c" });
  // @ts-expect-error data of another type
  void client.request("user.kick", 7);
  // @ts-expect-error data with a field too few
  void client.request("chat.say", { room: "lobby" });
  // @ts-expect-error no data, where the row needs some
  void client.request("chat.say");
  // @ts-expect-error a misspelt option
  void client.request("user.list", undefined, { timeout: 5 });
}

export function listenersMustFitTheirRows(): void {
  const client = createClient<typeof permissions>(options);

  client.on("chat.said", ({ room, text }) => `${room} ${text}`)();
  // @ts-expect-error a misspelt type
  client.on("chat.siad", () => 1);
  // @ts-expect-error a type that only clients send
  client.on("chat.say", () => 1);
  // @ts-expect-error a listener for other data
  client.on("chat.said", (data: number) => data);
  // @ts-expect-error a listener that reads what is not in the data
  client.on("chat.said", ({ txt }) => txt);
}

export function statesAreAUnion({ state }: Client): void {
  if (state.status === "open") void state.session.roles;
  // @ts-expect-error there is no session in any state but one
  void state.session;
  // @ts-expect-error a misspelt status
  if (state.status === "opened") void 0;
}

export function bothEntryPointsMakeTheSameClient(): void {
  const client: Client<typeof permissions> = createNodeClient<typeof permissions>(options);
  const back: ReturnType<typeof createClient<typeof permissions>> = client;
  void back;
}

export function aClientWithoutATableTakesAnyType(): void {
  const client = createClient(options);
  void client.request("whatever", 7);
  void client.request("whatever");
  // @ts-expect-error data that nobody has looked at
  client.on("whatever", (data) => data.room);
}

export function aTableCanBeWrittenByHand(): void {
  interface Table {
    readonly types?: { readonly receive: { readonly a: number }; readonly send: { readonly b: string } };
  }
  const client = createClient<Table>(options);
  void client.request("a", 7);
  client.on("b", (data) => data.length);
  // @ts-expect-error data of another type
  void client.request("a", "7");
  // @ts-expect-error what is no table
  createClient<{ readonly a: number }>(options);
}

export function optionsMustBeWhole(): void {
  // @ts-expect-error nowhere to connect
  createClient({ getToken: () => "a.b.c" });
  // @ts-expect-error nothing to connect with
  createClient({ url: "ws://127.0.0.1" });
  // @ts-expect-error a token that is none
  createClient({ url: "ws://127.0.0.1", getToken: () => 7 });
  // @ts-expect-error a misspelt limit
  createClient({ ...options, limits: { backoffMs: 5 } });
  // @ts-expect-error a carrier that a browser uses by itself
  createClient({ ...options, carrier: "cookie" });
}
