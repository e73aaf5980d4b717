/**
 * How many connections there are, and whether there is room for another. Those whose peer is known and strangers, who have not
 * shown a token yet or are only told why they are refused, are counted apart, until their sockets are gone: strangers must
 * not take the places of those who are let in.
 *
 * @module
 */

import { addressBlock } from "../base/address_block.ts";
import type { Limits } from "../base/limits.ts";
import { Tally } from "../base/tally.ts";
import type { Refusal } from "./refusal.ts";

/** Whose a connection is. */
export type Acquaintance = "known" | "stranger";

/** The limits on connections. */
export type OccupancyLimits = Pick<
  Limits,
  "maxConnections" | "maxConnectionsPerAddress" | "maxUnauthenticated" | "maxUnauthenticatedPerAddress"
>;

/** Counts connections. */
export class Occupancy {
  readonly #limits: OccupancyLimits;
  readonly #addresses: Readonly<Record<Acquaintance, Tally>> = { known: new Tally(), stranger: new Tally() };

  /** @param limits How many there may be. */
  constructor(limits: OccupancyLimits) {
    this.#limits = limits;
  }

  /** A connection has opened. */
  opened(whose: Acquaintance, address: string): void {
    this.#addresses[whose].add(addressBlock(address));
  }

  /** A connection is gone, its socket too. */
  ended(whose: Acquaintance, address: string): void {
    this.#addresses[whose].remove(addressBlock(address));
  }

  /**
   * Tells whether there is room for another connection.
   *
   * @param whose Whether its peer is known.
   * @param address The address of its peer.
   * @returns Why not, or `undefined`.
   */
  noRoomFor(whose: Acquaintance, address: string): Refusal | undefined {
    const { maxConnections, maxConnectionsPerAddress, maxUnauthenticated, maxUnauthenticatedPerAddress } =
      this.#limits;
    const isFull = this.#addresses[whose].total >= (whose === "known" ? maxConnections : maxUnauthenticated);
    if (isFull) return { name: "busy", reason: whose === "known" ? "connections" : "unauthenticated" };
    const most = whose === "known"
      ? maxConnectionsPerAddress
      : Math.min(maxConnectionsPerAddress, maxUnauthenticatedPerAddress);
    return this.#addresses[whose].of(addressBlock(address)) >= most
      ? { name: "too_many", reason: "connections_of_address" }
      : undefined;
  }
}
