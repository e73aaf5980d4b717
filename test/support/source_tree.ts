/**
 * The project's own files, read as text.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";

/** The project's folder. */
export const ROOT = new URL("../../", import.meta.url);

/** Which layers each layer may import, besides itself. */
export const LAYERS = {
  base: [],
  protocol: ["base"],
  auth: ["base"],
  session: ["protocol", "auth", "base"],
  client: ["session", "protocol", "auth", "base"],
  io: ["client", "session", "protocol", "auth", "base"],
  mod: ["io", "client", "session", "protocol", "auth", "base"],
  demo: ["mod", "io", "client", "session", "protocol", "auth", "base"],
  cli: ["demo", "mod", "io", "client", "session", "protocol", "auth", "base"],
} as const satisfies Record<string, readonly string[]>;

/** The name of a layer: a folder of `src`, or `mod` for the public face. */
export type Layer = keyof typeof LAYERS;

/** Lists files below a folder of the project, by their paths from its root, sorted. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(ending) && !name.includes("node_modules"))
    .sort();
}

/** Lists the TypeScript sources. */
export function sourceFiles(): string[] {
  return filesBelow("src", ".ts");
}

/** Reads a file of the project. */
export function readProjectFile(name: string): string {
  return readFileSync(new URL(name, ROOT), "utf8");
}

/** Lists what a source file imports or re-exports, types included; comments do not count. */
export function importsOf(file: string): string[] {
  const code = readProjectFile(file).replace(/\/\*[\s\S]*?\*\//g, "");
  const statements = code.matchAll(/^(?:import|export)\b[^;"'=]*?\bfrom\s*"([^"]+)";/gm);
  const others = code.matchAll(/\bimport\s*\(?\s*"([^"]+)"/g);
  return [...statements, ...others].map((match) => match[1] as string);
}

/** Resolves an import of a source file to a path from the project's root. */
export function resolveImport(file: string, specifier: string): string {
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

/** Tells the layer of a source file. */
export function layerOf(file: string): Layer {
  const [, layer] = file.split("/");
  return (layer === "mod.ts" ? "mod" : layer) as Layer;
}
