/**
 * A list of what is there at the moment, whose members know their place in it.
 *
 * The usual way is a `Set`. But where members come and go by the thousand, V8 makes its table anew again and again. A table that was left
 * behind, if it is old, counts as alive until the next collection of the whole heap, and so does all that it names: each connection that
 * had gone was copied twice by the young collector, and what hung on it, too. Here a member knows its index, and when one goes, the last
 * takes its place: nothing is left behind.
 *
 * @module
 */

/** Something that can be on a roster, on one at a time. */
export interface Listed {
  /** Its place on the roster, which alone changes it; {@link NOT_LISTED} when it is on none. */
  rosterIndex: number;
}

/** The place of what is on no roster. */
export const NOT_LISTED = -1;

/** Members in no particular order; adding and removing take the same time for any number. */
export class Roster<Member extends Listed> {
  readonly #members: Member[] = [];

  /** How many there are. */
  get size(): number {
    return this.#members.length;
  }

  /** Adds a member. @param member On no roster, or on this one already. */
  add(member: Member): void {
    if (member.rosterIndex === NOT_LISTED) member.rosterIndex = this.#members.push(member) - 1;
  }

  /** Removes a member. @param member On this roster, or on none. */
  delete(member: Member): void {
    const index = member.rosterIndex;
    if (index === NOT_LISTED) return;
    member.rosterIndex = NOT_LISTED;
    const last = this.#members.pop();
    // The list was not empty, as the member was on it.
    if (last === undefined || last === member) return;
    this.#members[index] = last;
    last.rosterIndex = index;
  }

  /** Lists the members there are now: whoever goes through them may add and remove. */
  list(): Member[] {
    return [...this.#members];
  }
}
