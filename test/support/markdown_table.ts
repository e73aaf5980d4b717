/**
 * Tables of pages.
 *
 * @module
 */

/**
 * Writes a table, which a formatter may align.
 *
 * @param head Its first row.
 * @param rows The others, as long as that; a bar in a cell is escaped, unless it is already.
 * @returns Lines of Markdown that end with a line feed.
 */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(lineOf).join("");
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, "\\|")).join(" | ")} |\n`;
}
