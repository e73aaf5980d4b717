/**
 * The configurations of the pages, made fit for this machine: only what names a place is changed, and each change must hit.
 *
 * @module
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fencesOf } from "../docs/fences.ts";
import { makeCertificate } from "../support/server_certificate.ts";

/** Where each is. */
const PAGE_OF: Readonly<Record<string, string>> = {
  nginx: "docs/how_to/behind_nginx.md",
  haproxy: "docs/deployment.md",
  caddy: "docs/deployment.md",
};

/** What stands in the page, and what stands there instead. */
export type Changes = Readonly<Record<string, string>>;

/** A folder for one proxy. */
export interface Place {
  readonly folder: string;
  /** Of 127.0.0.1, by its own authority, in PEM. */
  readonly certificate: string;
  /** The files in which it is: alone, its key, and both. */
  readonly files: { readonly cert: string; readonly key: string; readonly both: string };
}

/** Makes the folder, with a certificate in it. */
export function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  const { cert, key } = makeCertificate();
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const both = write("both.pem", `${cert}\n${key}`);
  return {
    folder,
    certificate: cert,
    files: { cert: write("cert.pem", cert), key: write("key.pem", key), both },
  };
}

/**
 * Writes the configuration of the page into a folder.
 *
 * @param language That of its fence.
 * @param changes What is other here.
 * @param place The folder.
 * @returns The file.
 * @throws {Error} When there is not one such fence, or a change that does not hit exactly once.
 */
export function writeConfiguration(language: string, changes: Changes, { folder }: Place): string {
  const [fence, ...more] = fencesOf(PAGE_OF[language] ?? "").filter((one) => one.language === language);
  if (fence === undefined || more.length > 0) throw new Error(`There must be one fence of ${language}.`);
  let text = fence.code;
  for (const [from, to] of Object.entries(changes)) {
    if (text.split(from).length !== 2) throw new Error(`"${from}" must be once in the fence of ${language}.`);
    text = text.replace(from, () => to);
  }
  const file = join(folder, `${language}.conf`);
  writeFileSync(file, text);
  return file;
}
