/**
 * The code in the documentation, made runnable.
 *
 * @module
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readProjectFile, ROOT } from "../support/source_tree.ts";

/** A fenced block of a page, or of the comments of a source file. */
export interface Fence {
  /** Where it stands: `README.md:12`. */
  readonly place: string;
  readonly language: string;
  /** What stands behind the language: the region of a file that is shown. */
  readonly info: string;
  readonly code: string;
}

/** Lists the fenced blocks of a file. In a source file, those inside doc comments. */
export function fencesOf(file: string): Fence[] {
  const text = readProjectFile(file).replace(/^ \* ?/gm, file.endsWith(".ts") ? "" : "$&");
  return [...text.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split("\n").length}`,
    language: match[1] as string,
    info: match[2] as string,
    code: match[3] as string,
  }));
}

/** What a program imports, be it for its types alone. */
const IMPORT = /^(?:import|export)\b[^;"]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** Whether a program imports packages that the library has not: test/how_to runs those, which has them. */
export function importsOthers({ code }: Pick<Fence, "code">): boolean {
  return [...code.matchAll(IMPORT)].some(([, from, bare, dynamic]) =>
    !/^(?:node:.+|portcullis|portcullis\/client)$/.test(from ?? bare ?? dynamic ?? "")
  );
}

/**
 * Writes programs to a folder of their own, each as a file that imports the library from its sources.
 *
 * @param fences The programs.
 * @param parent Where that folder is made: one from which all packages can be found that they import.
 */
export function writePrograms(
  fences: readonly Fence[],
  parent: string = tmpdir(),
): { folder: string; files: readonly string[] } {
  const folder = mkdtempSync(join(parent, "fences-"));
  // As a user's package would say; otherwise `await` outside a function depends on the runtime's guess.
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const sources = {
    "portcullis": "src/mod.ts",
    "portcullis/client": "src/client/mod.ts",
    "jsr:@portcullis/portcullis": "src/mod.ts",
  };
  const files = fences.map((fence, index) => {
    const file = join(folder, `${index}_${fence.place.replaceAll(/\W+/g, "_")}.ts`);
    const code = Object.entries(sources).reduce(
      (text, [name, source]) =>
        text.replaceAll(JSON.stringify(name), JSON.stringify(fileURLToPath(new URL(source, ROOT)))),
      fence.code,
    );
    writeFileSync(file, code);
    return file;
  });
  return { folder, files };
}

/** The URL with which a written program can be imported. */
export function programUrl(file: string): string {
  return pathToFileURL(file).href;
}
