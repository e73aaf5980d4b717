/**
 * One English: British, with -ize where Oxford has it.
 *
 * @module
 */

/** Parts of words that are of another English, and what is written instead. */
const OTHERS: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\b(?:behavior|colors?\b|colored|favor|flavor|honor(?!ar)|harbor|neighbor|rumor|vapor|endeavor)/, "-our"],
  [/\b(?:center|fiber|liter|meager|theater)(?:s|ed|ing)?\b/, "-re"],
  [/\b(?:defense|offense|pretense)s?\b/, "-ence"],
  [/\b(?:cancel|label|model|travel|signal|tunnel|channel|level|marshal)(?:ed|ing|er)\b/, "-ll-"],
  [/\b(?:analyz|paralyz|catalyz)/, "-yse"],
  [/\b(?:catalog|dialog|analog)s?\b/, "-ogue"],
  [
    /\b(?:gray|artifacts?|skeptic|programed|fulfill|enroll|judgment)\b/,
    "grey, artefact, sceptic, programmed, fulfil",
  ],
  [/\blicenc(?:ed|ing)\b/, "license, as a verb"],
];

/** Words that end in -ise in every English. */
const ALWAYS_ISE = new RegExp(
  `^(?:${
    [
      ...[
        "advis",
        "appris",
        "aris",
        "chastis",
        "clockwis",
        "compris",
        "compromis",
        "concis",
        "demis",
        "despis",
      ],
      ...["devis", "disguis", "enterpris", "excis", "exercis", "expertis", "franchis", "improvis", "likewis"],
      ...[
        "merchandis",
        "nois",
        "otherwis",
        "paradis",
        "prais",
        "precis",
        "premis",
        "promis",
        "rais",
        "revis",
      ],
      ...["ris", "supervis", "surpris", "televis", "treatis", "unwis", "vis", "wis"],
    ].join("|")
  })`,
);
const ISE = /\b\w+is(?:e[sdr]?|ing|ations?)\b/gi;

/** Lists the words of a text that are of another English, each with what is written instead. */
export function otherEnglish(text: string): string[] {
  const parts = OTHERS.flatMap(([wrong, right]) =>
    [...text.matchAll(new RegExp(wrong, "gi"))].map(([word]) => `${word}: ${right}`)
  );
  const ise = [...text.matchAll(ISE)].map(([word]) => word).filter((word) =>
    !ALWAYS_ISE.test(word.toLowerCase())
  );
  return [...parts, ...ise.map((word) => `${word}: -ize`)];
}
