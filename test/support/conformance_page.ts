/**
 * The tables of docs/conformance.md, one for each chapter of RFC 6455 and one for RFC 7692.
 *
 * @module
 */

import { conformanceRows, type Row } from "./conformance_rows.ts";
import { markdownTable } from "./markdown_table.ts";

/** The chapters, by how the sections in them begin; what is in no other RFC 6455 chapter is of HTTP. */
const CHAPTERS: readonly (readonly [title: string, sections: RegExp])[] = [
  ["RFC 6455 §3: WebSocket URIs", /^§3$/],
  ["RFC 6455 §4: opening handshake", /^§4\./],
  ["RFC 6455 §5: data framing", /^§5\./],
  ["RFC 6455 §6: sending and receiving data", /^§6\./],
  ["RFC 6455 §7: closing the connection", /^§7\./],
  ["RFC 6455 §8: error handling", /^§8\./],
  ["RFC 6455 §9: extensions", /^§9/],
  ["RFC 6455 §10: security considerations", /^§10\./],
  ["RFC 6455 §11: URI schemes and header fields", /^§11\./],
  ["RFC 7692: permessage-deflate", /^RFC 7692 /],
  ["Other RFCs", /^RFC (?!7692)/],
];

/** The tables, and how many rows there are of each reading. */
export function conformanceTables(): string {
  const rows = conformanceRows();
  const parts = CHAPTERS.map(([title, sections]) => {
    const of = rows.filter(({ section }) => sections.test(section)).sort(bySection);
    return `### ${title}\n\n${markdownTable(HEAD, of.map(cellsOf))}`;
  });
  return `${summaryOf(rows)}\n\n${parts.join("\n")}`;
}

/** Rows that fall into no chapter, which there must not be. */
export function rowsWithoutChapter(): Row[] {
  return conformanceRows().filter(({ section }) => !CHAPTERS.some(([, sections]) => sections.test(section)));
}

function summaryOf(rows: readonly Row[]): string {
  const counts = new Map<string, number>();
  for (const { reading = "as written" } of rows) counts.set(reading, (counts.get(reading) ?? 0) + 1);
  const parts = [...counts].map(([reading, count]) => `${count} ${reading}`);
  return `${rows.length} sentences: ${parts.join(", ")}.`;
}

function bySection(a: Row, b: Row): number {
  const [left, right] = [a, b].map(({ section }) => (section.match(/\d+/g) ?? []).map(Number)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const HEAD = ["clause", "sentence", "binds", "a breach by the peer", "kept in", "proven by", "reading"];

function cellsOf(row: Row): string[] {
  const name = row.name.includes(".") ? row.name.slice(row.name.indexOf(".") + 1) : row.name;
  const reading = row.reading ?? "as written";
  return [
    `\`${name}\`<br>${row.section}`,
    row.sentence,
    row.binds,
    row.breach,
    row.keptIn.map(sourceLink).join("<br>"),
    proofsOf(row).join("<br>"),
    row.note === undefined ? reading : `${reading}: ${row.note}`,
  ];
}

function sourceLink(place: string): string {
  const [file, symbol] = [place.slice(0, place.indexOf("#")), place.slice(place.indexOf("#") + 1)];
  return `[${file.replace("src/", "")}](../${file}) \`${symbol}\``;
}

function proofsOf({ breaks, near, shows, tests }: Row): string[] {
  return [
    ...vectorLinks("broken by", breaks),
    ...vectorLinks("not by", near),
    ...vectorLinks("shown by", shows),
    ...tests.map(testLink),
  ];
}

function vectorLinks(how: string, numbers: ReadonlyMap<string, number>): string[] {
  if (numbers.size === 0) return [];
  return [
    `${how} ${
      [...numbers].map(([name, number]) => `${number} in [${name}](../test/vectors/${name}.json)`).join(", ")
    }`,
  ];
}

function testLink(proof: string): string {
  const at = proof.indexOf(": ");
  const file = proof.slice(0, at);
  const words = proof.slice(at + 2).replaceAll(/\$\{(?:\w+\.)?(\w+)\}/g, "($1)");
  return `[${file.slice(file.lastIndexOf("/") + 1, -".test.ts".length)}](../${file}): ${words}`;
}
