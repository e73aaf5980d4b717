import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { ATTACKS } from "../attacks/all.ts";
import { EXERCISES, exercisesOf } from "../exercises/all.ts";
import { patchedLine } from "../exercises/judge.ts";
import { filesBelow, readProjectFile, ROOT, sourceFiles } from "../support/source_tree.ts";
import { type Chapter, CHAPTERS, EXERCISES_PER_CHAPTER, pageOf } from "./course.ts";
import { fencesOf } from "./fences.ts";
import { PAGES } from "./pages.ts";
import { readingOrder } from "./reading_order.ts";
import { shownRegions } from "./regions.ts";

/** What every chapter has, in this order. */
const HEADINGS = [
  "The version everyone writes first",
  "How it breaks",
  "The right one",
  "In one picture",
  "One attack",
  "Exercises",
  "After this you can explain",
  "The files",
];

test("every file of the library is in one chapter, in the order in which it can be read", () => {
  const all = CHAPTERS.flatMap(({ files }) => files).map((name) => `src/${name}.ts`);
  const library = sourceFiles().filter((file) => !/^src\/(?:demo|cli)\//.test(file));
  assert.deepEqual([...all].sort(), library);
  const order = readingOrder().map(({ file }) => file);
  for (const { title, files } of CHAPTERS) {
    const places = files.map((name) => order.indexOf(`src/${name}.ts`));
    assert.deepEqual(places, [...places].sort((a, b) => a - b), title);
  }
});

test("every page of the course is a chapter", () => {
  assert.deepEqual(filesBelow("docs/course", ".md"), CHAPTERS.map(pageOf));
});

for (const chapter of CHAPTERS) {
  const page = readProjectFile(pageOf(chapter));

  test(`chapter ${chapter.number} has all that a chapter has, in order`, () => {
    assert.ok(page.startsWith(`# ${chapter.number}. ${chapter.title}\n`));
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
    assert.deepEqual(headings.filter((heading) => HEADINGS.includes(heading)), HEADINGS);
    const fences = fencesOf(pageOf(chapter));
    assert.ok(fences.some(({ language, info }) => language === "ts" && info === ""), "a program");
    assert.ok(shownRegions(page).length >= 3, "three regions");
    const [, picture = ""] = page.split("## In one picture\n");
    assert.match(picture, /^\s[\s\S]*?^```text$[\s\S]*?^## One attack$/m);
    const [, explain = ""] = page.split("## After this you can explain\n");
    assert.ok((explain.split("\n## ")[0]?.match(/^- /gm) ?? []).length >= 5, "five things to explain");
  });

  test(`chapter ${chapter.number} names an attack and its exercises, and the next chapter at its end`, () => {
    const [, attack = ""] = /^npm run attack -- (\w+)$/m.exec(page) ?? [];
    assert.ok(ATTACKS.some(({ name }) => name === attack), attack);
    for (const { number } of exercisesOf(chapter.number)) {
      assert.ok(page.includes(`npm run exercise -- ${number}\n`), String(number));
    }
    const next = CHAPTERS[chapter.number];
    const last = page.trimEnd().split("\n").at(-1);
    if (next !== undefined) {
      assert.equal(last, `Next: [${next.number}. ${next.title}](${next.page}.md)`);
    }
  });
}

test("every chapter has its exercises, each of which changes one line and asks something else", () => {
  for (const { number } of CHAPTERS) assert.equal(exercisesOf(number).length, EXERCISES_PER_CHAPTER);
  for (const exercise of EXERCISES) {
    const { number, from, to, question, answer, tests } = exercise;
    assert.ok(!`${from}${to}`.includes("\n"), `${number} changes more than one line`);
    const { before, after } = patchedLine(exercise);
    assert.notEqual(before, after);
    assert.match(question, /\?/);
    assert.match(answer, /^[A-Z`"][\s\S]*[.`")]$/);
    for (const file of tests) assert.ok(existsSync(new URL(file, ROOT)), `${number}: ${file}`);
  }
  const patches = EXERCISES.map(({ file, from, to }) => `${file}\n${from}\n${to}`);
  assert.equal(new Set(patches).size, patches.length);
});

/** The path of a student who has never seen a frame. */
const FIRST = CHAPTERS.filter(({ number }) => number <= 4);

test("the first chapters link to no later one, but from their last line", () => {
  for (const chapter of FIRST) {
    const body = readProjectFile(pageOf(chapter)).trimEnd().split("\n").slice(0, -1).join("\n");
    assert.deepEqual(laterChapters(chapter, body), [], chapter.title);
  }
});

test("laterChapters() lists links forward, and no others", () => {
  const [, second] = CHAPTERS;
  assert.ok(second !== undefined);
  const text =
    "[a](01_upgrade.md) [b](02_frames.md#one-attack) [c](../course/03_messages.md#x), chapter\n4, chapters 1 and 5, chapter 2";
  assert.deepEqual(laterChapters(second, text), ["03_messages.md", "chapter\n4", "chapters 1 and 5"]);
});

function laterChapters({ number }: Chapter, text: string): string[] {
  const links = [...text.matchAll(/(\d\d)(_\w+\.md)|(chapters?\s+)(\d+)(?:\s+(?:and|to)\s+(\d+))?/gi)];
  return links.flatMap(([text, linked, , , named, last]) =>
    Math.max(...[linked, named, last].map((digits) => Number(digits ?? 0))) > number ? [text] : []
  );
}

test("every attack and every exercise that a page names is there", () => {
  for (const page of PAGES) {
    const text = readProjectFile(page);
    for (const [, name = ""] of text.matchAll(/npm run attack -- (\w+)/g)) {
      assert.ok(name === "all" || ATTACKS.some((attack) => attack.name === name), `${page}: ${name}`);
    }
    for (const [, number] of text.matchAll(/npm run exercise -- (\d+)/g)) {
      assert.ok(Number(number) >= 1 && Number(number) <= EXERCISES.length, `${page}: ${number}`);
    }
  }
});
