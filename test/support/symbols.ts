/**
 * The places that pages and tables name: `src/path/file.ts#symbol`.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { readProjectFile, ROOT } from "./source_tree.ts";

const DECLARATION = "(?:export )?(?:async )?(?:function|const|let|class|interface|type)";
const MODIFIERS = "(?:(?:static|async|get|set|readonly|override|declare) )*";

/** Tells whether a place is there: a file, a declaration at its top, or `Class.member`. */
export function symbolExists(place: string): boolean {
  // A member may be private: `file.ts#Class.#member`.
  const [, file = "", symbol] = /^([^#]+)(?:#(.+))?$/.exec(place) ?? [];
  if (!existsSync(new URL(file, ROOT))) return false;
  if (symbol === undefined) return true;
  const code = readProjectFile(file);
  const [owner = "", member] = symbol.split(".");
  const beginning = new RegExp(`^${DECLARATION} ${owner}\\b`, "m").exec(code);
  if (beginning === null || member === undefined) return beginning !== null;
  // What belongs to it stands up to the brace that closes it, at the left margin.
  const [body = ""] = /[\s\S]*?^}/m.exec(code.slice(beginning.index)) ?? [];
  return new RegExp(`^ {2}${MODIFIERS}${member}[(<?:;= ]`, "m").test(body);
}
