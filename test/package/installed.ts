/**
 * The package on its way to a user: packed, and installed into an empty folder.
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "./checks.ts";
import { ROOT, run } from "./programs.ts";

/** What of a package's description matters here. */
export interface Manifest {
  readonly types?: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/**
 * Packs the package, which builds it first.
 *
 * @param folder Where the tarball goes.
 * @returns The tarball.
 */
export async function pack(folder: string): Promise<string> {
  await run("npm", ["pack", "--pack-destination", folder], ROOT);
  const names = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  expect(names.length === 1, `npm pack left ${names.length} tarballs`);
  return join(folder, names.join());
}

/**
 * Makes an empty package, and installs the tarball into it. Without a network: nothing else is to be fetched.
 *
 * @param tarball The package.
 * @param folder What to make.
 */
export async function install(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder);
  write(folder, "package.json", '{ "private": true, "type": "module" }\n');
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], folder);
  const packages = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  expect(packages.join() === "portcullis", `it brought others along: ${packages.join(", ")}`);
}

/** @param folder Into which the package was installed. @returns Where it is. */
export function packageIn(folder: string): string {
  return join(folder, "node_modules/portcullis");
}

/** @param folder Into which the package was installed. @returns Its description. */
export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(packageIn(folder), "package.json"), "utf8")) as Manifest;
}

/**
 * Reads a program of a user. They are texts to this repository: its compiler would look for a package
 * `portcullis`, and Node's test runner would run them.
 *
 * @param name Its name, without `.txt`.
 */
export function template(name: string): string {
  return readFileSync(new URL(`consumer/${name}.txt`, import.meta.url), "utf8");
}

/**
 * Writes a file.
 *
 * @param folder The package of a user.
 * @param name The file.
 * @param content A text, or what becomes JSON.
 */
export function write(folder: string, name: string, content: string | object): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}
