/**
 * The roles that sessions have: one set for all sessions that have the same. A set for each session would be larger than the session.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";

/** More combinations of roles than occur in practice; beyond it, sets are made anew each time. */
const MAX_KEPT = 1_024;

/**
 * A set that many sessions have in common. TypeScript keeps whoever reads `session.roles` from changing it; in JavaScript, one handler
 * that did would make everybody with the same roles an admin.
 */
class SealedSet<Value> extends Set<Value> {
  constructor(values: readonly Value[]) {
    super();
    for (const value of values) super.add(value);
  }

  override add(): never {
    throw new PortcullisError("invalid_state", "The roles of a session are changed by setRoles() alone.");
  }

  override delete(): never {
    return this.add();
  }

  override clear(): never {
    return this.add();
  }
}

/** Makes sets of roles, each once. */
export class RoleSets<Role extends string> {
  readonly #roles: readonly Role[];
  readonly #kept = new Map<string, ReadonlySet<Role>>();

  /** @param roles All roles of the permission table. */
  constructor(roles: readonly Role[]) {
    this.#roles = roles;
  }

  /**
   * Finds the set of those roles that the table knows. Sets are kept by the table's roles, not by what tokens say, so that no stranger
   * fills the map.
   *
   * @param named As a token names them.
   * @returns The set, in the order of the table.
   */
  of(named: readonly string[]): ReadonlySet<Role> {
    let key = "";
    for (const role of this.#roles) key += named.includes(role) ? "1" : "0";
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const made = new SealedSet(this.#roles.filter((role) => named.includes(role)));
    if (this.#kept.size < MAX_KEPT) this.#kept.set(key, made);
    return made;
  }
}
