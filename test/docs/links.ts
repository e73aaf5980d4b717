/**
 * Where the links of a page lead, and which places of the sources it names.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { readProjectFile, ROOT } from "../support/source_tree.ts";
import { symbolExists } from "../support/symbols.ts";
import { withoutFences } from "./pages.ts";

/** A link to elsewhere in the project, or in the page. */
const LINK = /\]\((?!https?:)([^)\s]+)\)/g;
/** A place in the sources, as inline code. */
const PLACE = /`((?:src|test)\/[\w./-]+\.ts(?:#[\w.#]+)?)`/g;

/** Lists the links of a page that lead nowhere. @param name The page, from the project's root. @param text What it says. */
export function deadLinks(name: string, text: string): string[] {
  return [...withoutFences(text).matchAll(LINK)].map(([, target = ""]) => target).filter((target) => {
    const [file = "", anchor] = target.split("#");
    const url = file === "" ? new URL(name, ROOT) : new URL(file, new URL(name, ROOT));
    if (!existsSync(url)) return true;
    if (anchor === undefined || !url.pathname.endsWith(".md")) return anchor !== undefined;
    const page = file === "" ? text : readProjectFile(url.href.slice(ROOT.href.length));
    return !anchorsOf(page).includes(anchor);
  });
}

/** Lists the places of the sources that a page names and that are not there. */
export function lostPlaces(text: string): string[] {
  return [...withoutFences(text).matchAll(PLACE)].map(([, place = ""]) => place).filter((place) =>
    !symbolExists(place)
  );
}

/** The anchors of a page's headings, as the usual readers of Markdown make them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutFences(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
    const text = heading.replaceAll(/\]\([^)]*\)/g, "]").toLowerCase();
    const anchor = text.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
