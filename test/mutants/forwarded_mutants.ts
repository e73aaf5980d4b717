/**
 * Mutants of what proxies say: each lets a client choose its address, or blames it on somebody else.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In protocol/forwarded.ts. */
export const FORWARDED_MUTANTS: readonly Mutant[] = [
  {
    file: "protocol/forwarded.ts",
    from: "let at = rawHeaders.length - 2; at >= 0; at -= 2",
    to: "let at = 0; at < rawHeaders.length; at += 2",
    wrong: "reads the line that a client sent before the one that the proxy added",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if ((rawHeaders[at] as string).toLowerCase() !== field) continue;",
    to:
      "if (!FORWARDED_FIELDS.includes((rawHeaders[at] as string).toLowerCase() as ForwardedField)) continue;",
    wrong: "believes the field that the proxy does not know, and passes on",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if ((rawHeaders[at] as string).toLowerCase() !== field) continue;",
    to: "if (rawHeaders[at] !== field) continue;",
    wrong: "knows the field in one case only",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if (seen++ === MAX_FORWARDED_ELEMENTS) return;",
    to: "",
    wrong: "looks at as many elements as a client writes",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if (seen++ === MAX_FORWARDED_ELEMENTS) return;",
    to: "if (seen++ === MAX_FORWARDED_ELEMENTS) break;",
    wrong: "goes on with the line before when there are too many elements",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'if (element !== "") yield',
    to: "yield",
    wrong: "stops at an empty element, which means nothing",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'quotes ? startOfPart(value, end, ",") : value.lastIndexOf(",", end - 1) + 1',
    to: 'value.lastIndexOf(",", end - 1) + 1',
    wrong: "takes what stands in a quoted host for an element of its own",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'start = startOfPart(element, end, ";");',
    to: 'start = element.lastIndexOf(";", end - 1) + 1;',
    wrong: "takes what stands in a quoted host for a parameter",
  },
  {
    file: "protocol/forwarded.ts",
    from: `&& !(quoted && text[i - 1] === "\\\\")`,
    to: "",
    wrong: "ends a quoted string at an escaped quote",
  },
  {
    file: "protocol/forwarded.ts",
    from: `!(quoted && text[i - 1] === "\\\\")`,
    to: `text[i - 1] !== "\\\\"`,
    wrong: "lets a backslash at the end of a string hide its last quote",
  },
  {
    file: "protocol/forwarded.ts",
    from: "Math.max(equals, 0)).toLowerCase()",
    to: "Math.max(equals, 0))",
    wrong: "does not know `For`",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if (!isToken(name) || value === undefined)",
    to: "if (value === undefined)",
    wrong: "takes a parameter without a name",
  },
  {
    file: "protocol/forwarded.ts",
    from: "if (!isToken(name) || value === undefined)",
    to: "if (!isToken(name))",
    wrong: "takes a value that breaks the grammar",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'if (name !== "for") continue;',
    to: 'if (name !== "for" && name !== "by") continue;',
    wrong: "takes the proxy for its client",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'if (node !== undefined) return "";',
    to: "",
    wrong: "believes one of two parameters",
  },
  {
    file: "protocol/forwarded.ts",
    from: 'return ipv6.includes(":") ? ipv6 : undefined;',
    to: "return ipv6;",
    wrong: "takes IPv4 in brackets",
  },
  {
    file: "protocol/forwarded.ts",
    from: "const BARE_IPV6 = /^[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f.:]{0,40}$/;",
    to: "const BARE_IPV6 = /./;",
    wrong: "hands on what has not the shape of an address",
  },
  {
    file: "protocol/forwarded.ts",
    from: `if (text[i] === '"') return undefined;`,
    to: "",
    wrong: "goes on behind the end of a quoted string",
  },
  {
    file: "protocol/forwarded.ts",
    from: `if (text[i] === "\\\\" && ++i === text.length - 1) return undefined;`,
    to: `if (text[i] === "\\\\") i++;`,
    wrong: "takes a quoted string without an end",
  },
];
