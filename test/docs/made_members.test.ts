import assert from "node:assert/strict";
import { test } from "node:test";
import { commentText } from "./comment_text.ts";
import { choicesOf, type Member, membersOf } from "./made_members.ts";

const SOURCE = `
/** Below. */
export interface Base {
  /** How far, in metres; by default 1. */
  readonly reach?: number;
  /** Below. */
  readonly name: string;
}

/** Above. */
export interface Options<
  Role extends string,
> extends Omit<Base, "nothing">, Pick<Other, "kept"> {
  /**
   * Who, and
   * where.
   */
  readonly name: "a" | "b";
  /**
   * Asks. See {@link Base.reach}.
   *
   * @param who Of them.
   * @returns Whether it may.
   * @throws {PortcullisError} \`weak_key\` for none.
   *
   * @example
   * \`\`\`ts
   * left.out();
   * \`\`\`
   */
  ask?(
    who: Role,
    signal: AbortSignal,
  ): boolean | Promise<boolean>;
  // Nobody reads this.
  /** Where. */
  readonly place: {
    readonly x: number;
    readonly y?: readonly number[];
  };
  /** @internal The number of it. */
  readonly number?: number;
  /** The other kind. */
  readonly other?: undefined;
}

/** Another. */
export interface Other {
  /** It is kept. */
  readonly kept: () => void;
  /** It is not. */
  readonly lost: string;
}

/** All. */
export type All<Role extends string> =
  & Partial<Base>
  & (Left | Right)
  & Options<Role>;

/** One or the other. */
export type Either =
  | {
    /** The one. */
    readonly one: string;
    readonly two?: undefined;
  }
  | {
    /** The other. */
    readonly two: string;
    readonly one?: never;
  };

/** Left. */
export type Left = Pick<Other, "kept">;
/** Right. */
export type Right = Other;

/** A class. */
export class Thing<Role extends string> implements Base {
  /** Its name. */
  readonly name = "Thing";
  readonly #secret: { readonly of: string } = { of: "{" };
  /** What is kept. */
  readonly kept = new Map<string, () => void>();
  readonly reach: number;

  /** Made by somebody. */
  constructor() {}

  /** How many. */
  get size(): number {
    return this.#count("}");
  }

  /** Sends. @returns Whether it was sent. */
  send<Of>(to: Of, data: { readonly text: string }): boolean {
    if (to === data) {
      return false;
    }
    return true;
  }

  #count(of: string): number {
    return of.length;
  }
}

/** Of the runtime's. */
export class Failure extends Error {
  /** Its name. */
  override readonly name = "Failure";
}

/** What it can be. */
export type Choice =
  /** The first. */
  | "first"
  /** The second, with \`why\`. */
  | { readonly kind: "second"; readonly why: string };

/** Without words. */
export type Silent =
  /** The first. */
  | "first"
  | "second";

/** Without words. */
export interface Mute {
  readonly word: string;
}

/** Above nothing. */
export interface Orphan extends Nothing {
  /** A word. */
  readonly word: string;
}
`;

function members(name: string): Member[] {
  return membersOf(name, () => SOURCE);
}

function named(name: string, member: string): Member | undefined {
  return members(name).find(({ name }) => name === member);
}

function names(name: string): string[] {
  return members(name).map(({ name, optional, isMethod }) =>
    `${name}${optional ? "?" : ""}${isMethod ? "()" : ""}`
  );
}

test("membersOf() lists the members of an interface, its own before what it inherits", () => {
  assert.deepEqual(names("Options"), ["name", "ask?()", "place", "reach?", "kept"]);
  assert.equal(named("Options", "reach")?.owner, "Base");
  assert.equal(named("Options", "reach")?.text, "How far, in metres; by default 1.");
  assert.equal(named("Options", "name")?.text, "Who, and where.");
});

test("membersOf() tells types in one line: of a method with its parameters, of an object with what is in it", () => {
  assert.equal(named("Options", "ask")?.type, "(who: Role, signal: AbortSignal): boolean | Promise<boolean>");
  assert.equal(named("Options", "place")?.type, "{ x: number; y?: number[]; }");
  assert.equal(named("Options", "name")?.type, '"a" | "b"');
  assert.equal(named("Options", "kept")?.type, "() => void");
});

test("membersOf() leaves out what is internal, private, or can only be undefined", () => {
  assert.equal(named("Options", "number"), undefined);
  assert.equal(named("Options", "other"), undefined);
  assert.deepEqual(names("Thing"), ["name", "kept", "reach", "constructor()", "size", "send()"]);
});

test("membersOf() reads a class, whose members may have the comment of what it implements", () => {
  assert.equal(named("Thing", "reach")?.text, "How far, in metres; by default 1.");
  assert.equal(named("Thing", "name")?.type, '"Thing"');
  assert.equal(named("Failure", "name")?.type, '"Failure"');
  assert.equal(named("Thing", "size")?.type, "number");
  assert.equal(named("Thing", "send")?.type, "<Of>(to: Of, data: { text: string }): boolean");
  assert.equal(named("Thing", "send")?.text, "Sends. Returns whether it was sent.");
});

test("membersOf() takes types apart that are made of others", () => {
  assert.deepEqual(names("All"), ["reach?", "name?", "kept", "lost", "ask?()", "place"]);
  assert.deepEqual(names("Either"), ["one", "two"]);
  assert.deepEqual(names("Left"), ["kept"]);
  assert.deepEqual(names("Right"), ["kept", "lost"]);
});

test("membersOf() throws for what is not declared, and for a member without a comment", () => {
  assert.throws(() => members("Nobody"), /no interface, class or type Nobody/);
  assert.throws(() => members("Orphan"), /no interface, class or type Nothing/);
  assert.throws(() => members("Mute"), /Mute\.word has no comment/);
});

test("choicesOf() lists the choices of a type, and throws for one without a comment", () => {
  assert.deepEqual(choicesOf("Choice", () => SOURCE), [
    { choice: '"first"', text: "The first." },
    { choice: '{ kind: "second"; why: string }', text: "The second, with `why`." },
  ]);
  assert.throws(() => choicesOf("Silent", () => SOURCE), /Silent has no comment/);
  assert.throws(() => choicesOf("Left", () => SOURCE), /Left has no comment/);
});

test("commentText() makes sentences of tags, and leaves out examples", () => {
  assert.equal(
    named("Options", "ask")?.text,
    "Asks. See `Base.reach`. `who`: Of them. Returns whether it may. Throws `weak_key` for none.",
  );
  assert.equal(
    commentText(" Waits. @throws {PortcullisError} By rejecting: `aborted`. "),
    "Waits. Rejects with `aborted`.",
  );
  assert.equal(commentText(" Waits. @see {@link Base.reach} "), "Waits. See `Base.reach`.");
  assert.equal(commentText(" @internal Waits. "), undefined);
});
