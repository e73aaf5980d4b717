/**
 * Regions of real files, shown in pages: between two markers in the file, and in a fence that names it,
 * "ts src/protocol/mask.ts#rotate_key".
 *
 * @module
 */

import { readProjectFile } from "../support/source_tree.ts";

/** A fence that shows a region. The formatter must leave it as it is: it knows nothing of the lines around. */
const FENCE = /^(?:<!-- deno-fmt-ignore -->\n)?```ts ((?:src|test)\/\S+\.ts)#(\w+)\n[\s\S]*?^```$/gm;
const BEGIN = /^ *\/\/ #region (\w+)$/;
const END = /^ *\/\/ #endregion$/;

/** The region that a fence shows. */
export interface ShownRegion {
  readonly file: string;
  readonly name: string;
  /** Where the fence begins in the page. */
  readonly index: number;
}

/** Lists the regions that a page shows. */
export function shownRegions(page: string): ShownRegion[] {
  return [...page.matchAll(FENCE)].map(({ index, 1: file = "", 2: name = "" }) => ({ file, name, index }));
}

/**
 * Reads the regions of a source file, which may lie within each other.
 *
 * @returns The lines of each by its name, without the markers, and moved to the left margin.
 * @throws {Error} For a marker without its other half, and a name that is there twice.
 */
export function regionsIn(source: string): Map<string, string> {
  const open: { readonly name: string; readonly lines: string[] }[] = [];
  const regions = new Map<string, string>();
  for (const line of source.split("\n")) {
    const name = BEGIN.exec(line)?.[1];
    if (name !== undefined) open.push({ name, lines: [] });
    else if (END.test(line)) {
      const region = open.pop();
      if (region === undefined) throw new Error("A region ends that has not begun.");
      if (regions.has(region.name)) throw new Error(`There are two regions ${region.name}.`);
      regions.set(region.name, atMargin(region.lines));
    } else for (const { lines } of open) lines.push(line);
  }
  if (open.length > 0) throw new Error(`The region ${open.map((one) => one.name).join()} does not end.`);
  return regions;
}

/** The page with each region as it is now. @throws {Error} For a region that there is not. */
export function withRegions(page: string, read: (file: string) => string = readProjectFile): string {
  return page.replaceAll(FENCE, (_fence, file: string, name: string) => {
    const lines = regionsIn(read(file)).get(name);
    if (lines === undefined) throw new Error(`${file} has no region ${name}.`);
    return `<!-- deno-fmt-ignore -->\n\`\`\`ts ${file}#${name}\n${lines}\`\`\``;
  });
}

function atMargin(lines: readonly string[]): string {
  const written = lines.filter((line) => line.trim() !== "");
  const margin = Math.min(...written.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => `${line.slice(margin)}\n`).join("");
}
