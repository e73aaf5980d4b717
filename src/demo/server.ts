/**
 * The demo server: one HTTP server with the page, the login and the gate, which an operator can have rotate its key and begin anew.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { type AuditEvent, type HmacKey, hmacKey, KeyRing } from "../mod.ts";
import type { KeyRotation } from "./data.ts";
import { createDemoGate, type DemoGate } from "./demo_gate.ts";
import type { Address } from "./environment.ts";
import { createHttpServer, listen } from "./listen.ts";
import { TOKEN_LIFETIME_SECONDS } from "./login.ts";
import { type Order, Orders } from "./orders.ts";
import { originsOf } from "./own_site.ts";
import { Watches } from "./watch.ts";
import { demoRequests } from "./web.ts";

/** What a demo server is told. */
export interface DemoServerOptions {
  /** Signs and verifies until it is rotated. */
  readonly key: HmacKey;
  /** Told of each decision. */
  readonly audit: (event: AuditEvent) => void;
}

/**
 * A key that was rotated out verifies for as long as the tokens live that it has signed, or until the next rotation: a ring keeps two
 * keys. An operator may need that next one soon, when a key has leaked; so he gets it, and is told whom it has signed out.
 */
const TOKENS_LIVE_MS = TOKEN_LIFETIME_SECONDS * 1_000;

/** A demo server that listens. */
export class DemoServer {
  /** Under everything else. */
  readonly http: Server;
  /** Where it listens. */
  readonly address: Address;
  readonly #keys: KeyRing;
  readonly #watches = new Watches();
  readonly #orders = new Orders(TOKENS_LIVE_MS);
  readonly #audit: (event: AuditEvent) => void;
  #gate: DemoGate;
  #rotations = 0;
  #state: "open" | "restarting" | "stopped" = "open";

  private constructor(http: Server, address: Address, { key, audit }: DemoServerOptions) {
    this.http = http;
    this.address = address;
    this.#keys = new KeyRing({ current: key });
    this.#audit = audit;
    this.#gate = this.#open();
  }

  /**
   * Starts a server.
   *
   * @param address Where it is to listen; port 0 picks a free one.
   * @param options What it is told.
   */
  static async start(address: Address, options: DemoServerOptions): Promise<DemoServer> {
    const http = createHttpServer();
    const actual = await listen(http, address);
    return new DemoServer(http, actual, options);
  }

  /** The key that signs now. */
  get key(): HmacKey {
    return this.#keys.current;
  }

  /** Drains for good. @returns Resolves when nobody is left. */
  stop(): Promise<void> {
    this.#state = "stopped";
    return this.#gate.drain();
  }

  /** Everybody is told to come back later, and whoever does finds a gate that has just begun. */
  async #restart(): Promise<void> {
    if (this.#state !== "open") return;
    this.#state = "restarting";
    await this.#gate.drain();
    // It may have been told to stop meanwhile.
    if (this.#state !== "restarting") return;
    this.#state = "open";
    this.#gate = this.#open();
  }

  #open(): DemoGate {
    const { http, address } = this;
    // Those of the gate before, which answers nobody any more.
    for (const event of ["request", "upgrade"]) http.removeAllListeners(event);
    http.on("request", demoRequests({ keys: this.#keys, watches: this.#watches, address }));
    const gate = createDemoGate({
      keys: this.#keys,
      allowedOrigins: originsOf(address),
      operations: {
        kick: (subject) => this.#order(subject, { kind: "kick" }),
        setRole: (subject, role) => this.#order(subject, { kind: "role", role }),
        rotateKey: () => this.#rotateKey(),
        drain: () => void this.#restart(),
      },
      watches: this.#watches,
      audit: this.#audit,
    });
    this.#orders.giveAll(gate, Date.now());
    gate.attach(http);
    return gate;
  }

  #order(subject: string, order: Order): number {
    return this.#orders.give(this.#gate, subject, order, Date.now());
  }

  #rotateKey(): KeyRotation {
    const keyId = `demo-${++this.#rotations}`;
    const previousValidUntilMs = Date.now() + TOKENS_LIVE_MS;
    const before = this.#gate.size;
    this.#keys.rotate(hmacKey(randomBytes(32), { id: keyId }), { previousValidUntilMs });
    return { keyId, previousValidUntilMs, signedOut: before - this.#gate.size };
  }
}
