/**
 * The blocks of docs/reference.md, made from the comments of what the package exports.
 *
 * @module
 */

import { ERROR_CODES } from "../../src/base/errors.ts";
import { markdownTable } from "../support/markdown_table.ts";
import { readProjectFile, resolveImport } from "../support/source_tree.ts";
import { commentText } from "./comment_text.ts";
import { choicesOf, declarationOf, type Lookup, type Member, membersOf } from "./made_members.ts";

/** The entry points of the package. */
const ENTRIES = ["src/mod.ts", "src/client/mod.ts"] as const;

/** What they export → the file that declares it. */
const FILES: ReadonlyMap<string, string> = new Map(
  ENTRIES.flatMap((entry) =>
    [...readProjectFile(entry).matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";$/gm)].flatMap(
      ([, names = "", from = ""]) =>
        [...names.matchAll(/\b\w+(?=,|\s*$)/g)].map(([name]) => [name, resolveImport(entry, from)] as const),
    )
  ),
);

/** Finds the source of what the package exports. */
export const publicSource: Lookup = (name) => {
  const file = FILES.get(name);
  if (file === undefined) throw new Error(`The package exports no ${name}.`);
  return readProjectFile(file);
};

/** Those whose members are listed. */
const LISTED = [
  "AcceptedRequest",
  "Acceptor",
  "AuditEvent",
  "Claims",
  "Client",
  "ClientOptions",
  "CloseStatus",
  "Connection",
  "ConnectionEvents",
  "DeflateOptions",
  "Gate",
  "Groups",
  "HandlerContext",
  "HmacKey",
  "Identity",
  "KeyRing",
  "KeyRingOptions",
  "Leases",
  "PermissionDefinition",
  "PortcullisError",
  "Presence",
  "RequestDenial",
  "RequestOptions",
  "SendRow",
  "Session",
  "SessionInfo",
  "TokenRequest",
  "TraceOptions",
  "TrustedProxies",
  "UpgradeOffer",
] as const;

/** All blocks, by their names. */
export const referenceBlocks: ReadonlyMap<string, () => string> = new Map([
  ...LISTED.map((name) => [`members ${name}`, () => membersTable(members(name))] as const),
  ["members GateOptions", () => membersTable(members("GateOptions").sort(byName))],
  ["members AcceptorOptions without GateOptions", () => without("AcceptorOptions", "GateOptions")],
  ["members ConnectOptions without ConnectionEvents", () => without("ConnectOptions", "ConnectionEvents")],
  ["choices ClientState", () => choicesTable("state", "ClientState")],
  ["choices Cause", () => choicesTable("cause", "Cause")],
  ["audit events", () => choicesTable("event", "AuditName")],
  ["error codes", () => errorCodes(errorPlaces())],
]);

/** Where an error code comes from, by its code. */
export function errorPlaces(): ReadonlyMap<string, string> {
  const told = [...FILES.keys()].flatMap(commentsOf);
  return new Map(
    Object.keys(ERROR_CODES).map((code) => {
      const places = told.flatMap(({ place, text }) => {
        const at = text.indexOf(`\`${code}\``);
        return at < 0 ? [] : [{ place, how: howIn(text.slice(0, at)) }];
      });
      const texts = HOW.flatMap((how) => {
        const those = places.filter((one) => one.how === how).map(({ place }) => `\`${place}\``);
        return those.length === 0 ? [] : [`${how} ${those.sort().join(", ")}`];
      });
      if (texts.length === 0) throw new Error(`No comment of what is exported names ${code}.`);
      return [code, texts.join("; ")];
    }),
  );
}

/** What a comment says of a code, by the words in front of it. */
const HOW = ["thrown by", "by rejecting:", "see"] as const;

function howIn(words: string): typeof HOW[number] {
  if (words.includes("Rejects with ")) return "by rejecting:";
  return words.includes("Throws ") ? "thrown by" : "see";
}

/** The comments of what is exported under a name, each with the place that it is about. */
function commentsOf(name: string): { readonly place: string; readonly text: string }[] {
  const source = publicSource(name);
  const start = new RegExp(`^export (?:async )?(\\w+) ${name}\\b`, "m").exec(source);
  if (start === null) throw new Error(`There is no ${name}.`);
  if (start[1] === "interface" || start[1] === "class") {
    return members(name).filter(({ owner }) => owner === name).map((member) => ({
      place: member.name === "constructor"
        ? `new ${name}()`
        : `${name}.${callName({ ...member, optional: false })}`,
      text: member.text,
    }));
  }
  if (start[1] === "type") {
    const comments = declarationOf(name, publicSource).body.matchAll(/\/\*\*([\s\S]*?)\*\//g);
    return [...comments].map(([, comment = ""]) => ({ place: name, text: commentText(comment) ?? "" }));
  }
  const above = source.slice(source.lastIndexOf("/**", start.index) + 3, start.index).replace("*/", "");
  return [{ place: start[1] === "function" ? `${name}()` : name, text: commentText(above) ?? "" }];
}

function errorCodes(places: ReadonlyMap<string, string>): string {
  const rows = Object.entries(ERROR_CODES).map((
    [code, meaning],
  ) => [`\`${code}\``, meaning, places.get(code) ?? ""]);
  return markdownTable(["code", "what it means", "where it comes from"], rows);
}

function members(name: string): Member[] {
  return membersOf(name, publicSource);
}

function without(name: string, other: string): string {
  const others = new Set(members(other).map((member) => member.name));
  return membersTable(members(name).filter((member) => !others.has(member.name)));
}

function membersTable(listed: readonly Member[]): string {
  const rows = listed.filter(({ name }) => name !== "constructor").map((member) => {
    return [`\`${callName(member)}\``, `\`${member.type}\``, member.text];
  });
  return markdownTable(["name", "type", "what it is"], rows);
}

function choicesTable(head: string, name: string): string {
  const rows = choicesOf(name, publicSource).map(({ choice, text }) => [
    `\`${choice.replace(/^"(.*)"$/, "$1")}\``,
    text,
  ]);
  return markdownTable([head, "when"], rows);
}

function callName({ name, optional, isMethod }: Member): string {
  return `${name}${optional ? "?" : ""}${isMethod ? "()" : ""}`;
}

function byName(one: Member, other: Member): number {
  return one.name < other.name ? -1 : 1;
}
