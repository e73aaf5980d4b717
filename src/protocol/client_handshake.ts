/**
 * The client's half of the opening handshake (RFC 6455 §4.1), as pure functions: what to send, and whether the answer
 * is one.
 *
 * @module
 */

import { fault, ok, type Result } from "../base/result.ts";
import { checkDeflateResponse, deflateOffer } from "./deflate_negotiation.ts";
import type { DeflateOptions } from "./deflate_options.ts";
import { acceptFor, type Agreement, WEBSOCKET_VERSION } from "./handshake.ts";
import { collectFields, hasToken, type HeaderFields, parseExtensions } from "./header_field.ts";
import type { ResponseRuleName } from "./handshake_rules.ts";

/** What is judged of a response; `IncomingMessage` of `node:http` has this shape. */
export interface UpgradeResponse {
  readonly statusCode?: number | undefined;
  readonly rawHeaders: readonly string[];
}

/** What a client offers besides the WebSocket itself. */
export interface ClientOffer {
  /** In order of its preference. */
  readonly subprotocols: readonly string[];
  /** How messages would be compressed; `undefined` for not at all. */
  readonly deflate: DeflateOptions | undefined;
}

/**
 * Lists the fields that make a request a WebSocket handshake.
 *
 * @param key 16 random bytes in base64.
 * @param offer What the client offers.
 * @returns Names and values.
 */
export function upgradeFields(
  key: string,
  { subprotocols, deflate }: ClientOffer,
): readonly (readonly [string, string])[] {
  const fields: [string, string][] = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Key", key],
    ["Sec-WebSocket-Version", WEBSOCKET_VERSION],
  ];
  if (subprotocols.length > 0) fields.push(["Sec-WebSocket-Protocol", subprotocols.join(", ")]);
  if (deflate !== undefined) fields.push(["Sec-WebSocket-Extensions", deflateOffer(deflate)]);
  return fields;
}

/**
 * Judges the server's answer (§4.1, the numbered list behind "Once the client's opening handshake has been sent").
 *
 * @param response From its raw header lines.
 * @param key The key that was sent.
 * @param offer What was offered.
 * @returns What the server took of the offer, or the first rule that the answer breaks.
 */
export function checkUpgradeResponse(
  response: UpgradeResponse,
  key: string,
  offer: ClientOffer,
): Result<Agreement, ResponseRuleName> {
  // 1. The status.
  if (response.statusCode !== 101) return fault("status");
  const fields = collectFields(response.rawHeaders);
  // 2. and 3. Upgrade and Connection.
  const upgrade = fields.get("upgrade");
  // Unlike the server, which may find it in a list, the client wants the value itself.
  if (upgrade?.length !== 1 || upgrade[0]?.toLowerCase() !== "websocket") return fault("upgrade");
  if (!hasToken(fields.get("connection"), "upgrade")) return fault("connection");
  // 4. The proof that the server took our key.
  const accept = fields.get("sec-websocket-accept");
  if (accept?.length !== 1 || accept[0] !== acceptFor(key)) return fault("accept");
  // 5. Nothing that was not asked for.
  const extensions = parseExtensions(fields.get("sec-websocket-extensions"));
  if (extensions === undefined) return fault("extension");
  const deflate = checkDeflateResponse(extensions, offer.deflate);
  if (!deflate.ok) return deflate;
  const subprotocol = checkSubprotocol(fields, offer.subprotocols);
  if (!subprotocol.ok) return subprotocol;
  return ok({ subprotocol: subprotocol.value, deflate: deflate.value });
}

/** 6. §11.3.4: the field "MUST NOT appear more than once in an HTTP response". */
function checkSubprotocol(
  fields: HeaderFields,
  offered: readonly string[],
): Result<string | undefined, ResponseRuleName> {
  const chosen = fields.get("sec-websocket-protocol");
  if (chosen === undefined) return ok(undefined);
  const [subprotocol] = chosen;
  if (chosen.length !== 1 || subprotocol === undefined || !offered.includes(subprotocol)) {
    return fault("subprotocol");
  }
  return ok(subprotocol);
}
