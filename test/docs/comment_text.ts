/**
 * Comments of the sources, as sentences of a page.
 *
 * @module
 */

const TAG = /(?:^|\s)@(?=(?:internal|param|returns|throws|see|typeParam|example)\b)/;

/** Says what a comment says, in one line of Markdown; `undefined` for what is `@internal`. */
export function commentText(comment: string): string | undefined {
  const plain = comment.replaceAll(/^\s*\*(?: |$)/gm, "").replaceAll(/\{@link ([\w.]+)\}/g, "`$1`");
  const [about = "", ...tags] = plain.split(TAG).map((part) => part.replaceAll(/\s+/g, " ").trim());
  if (tags.some((tag) => tag.startsWith("internal"))) return undefined;
  return [about, ...tags.map(tagText)].filter((text) => text !== "").join(" ");
}

function tagText(text: string): string {
  const [, tag, rest = ""] = /^(\w+) (.*)$/.exec(text) ?? [];
  switch (tag) {
    case "param":
      return rest.replace(/^(\w+)/, "`$1`:");
    case "returns":
      return `Returns ${lowerFirst(rest)}`;
    case "throws":
      return rest.replace("{PortcullisError} ", "").replace(
        /^(By rejecting: )?(.*)$/,
        (_all, rejects, what) => `${rejects === undefined ? "Throws" : "Rejects with"} ${lowerFirst(what)}`,
      );
    case "see":
      return `See ${rest}.`;
    default:
      return "";
  }
}

function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}
