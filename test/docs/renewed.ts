/**
 * How a page looks when all that it shows of the sources is made anew.
 *
 * @module
 */

import { withFigures } from "./figures.ts";
import { withMadeBlocks } from "./made.ts";
import { withRegions } from "./regions.ts";

/** A page as it should be, but for what a formatter does to it. */
export function renewed(page: string): string {
  return withFigures(withMadeBlocks(withRegions(page)));
}
