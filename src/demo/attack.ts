/**
 * What an attack of the demo consists of: a handshake, and for some of them frames after it.
 *
 * @module
 */

import type { Buffer } from "node:buffer";

/** What attacks are made with: the demo is asked for what a visitor could get, and its key for what only a thief would have. */
export interface AttackKit {
  /** `127.0.0.1:8080`. */
  readonly host: string;
  /** The target of the gate, with the name by which the attack is watched. */
  readonly target: string;
  /** Makes a token of a member. @param expiresInSeconds By default a minute; below 0, it has been over for so long. */
  token(expiresInSeconds?: number): string;
  /** Gets a ticket, and uses it up. */
  usedTicket(): Promise<string>;
}

/** Makes a request that is not to be let in. */
export type HandshakeAttack = (kit: AttackKit) => string | Promise<string>;

/** Makes the frames that somebody sends who has been let in. */
export type FramesAttack = () => Buffer;

/** One attack. */
export type Attack =
  | { readonly kind: "handshake"; readonly request: HandshakeAttack }
  | { readonly kind: "frames"; readonly frames: FramesAttack };

/** An attack by its handshake. */
export function handshakeAttack(request: HandshakeAttack): Attack {
  return { kind: "handshake", request };
}

/** An attack by its frames, after a handshake that is as it should be. */
export function framesAttack(frames: FramesAttack): Attack {
  return { kind: "frames", frames };
}
