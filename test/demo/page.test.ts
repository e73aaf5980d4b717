import assert from "node:assert/strict";
import { test } from "node:test";
import { ATTACKS } from "../../src/demo/attack_shelf.ts";
import { demoTable } from "../../src/demo/table.ts";
import { filesBelow, readProjectFile } from "../support/source_tree.ts";

const html = readProjectFile("src/demo/page/index.html");

/** The rows of one direction as the page shows them: type → what stands in the cells. */
function shownRows(direction: "receive" | "send"): Record<string, string[]> {
  const body = html.split(`<tbody data-direction="${direction}">`)[1]?.split("</tbody>")[0] ?? "";
  const rows = [...body.matchAll(/<tr data-type="([^"]+)">([\s\S]*?)<\/tr>/g)];
  return Object.fromEntries(rows.map(([, type, cells = ""]) => [
    type,
    [...cells.matchAll(/<td class="(\w+)">(\w+)<\/td>/g)].map(([, name, word]) => {
      assert.equal(name, word, `${type}: told by word and by colour alike`);
      return word;
    }),
  ]));
}

for (const direction of ["receive", "send"] as const) {
  test(`the page shows the table's rows to ${direction}`, () => {
    const expected = [...demoTable[direction]].map(([type, { roles }]) => [
      type,
      demoTable.roles.map((role) => (roles.includes(role) ? "yes" : "no")),
    ]);
    assert.deepEqual(shownRows(direction), Object.fromEntries(expected));
  });
}

test("the page loads nothing from another host, and has no script or style in its markup", () => {
  for (const file of filesBelow("src/demo/page", "")) {
    const text = readProjectFile(file);
    assert.doesNotMatch(text, /(?:src|href|url|fetch|import)\s*[=(]\s*["'`]?(?:https?:)?\/\//, file);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/, file);
  }
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});

test("the page has a button for each attack of the shelf, under its title and in its order", () => {
  const shown = [...html.matchAll(/<button[^>]* data-attack="(\w+)">([^<]*)<\/button>/g)].map((
    [, name, title],
  ) => [name, title]);
  assert.deepEqual(shown, Object.entries(ATTACKS).map(([name, { title }]) => [name, title]));
});

test("each script of the page is served, and each that is loaded is there", () => {
  const scripts = filesBelow("src/demo/page", ".js");
  const served = readProjectFile("src/demo/web.ts");
  for (const file of scripts) {
    const name = file.slice("src/demo/page/".length, -".js".length);
    assert.match(served, new RegExp(`"${name}"`), file);
    for (const [, loaded] of readProjectFile(file).matchAll(/from "\.\/([a-z_]+\.js)"/g)) {
      assert.ok(scripts.includes(`src/demo/page/${loaded}`), `${file} loads ${loaded}`);
    }
  }
});
