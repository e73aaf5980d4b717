/**
 * What the gate is told to send: who may get each message, by the model, and who gets it.
 *
 * @module
 */

import type { Recipients } from "../../src/session/recipients.ts";
import type { Session } from "../../src/session/session.ts";
import type { SimClient } from "./sim_client.ts";
import { MAY_READ, type Role, type Send } from "./table.ts";
import type { World } from "./world.ts";

/** Messages that no policy for slow readers may lose. */
const MUST_COME: ReadonlySet<string> = new Set<keyof Send>(["said", "secret"]);

/** All messages to groups. */
export class Deliveries {
  /** Message → who may get it. */
  readonly #allowed = new Map<number, ReadonlySet<SimClient>>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Sends to a group, and notes who may get it. */
  send(to: Recipients<Role>, type: keyof Send, padBytes: number): void {
    const world = this.#world;
    const n = this.#allowed.size + 1;
    const allowed = new Set<SimClient>();
    for (const { session, client } of world.open.values()) {
      if (this.#isNamed(to, session, client) && world.may(client, MAY_READ[type])) allowed.add(client);
    }
    this.#allowed.set(n, allowed);
    const sent = world.gate.groups.send(to, type, padBytes === 0 ? { n } : { n, pad: "x".repeat(padBytes) });
    if (sent > allowed.size) world.broken(`${type} ${n} went to ${sent}, and ${allowed.size} may read it`);
    if (MUST_COME.has(type)) { for (const client of allowed) client.due.push(n); }
    world.log(`${type} ${n} to ${JSON.stringify(to).replace(/session":"[^"]*/, "")}: ${sent}`);
  }

  /** A client has got something. */
  told(client: SimClient, type: string, data: unknown): void {
    const world = this.#world;
    const { n } = (data ?? {}) as { readonly n?: number };
    if (n === undefined) return;
    if (this.#allowed.get(n)?.has(client) !== true) {
      world.broken(`${client.name} gets ${type} ${n}, which is not for it`);
    }
    if (MUST_COME.has(type)) client.got.push(n);
    // What was kept for a slow reader is judged again when it is sent.
    else if (!world.may(client, MAY_READ[type as keyof Send])) {
      world.broken(`${client.name} gets ${type} ${n}, which it may not read any more`);
    }
  }

  #isNamed(to: Recipients<Role>, { id, subject }: Session<Role, SimClient>, client: SimClient): boolean {
    if (to === "everyone") return true;
    if (to.role !== undefined) return this.#world.model.rolesOf(client.token).includes(to.role);
    if (to.subject !== undefined) return to.subject === subject;
    return to.room !== undefined ? client.rooms.has(to.room) : to.session === id;
  }
}
