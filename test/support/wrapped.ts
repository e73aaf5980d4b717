/**
 * Text for people in a fixed number of columns.
 *
 * @module
 */

/** What fits beside a margin on most screens, and on most pages. */
export const PAGE_COLUMNS = 100;

/** Breaks a text into lines. @param columns How long each may be; a longer word has one for itself. */
export function wrapped(text: string, columns: number = PAGE_COLUMNS): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
