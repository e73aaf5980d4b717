/**
 * A gate whose handlers the compiler has held against the permission table.
 *
 * @module
 */

import type { ExactHandlers } from "../session/handler.ts";
import { Gate } from "./gate.ts";
import type { GateOptions } from "./gate_options.ts";

/**
 * Creates a gate.
 *
 * @param options The keys and audience of the tokens, the allowed origins, the permission table and its handlers.
 * @returns The gate; {@link Gate.attach} puts it on a server.
 * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { randomBytes } from "node:crypto";
 * import { createGate, definePermissions, hmacKey } from "portcullis";
 *
 * const isText = (value: unknown): value is string => typeof value === "string";
 * const gate = createGate({
 *   keys: [hmacKey(randomBytes(32))],
 *   audience: "chat",
 *   permissions: definePermissions({
 *     roles: ["member"],
 *     receive: { say: { roles: ["member"], data: isText } },
 *     send: { said: { roles: ["member"], data: isText } },
 *   }),
 *   handlers: { say: (text, { groups }) => groups.send("everyone", "said", text) },
 * });
 * gate.attach(createServer());
 * ```
 */
export function createGate<
  Role extends string,
  Receive extends object,
  Send extends object,
  Data,
  Given,
>(
  options: GateOptions<Role, Receive, Send, Data> & { readonly handlers: ExactHandlers<Given, Receive> },
): Gate<Role, Receive, Send, Data> {
  return new Gate(options);
}
