/**
 * Copies of the project, in which the sources are broken in one place at a time.
 *
 * @module
 */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A change of one place of one file. */
export interface Patch {
  /** Its path in `src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  /** What becomes of it. */
  readonly to: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Makes a copy; what is installed is only linked. @returns Its folder. */
export function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const name of ["src", "test", "package.json"]) {
    const installed = (path: string) => path.includes("node_modules");
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (path) => !installed(path.slice(ROOT.length)),
    });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Takes a copy away. */
export function removeCopy(copy: string): void {
  rmSync(copy, { recursive: true });
}

/** Breaks one place of a copy for as long as something looks at it. @throws {Error} When that place does not occur exactly once. */
export async function whileBroken<Value>(
  copy: string,
  { file, from, to }: Patch,
  look: () => Promise<Value>,
): Promise<Value> {
  const path = join(copy, "src", file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(from).length !== 2) throw new Error(`"${from}" must occur once in ${file}.`);
  writeFileSync(path, whole.replace(from, () => to));
  try {
    return await look();
  } finally {
    writeFileSync(path, whole);
  }
}
