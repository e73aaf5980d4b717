/**
 * Where the token goes. The same places as on the server's side (`auth/credential.ts`), less the cookie, which a browser
 * sends by itself.
 *
 * @module
 */

import type { TransportRequest } from "./transport.ts";

/**
 * How the token is shown.
 *
 * - `authorization`: in a header field, where the transport can send one. The best place there is.
 * - `subprotocol`: as the name of a subprotocol. What is left to a page.
 * - `ticket`: to `ticketUrl`, which gives a ticket for it that is good once. Where proxies write down all header fields.
 * - `message`: as the first message. Where nothing else is possible, and the server allows it.
 */
export type ClientCarrier = "authorization" | "subprotocol" | "ticket" | "message";

/** The subprotocol of the envelope: `SUBPROTOCOL` of `auth/credential.ts`, which a page cannot load. */
export const CLIENT_SUBPROTOCOL = "portcullis.v1";

/** In front of a token: `BEARER_SUBPROTOCOL_PREFIX` of `auth/credential.ts`. */
export const CLIENT_BEARER_PREFIX = "base64url.bearer.authorization.portcullis.";

/** The query parameter of a ticket. */
const TICKET_PARAMETER = "ticket";

/** How the token is shown, with what that takes. */
export type Presentation =
  | { readonly carrier: "ticket"; readonly ticketUrl: URL }
  | { readonly carrier: Exclude<ClientCarrier, "ticket"> };

/**
 * Makes the request that shows a token.
 *
 * @param url Where to connect.
 * @param carrier How it is shown.
 * @param token The token.
 * @returns What the transport sends; with `message` without the token, which follows when the connection is open.
 */
export function requestWithToken(
  url: URL,
  carrier: Exclude<ClientCarrier, "ticket">,
  token: string,
): TransportRequest {
  const plain = { url: url.href, subprotocols: [CLIENT_SUBPROTOCOL], token: undefined };
  switch (carrier) {
    case "authorization":
      return { ...plain, token };
    case "subprotocol":
      // The first one is what the server answers with; a browser that got none of its offers would close.
      return { ...plain, subprotocols: [CLIENT_SUBPROTOCOL, CLIENT_BEARER_PREFIX + toBase64url(token)] };
    case "message":
      return plain;
  }
}

/**
 * Makes the request that shows a ticket.
 *
 * @param url Where to connect.
 * @param ticket What was given for a token, good once and for seconds.
 * @returns What the transport sends.
 */
export function requestWithTicket(url: URL, ticket: string): TransportRequest {
  const withTicket = new URL(url);
  withTicket.searchParams.append(TICKET_PARAMETER, ticket);
  return { url: withTicket.href, subprotocols: [CLIENT_SUBPROTOCOL], token: undefined };
}

/**
 * Tells whether the answer to the upgrade is a judgement of the token. A ticket was judged when it was given out, and a
 * first message is judged later.
 *
 * @param carrier How the token is shown.
 */
export function isShownInUpgrade(carrier: ClientCarrier): boolean {
  return carrier === "authorization" || carrier === "subprotocol";
}

/** Of ASCII, as tokens are; `btoa` is what pages, Node and Deno all have. */
function toBase64url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
