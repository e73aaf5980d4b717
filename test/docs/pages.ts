/**
 * All pages, and what of them is prose.
 *
 * @module
 */

import { filesBelow } from "../support/source_tree.ts";

/** The pages in `docs`. */
export const DOCS: readonly string[] = filesBelow("docs", ".md");

/** All pages. */
export const PAGES: readonly string[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "test/vectors/README.md",
  ...DOCS,
];

/** The fences of a page. */
const FENCES = /^```[\s\S]*?^```$/gm;

/** A page without its code. */
export function withoutFences(page: string): string {
  return page.replaceAll(FENCES, "");
}

/** A page without what a formatter may change: where its lines break outside of fences, and how wide the columns of its tables are. */
export function unformatted(page: string): string {
  const fences = page.match(FENCES) ?? [];
  return page.split(FENCES).map((text, index) => {
    const table = text.replaceAll(/^\|[ |-]+\|$/gm, "|---|").replaceAll(/ *\\?\| */g, "|");
    return table.replaceAll(/\s+/g, " ") + (fences[index] ?? "");
  }).join("\n");
}

/** The prose of a page: without what is made, headings, code, names of files, where links lead, and the link to the next chapter. */
export function proseOf(page: string): string {
  return withoutFences(page.replaceAll(/^<!-- made: [\s\S]*?^<!-- \/made -->$/gm, ""))
    .replaceAll(/<!--[\s\S]*?-->/g, "")
    .replaceAll(/^(?:#|Next: ).*$/gm, "")
    .replaceAll(/`[^`]*`|\[[\w/.]+\.\w+\]\([^)]*\)/g, "")
    .replaceAll(/\]\([^)]*\)/g, "]");
}
