/**
 * What an interface, a class or a type of the sources says of its members, read from their comments: the tables of docs/reference.md.
 *
 * It reads sources as the formatter leaves them, and only as much of TypeScript as they have.
 *
 * @module
 */

import { commentText } from "./comment_text.ts";

/** One member. */
export interface Member {
  /** What declares it. */
  readonly owner: string;
  /** Its name; `constructor` for that of a class. */
  readonly name: string;
  /** Whether it may be left out. */
  readonly optional: boolean;
  /** Whether it is called. */
  readonly isMethod: boolean;
  /** Its type; of a method, its parameters and what it returns. */
  readonly type: string;
  /** What its comment says, in one line. */
  readonly text: string;
}

/** Finds the source that declares a name. */
export type Lookup = (name: string) => string;

const MEMBER = /^((?:(?:readonly|override|static|get|set|async) )*)(#?\w+|"[^"]+")(\?)?([\s\S]*)$/;

/**
 * Lists the members of an interface with what it inherits, of a class, or of a type that is made of interfaces. Left out are those that
 * are private, `@internal`, or can only be `undefined`.
 *
 * @param name Which.
 * @param lookup Where its declaration, and those of what it inherits, are found.
 * @throws {Error} When it is not declared, or a member has no comment, and none where it is inherited from.
 */
export function membersOf(name: string, lookup: Lookup): Member[] {
  const { kind, heritage, body } = declarationOf(name, lookup);
  if (kind === "type") return membersOfType(body, name, lookup);
  const inherited = () => heritage.flatMap((type) => membersOfType(type, name, lookup));
  const own = ownMembers(name, body, kind === "class", inherited);
  return kind === "class" ? own : unique([...own, ...inherited()]);
}

/** Lists the choices of a union type, each with what the comment above it says. @throws {Error} When one has no comment. */
export function choicesOf(
  name: string,
  lookup: Lookup,
): { readonly choice: string; readonly text: string }[] {
  const { body } = declarationOf(name, lookup);
  const choices = [...body.matchAll(/\/\*\*([\s\S]*?)\*\/\s*\|([\s\S]*?)(?=\/\*\*|$)/g)];
  const count = splitTop(body.replaceAll(/\/\*\*[\s\S]*?\*\//g, ""), "|").length;
  if (choices.length === 0 || choices.length !== count) {
    throw new Error(`A choice of ${name} has no comment.`);
  }
  return choices.map(([, comment = "", choice = ""]) => ({
    choice: shown(choice),
    text: commentText(comment) ?? "",
  }));
}

/** What is declared under a name. */
export interface Declaration {
  /** As what. */
  readonly kind: "interface" | "class" | "type";
  /** What it extends or implements, as types. */
  readonly heritage: readonly string[];
  /** What stands between the braces, or behind the `=` of a type. */
  readonly body: string;
}

/** Finds a declaration. @throws {Error} When there is none. */
export function declarationOf(name: string, lookup: Lookup): Declaration {
  const source = lookup(name);
  const start = new RegExp(`^export (interface|class|type) ${name}\\b`, "m").exec(source);
  if (start === null) throw new Error(`There is no interface, class or type ${name}.`);
  const rest = source.slice(start.index + start[0].length);
  const head = rest.startsWith("<") ? rest.slice(endOfBracket(rest, 0)) : rest;
  if (start[1] === "type") {
    // Up to the first semicolon that is not of something within.
    const [type = ""] = /^[\s\S]*?^(?: {2})?\S.*;$/m.exec(head.trimStart()) ?? [];
    return { kind: "type", heritage: [], body: type.slice(1, -1).trim() };
  }
  const brace = head.indexOf("{");
  const heritage = head.slice(0, brace).split(/ (?:extends|implements) /).slice(1)
    .flatMap((types) => splitTop(types, ","));
  const kind = start[1] === "class" ? "class" : "interface";
  return { kind, heritage, body: head.slice(brace + 1, head.indexOf("\n}", brace) + 1) };
}

/** The members of a type that is written out: names, `&`, `|`, objects, and three of the utility types. */
function membersOfType(text: string, owner: string, lookup: Lookup): Member[] {
  const type = text.trim();
  for (const sign of ["|", "&"]) {
    const parts = splitTop(type, sign);
    if (parts.length > 1) return unique(parts.flatMap((part) => membersOfType(part, owner, lookup)));
  }
  if (type.startsWith("(")) return membersOfType(type.slice(1, -1), owner, lookup);
  if (type.startsWith("{")) return ownMembers(owner, type.slice(1, -1), false, () => []);
  const [, name = "", given = ""] = /^(\w+)(?:<([\s\S]*)>)?$/.exec(type) ?? [];
  const [of = "", names = ""] = splitTop(given, ",");
  const isNamed = ({ name }: Member) => names.includes(`"${name}"`);
  if (name === "Partial") {
    return membersOfType(of, owner, lookup).map((member) => ({ ...member, optional: true }));
  }
  if (name === "Omit") return membersOfType(of, owner, lookup).filter((member) => !isNamed(member));
  if (name === "Pick") return membersOfType(of, owner, lookup).filter(isNamed);
  return membersOf(name, lookup);
}

function ownMembers(owner: string, body: string, isClass: boolean, inherited: () => Member[]): Member[] {
  const members: Member[] = [];
  for (const { comment, statement } of statementsOf(body, isClass)) {
    const [, modifiers = "", name = "", mark, rest = ""] = MEMBER.exec(statement) ?? [];
    if (name === "") throw new Error(`What is a member of ${owner} here? ${statement}`);
    const isMethod = /^[(<]/.test(rest) && !/\bget /.test(modifiers);
    const type = shown(isMethod ? rest : rest.replace(/^\(\): |^: | = /, ""));
    if (name.startsWith("#") || type === "undefined" || type === "never") continue;
    const text = comment === undefined
      ? inherited().find((member) => member.name === name)?.text
      : commentText(comment);
    if (text === undefined && comment !== undefined) continue;
    if (text === undefined || text === "") throw new Error(`${owner}.${name} has no comment.`);
    members.push({ owner, name, optional: mark !== undefined, isMethod, type, text });
  }
  return members;
}

/** The statements of a body, without the bodies of methods, each with the comment in front of it. */
function* statementsOf(body: string, isClass: boolean) {
  let comment: string | undefined;
  for (let at = 0; at < body.length;) {
    const rest = body.slice(at);
    const [skipped = ""] = /^\s+|^\/\/.*/.exec(rest) ?? [];
    at += skipped.length;
    if (skipped !== "") continue;
    if (rest.startsWith("/**")) {
      comment = rest.slice(3, rest.indexOf("*/"));
      at += rest.indexOf("*/") + 2;
      continue;
    }
    const end = endOfStatement(rest, isClass);
    yield { comment, statement: rest.slice(0, end).trim() };
    comment = undefined;
    at += end + 1;
    // A method ends where its line began: whatever stands in between, the formatter has moved it in.
    if (rest[end] === "{") at += /^(?:\}|[\s\S]*?\n {2}\};?\n)/.exec(body.slice(at))?.[0].length ?? NaN;
  }
}

/** Where a semicolon stands, or the body of a method begins. */
function endOfStatement(text: string, isClass: boolean): number {
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    // Behind a colon, or another sign of a type, it is an object.
    const isBody = isClass && sign === "{" && /\([\s\S]*[^:|&=,<]\s$/.test(text.slice(0, at));
    if (sign === ";" || isBody) return at;
    if ("([{".includes(sign)) at = endOfBracket(text, at) - 1;
  }
  return text.length;
}

/** The place behind the bracket that closes the one here. */
function endOfBracket(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === '"') at = text.indexOf(sign, at + 1);
    else if ("([{<".includes(sign)) depth++;
    else if (")]}".includes(sign) || (sign === ">" && text[at - 1] !== "=")) depth--;
    if (depth === 0) return at + 1;
  }
  throw new Error(`A bracket does not end: ${text.slice(from, from + 40)}`);
}

/** The parts between signs that stand in no bracket. */
function splitTop(text: string, separator: string): string[] {
  const parts = [""];
  for (let at = 0; at < text.length;) {
    const sign = text[at] ?? "";
    const end = "([{<".includes(sign) ? endOfBracket(text, at) : at + 1;
    if (sign === separator) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${text.slice(at, end)}`);
    at = end;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function unique(members: readonly Member[]): Member[] {
  return members.filter(({ name }, at) => members.findIndex((member) => member.name === name) === at);
}

/** A type as a table shows it. */
function shown(type: string): string {
  return type.replaceAll("readonly ", "").replaceAll(/\s+/g, " ").replaceAll(/(?<=\() | ?,? (?=\))/g, "")
    .trim();
}
