/**
 * The attacks that the page can have tried, as data: what an attacker hopes for, what is sent, which rule must refuse it, and where in the
 * sources that is done. A test runs each of them and holds what refused it against this table.
 *
 * @module
 */

import { type Attack, framesAttack, handshakeAttack } from "./attack.ts";
import * as frames from "./attack_frames.ts";
import * as requests from "./attack_requests.ts";

/** One attack. */
export interface AttackRow {
  readonly title: string;
  /** What an attacker hopes for, in a sentence. */
  readonly hope: string;
  /** The rule that refuses it: the reason of a decision, the name of a rule on frames, or the code of a denial. */
  readonly rule: string;
  /** Where that is written down. */
  readonly clause: string;
  /** What is written there, or what follows from it, in a sentence. */
  readonly says: string;
  /** The place in the sources that refuses it: a file of `src/`, and a part of the line. */
  readonly source: { readonly file: string; readonly line: string };
  /** What is sent. */
  readonly attack: Attack;
}

/** The name of one attack. */
export type AttackName =
  | "no_token"
  | "alg_none"
  | "expired"
  | "second_carrier"
  | "replayed_ticket"
  | "foreign_origin"
  | "unmasked_frame"
  | "reserved_opcode"
  | "invalid_utf8"
  | "fragmented_ping"
  | "proto_as_type"
  | "message_too_big";

/** All attacks, in the order in which the page shows them. */
export const ATTACKS: Readonly<Record<AttackName, AttackRow>> = {
  no_token: {
    title: "No token at all",
    hope: "A server that completes the upgrade first, and asks who it is later.",
    rule: "no_credential",
    clause: "RFC 6455 §10.5",
    says: "The server can use any client authentication mechanism of HTTP, before there is a WebSocket: 401.",
    source: {
      file: "auth/door.ts",
      line: 'return fault({ refusal: "no_credential", reason: "no_credential" });',
    },
    attack: handshakeAttack(requests.withoutToken),
  },
  alg_none: {
    title: "A token with alg: none",
    hope: "A verifier that asks the token how it wants to be verified.",
    rule: "algorithm",
    clause: "RFC 8725 §3.1",
    says:
      "Libraries must let the caller say which algorithms are used, and use no other: here the key says it.",
    source: { file: "auth/token.ts", line: 'return fault("algorithm");' },
    attack: handshakeAttack(requests.withAlgNone),
  },
  expired: {
    title: "An expired token",
    hope: "A server that checks the signature, and never looks at the clock.",
    rule: "expired",
    clause: "RFC 7519 §4.1.4",
    says: "The current date and time must be before the time in the claim exp.",
    source: { file: "auth/claims.ts", line: 'return fault("expired");' },
    attack: handshakeAttack(requests.withExpiredToken),
  },
  second_carrier: {
    title: "A second carrier",
    hope: "A proxy that believes one token, and a server that believes the other.",
    rule: "two_carriers",
    clause: "RFC 6750 §2",
    says: "Clients must not use more than one method to transmit the token in each request.",
    source: { file: "auth/credential.ts", line: 'return count > 1 ? fault("two_carriers")' },
    attack: handshakeAttack(requests.withTwoCarriers),
  },
  replayed_ticket: {
    title: "A replayed ticket",
    hope: "A ticket from somebody's browser history or log that is good once more.",
    rule: "ticket_reused",
    clause: "RFC 6819 §4.4.1.1",
    says: "What stands in a URL leaks; so a ticket lives for seconds, and is used up by its first use.",
    source: { file: "auth/ticket.ts", line: 'fault("ticket_reused")' },
    attack: handshakeAttack(requests.withUsedTicket),
  },
  foreign_origin: {
    title: "A foreign Origin",
    hope: "A page of another site that speaks with the visitor's credentials.",
    rule: "foreign_origin",
    clause: "RFC 6455 §10.2",
    says:
      "Servers that are not meant for every page should verify that the Origin is one they expect: else 403.",
    source: { file: "auth/door.ts", line: 'reason: "foreign_origin" });' },
    attack: handshakeAttack(requests.fromForeignOrigin),
  },
  unmasked_frame: {
    title: "An unmasked frame",
    hope: "Bytes on the wire that a proxy in between takes for HTTP, chosen by an attacker.",
    rule: "mask_required",
    clause: "RFC 6455 §5.1",
    says: "The server must close the connection upon receiving a frame that is not masked.",
    source: { file: "protocol/frame_decoder.ts", line: '"mask_required"' },
    attack: framesAttack(frames.unmasked),
  },
  reserved_opcode: {
    title: "A reserved opcode",
    hope: "A parser that guesses what it does not know, and gets out of step.",
    rule: "reserved_opcode",
    clause: "RFC 6455 §5.2",
    says: "If an unknown opcode is received, the connection must be failed.",
    source: { file: "protocol/frame_decoder.ts", line: '"reserved_opcode"' },
    attack: framesAttack(frames.reservedOpcode),
  },
  invalid_utf8: {
    title: "Invalid UTF-8",
    hope: "Text that a filter reads in one way, and a program behind it in another.",
    rule: "utf8_message",
    clause: "RFC 6455 §8.1",
    says: "When text is not a valid UTF-8 stream, the connection must be failed.",
    source: {
      file: "protocol/message.ts",
      line: 'isCompleteUtf8(bytes, start, end)) return this.#break("utf8_message")',
    },
    attack: framesAttack(frames.invalidUtf8),
  },
  fragmented_ping: {
    title: "A fragmented ping",
    hope: "A control frame that never ends, and keeps memory for each.",
    rule: "control_fragmented",
    clause: "RFC 6455 §5.4",
    says: "Control frames themselves must not be fragmented.",
    source: { file: "protocol/frame_decoder.ts", line: '"control_fragmented"' },
    attack: framesAttack(frames.fragmentedPing),
  },
  proto_as_type: {
    title: "The type __proto__",
    hope: "A table kept in an object, in which every object has that row.",
    rule: "unknown_type",
    clause: "CWE-1321",
    says:
      "Names from outside must not reach what objects inherit: the table is a Map, and what has no row is denied.",
    source: { file: "auth/permission.ts", line: 'return fault("unknown_type");' },
    attack: framesAttack(frames.protoAsType),
  },
  message_too_big: {
    title: "A message above the limit",
    hope: "A server that allocates what a header of 14 bytes declares.",
    rule: "message_too_big",
    clause: "RFC 6455 §10.4",
    says:
      "Implementations with limits must protect themselves: here before a byte of the payload is taken in.",
    source: { file: "protocol/frame_decoder.ts", line: '"message_too_big"' },
    attack: framesAttack(frames.tooBig),
  },
};

/** Whether a text names an attack. */
export function isAttackName(text: unknown): text is AttackName {
  return typeof text === "string" && Object.hasOwn(ATTACKS, text);
}
