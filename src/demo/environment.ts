/**
 * The settings that the demo programs take from the environment.
 *
 * @module
 */

import process from "node:process";
import { PortcullisError } from "../base/errors.ts";
import { type HmacKey, hmacKey } from "../auth/key.ts";

/** Whom the tokens of the demo programs are for: their claim `aud`. */
export const DEMO_AUDIENCE = "portcullis";

/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/**
 * Reads `HOST` and `PORT`.
 *
 * @param defaultPort Used when `PORT` is not set.
 * @returns Where to listen; only this machine can reach the default host.
 * @throws {PortcullisError} `invalid_argument` when `PORT` is no port.
 */
export function readAddress(defaultPort: number): Address {
  const { HOST: host = "127.0.0.1", PORT: port = String(defaultPort) } = process.env;
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new PortcullisError("invalid_argument", `PORT is "${port}"; it must be a number from 0 to 65535.`);
  }
  return { host, port: Number(port) };
}

/**
 * Reads `PORTCULLIS_SECRET`.
 *
 * @returns The key, or `undefined` when the variable is not set.
 * @throws {PortcullisError} `weak_key` when it has less than 32 bytes of UTF-8.
 */
export function readKey(): HmacKey | undefined {
  const { PORTCULLIS_SECRET: secret } = process.env;
  return secret === undefined ? undefined : hmacKey(secret);
}

/**
 * Writes a URL of a server that listens.
 *
 * @param scheme `http` or `ws`.
 * @param address Where.
 */
export function urlOf(scheme: "http" | "ws", { host, port }: Address): string {
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/**
 * Runs a program: a fault of its settings is one line and exit code 2, not a stack.
 *
 * @param program What to run.
 */
export async function run(program: () => Promise<void>): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof PortcullisError) && !isSystemError(error)) throw error;
    console.error(error.message);
    // Not just the exit code: the server may listen already, and would go on.
    process.exit(2);
  }
}

/** As EADDRINUSE, when the port is taken. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && "syscall" in error;
}
