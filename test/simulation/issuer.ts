/**
 * Who issues tokens: his keys, and what he writes into each.
 *
 * @module
 */

import { type HmacKey, hmacKey } from "../../src/auth/key.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { signToken } from "../../src/auth/token.ts";
import type { Draw } from "../fuzz/draw.ts";
import type { Model, ModelToken } from "./model.ts";
import type { SimClock } from "./sim_clock.ts";
import { ROLES } from "./table.ts";

/** Whom the tokens are for. */
export const AUDIENCE = "simulation";

const SUBJECTS = Array.from({ length: 40 }, (_, i) => `subject-${i}`);

/** Makes tokens, and says in the model what is true of them. */
export class Issuer {
  /** The keys of the gate. */
  readonly ring: KeyRing;
  readonly #model: Model;
  readonly #clock: SimClock;
  readonly #draw: Draw;
  #keys = 0;
  #tokens = 0;

  constructor(model: Model, clock: SimClock, draw: Draw) {
    this.#model = model;
    this.#clock = clock;
    this.#draw = draw;
    this.ring = new KeyRing({ current: this.#newKey() });
  }

  /** Makes a token. */
  mint(subject: string = this.#draw.pick(SUBJECTS)): ModelToken {
    const draw = this.#draw;
    const nowSeconds = Math.floor(this.#clock.now() / 1000);
    const genuine = !draw.chance(0.05);
    const roles = ROLES.filter(() => draw.chance(0.5));
    const lifetimeSeconds = draw.pick([-1, 5, 30, 120, 600, 3_600]);
    const tokenId = `token-${this.#tokens++}`;
    const exp = nowSeconds + lifetimeSeconds;
    const claims = {
      sub: subject,
      aud: genuine ? AUDIENCE : "another",
      iat: nowSeconds,
      exp,
      roles,
      jti: tokenId,
    };
    const { current } = this.ring;
    return {
      jwt: signToken(claims, current),
      subject,
      roles,
      tokenId,
      genuine,
      // Whoever signs names his key.
      keyId: String(current.id),
      issuedAtMs: nowSeconds * 1000,
      expiresAtMs: exp * 1000,
    };
  }

  /** Makes another key the current one. */
  rotate(graceMs: number): void {
    const nowMs = this.#clock.now();
    const { keysEndAtMs } = this.#model;
    const old = String(this.ring.current.id);
    keysEndAtMs.clear();
    keysEndAtMs.set(old, nowMs + graceMs);
    const next = this.#newKey();
    this.ring.rotate(next, { previousValidUntilMs: nowMs + graceMs });
  }

  #newKey(): HmacKey {
    const id = `key-${this.#keys++}`;
    this.#model.keysEndAtMs.set(id, Infinity);
    return hmacKey(`a secret of at least 32 bytes, the one of ${id}`, { id });
  }
}
