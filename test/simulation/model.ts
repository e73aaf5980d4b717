/**
 * Who may do what, told a second time and in another way than in the sources: the invariants hold the gate to this.
 *
 * @module
 */

import type { Role } from "./table.ts";

/** A token, as its issuer knows it. */
export interface ModelToken {
  readonly jwt: string;
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly tokenId: string;
  readonly keyId: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** Whether it is what it says: its MAC, its audience. */
  readonly genuine: boolean;
}

/** What has been decided since tokens were issued. */
export class Model {
  /** Subject → tokens up to this moment are not good. */
  readonly revokedUpTo = new Map<string, number>();
  readonly revokedIds = new Set<string>();
  /** Subject → its roles, for tokens up to a moment. */
  readonly changedRoles = new Map<string, { readonly roles: readonly Role[]; readonly upToMs: number }>();
  /** Key → when it stops to verify; one that is not there never did. */
  readonly keysEndAtMs = new Map<string, number>();
  draining = false;

  /** Why a token is not good; `undefined` when it is. */
  faultOf(token: ModelToken, nowMs: number): string | undefined {
    if (!token.genuine) return "forged";
    if (token.expiresAtMs <= nowMs) return "expired";
    if ((this.keysEndAtMs.get(token.keyId) ?? -Infinity) <= nowMs) return "key";
    if (this.revokedIds.has(token.tokenId)) return "revoked";
    return token.issuedAtMs <= (this.revokedUpTo.get(token.subject) ?? -Infinity) ? "revoked" : undefined;
  }

  /** What the bearer of a token may do. */
  rolesOf({ subject, roles, issuedAtMs }: ModelToken): readonly Role[] {
    const changed = this.changedRoles.get(subject);
    return changed !== undefined && issuedAtMs <= changed.upToMs ? changed.roles : roles;
  }

  /** Until when a token is good, unless something else comes. */
  endOf({ expiresAtMs, keyId }: ModelToken): number {
    return Math.min(expiresAtMs, this.keysEndAtMs.get(keyId) ?? -Infinity);
  }
}
