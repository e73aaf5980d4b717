/**
 * The log of a panel: what happened, newest last, and never more than can be read.
 */

import { appendFollowing, element, showEmpty } from "./elements.js";

const MAX_ENTRIES = 200;

/** More than that in one frame of the screen nobody can read, and drawing them would freeze the page. */
const MAX_ENTRIES_AT_ONCE = 20;

const MAX_TEXT_LENGTH = 4_000;

/** Long enough for a burst to come together, and too short to be seen. */
const DRAW_AFTER_MS = 30;

export class Log {
  #box;
  #waiting = [];
  #leftOut = 0;

  constructor(box) {
    this.#box = box;
    this.clear();
  }

  clear() {
    this.#waiting = [];
    this.#leftOut = 0;
    showEmpty(this.#box, "Nothing has happened yet.");
  }

  /**
   * Adds an entry: what `kind` of event in one word ("sent", "denied"), a `title`, and perhaps `notes` of a sentence each and
   * the `json` as it was on the wire. All of it is set as text, so none of it can become part of the page. Returns the entry.
   */
  add(kind, title, { notes = [], json = "" } = {}) {
    const entry = { kind, title, notes, json, element: undefined };
    // At a moment, not for each entry; and by a timer, as a page in the background draws nothing.
    if (this.#waiting.length === 0) setTimeout(() => this.#draw(), DRAW_AFTER_MS);
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_ENTRIES_AT_ONCE) {
      this.#waiting.shift();
      this.#leftOut++;
    }
    return entry;
  }

  /** Adds to an entry what has become known of it since. */
  addNote(entry, note) {
    entry.notes = [...entry.notes, note];
    if (entry.element !== undefined) insertNote(entry.element, note);
  }

  #draw() {
    const entries = this.#waiting.map(entryOf);
    if (this.#leftOut > 0) {
      const notes = ["They came faster than they could be read."];
      entries.unshift(
        entryOf({ kind: "note", title: `${this.#leftOut} entries were left out`, notes, json: "" }),
      );
    }
    this.#waiting = [];
    this.#leftOut = 0;
    if (entries.length > 0) appendFollowing(this.#box, entries, MAX_ENTRIES);
  }
}

function entryOf(entry) {
  const { kind, title, notes, json } = entry;
  const shown = element("article", `entry ${kind}`);
  shown.append(heading(kind, title));
  if (json !== "") shown.append(wire(json));
  for (const note of notes) insertNote(shown, note);
  entry.element = shown;
  return shown;
}

function insertNote(shown, note) {
  shown.insertBefore(element("p", "note", note), shown.querySelector(".json"));
}

function heading(kind, title) {
  const now = new Date();
  const time = element("time", "", now.toTimeString().slice(0, 8));
  time.dateTime = now.toISOString();
  const line = element("p", "head");
  line.append(element("b", "kind", kind), " ", element("span", "title", title), " ", time);
  return line;
}

/** The text as it was on the wire, which may break between the fields of its JSON. */
function wire(json) {
  const code = element("code", "json");
  for (const field of shorten(json).split(/(?<=,)(?=")/)) code.append(field, element("wbr"));
  return code;
}

function shorten(json) {
  if (json.length <= MAX_TEXT_LENGTH) return json;
  return `${json.slice(0, MAX_TEXT_LENGTH)} … and ${json.length - MAX_TEXT_LENGTH} more characters`;
}
