/**
 * Command lines as a shell cuts them into words, as far as the documentation goes: blanks, and both kinds of quotes.
 *
 * @module
 */

/** Cuts a command line. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2")
  );
}
