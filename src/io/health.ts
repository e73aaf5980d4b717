/**
 * What orchestrators and collectors ask: is the process alive, may clients be sent here, what are the figures.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PortcullisError } from "../base/errors.ts";
import { OPEN_METRICS_TYPE } from "../base/open_metrics.ts";
import { parseTarget } from "../protocol/handshake.ts";

/** Where the questions are asked. None is answered unless its path is given. */
export interface HealthPaths {
  /** Answered with 200 for as long as the process runs; by custom `/livez`. */
  readonly livePath?: string;
  /** Answered with 200, also while the server is full, and with 503 from the first moment of a drain, or of `close()`, on; by custom `/readyz`. */
  readonly readyPath?: string;
  /**
   * Answered with the figures, in the text format of OpenMetrics; by custom `/metrics`. They name no user, but tell much about a server: let
   * no stranger reach this path, or give `gate.metrics()` to a server of your own.
   */
  readonly metricsPath?: string;
}

/** What is answered. */
export interface HealthReadings {
  /** Whether the gate is neither draining nor closed. */
  readonly isReady: () => boolean;
  /** The figures. */
  readonly metrics: () => string;
}

interface HealthAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PLAIN = "text/plain; charset=utf-8";

/** Answers them. */
export class Health {
  readonly #answers = new Map<string, () => HealthAnswer>();

  /**
   * @param paths Where.
   * @param readings What.
   * @param taken The paths that something else answers.
   * @throws {PortcullisError} `invalid_argument` for a path that no request can have, or that is taken.
   */
  constructor(paths: HealthPaths, readings: HealthReadings, taken: readonly (string | undefined)[]) {
    const add = (name: keyof HealthPaths, answer: () => HealthAnswer) => {
      const path = paths[name];
      if (path === undefined) return;
      if (parseTarget(path)?.path !== path) refuse(name, `"${path}" does not begin with /, or has a query`);
      if (this.#answers.has(path) || taken.includes(path)) {
        refuse(name, `"${path}" is the path of something else already`);
      }
      this.#answers.set(path, answer);
    };
    add("livePath", () => ({ status: 200, type: PLAIN, body: "ok\n" }));
    add(
      "readyPath",
      () =>
        readings.isReady()
          ? { status: 200, type: PLAIN, body: "ok\n" }
          : { status: 503, type: PLAIN, body: "not ready\n" },
    );
    add("metricsPath", () => ({ status: 200, type: OPEN_METRICS_TYPE, body: readings.metrics() }));
  }

  /** Whether there is any path to answer. */
  get any(): boolean {
    return this.#answers.size > 0;
  }

  /** Answers a request. @returns Whether it is for one of the paths. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = this.any ? parseTarget(request.url ?? "")?.path : undefined;
    const answer = path === undefined ? undefined : this.#answers.get(path);
    if (answer === undefined) return false;
    request.on("error", () => response.destroy());
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return true;
    }
    const { status, type, body } = answer();
    response.writeHead(status, {
      "Content-Type": type,
      // In bytes: the types in a table, which are labels, are whatever its author likes.
      "Content-Length": String(Buffer.byteLength(body)),
      "Cache-Control": "no-store",
    });
    response.end(request.method === "HEAD" ? undefined : body);
    return true;
  }
}

function refuse(name: string, what: string): never {
  throw new PortcullisError("invalid_argument", `${name} cannot be answered: ${what}.`);
}
