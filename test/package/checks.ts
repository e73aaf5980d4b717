/**
 * What is checked, one line each: what passed, what did not and why, and what could not be tried here.
 *
 * @module
 */

/** Thrown by a check that cannot be made on this machine, or not yet. */
export class Skipped extends Error {}

/** Makes checks one after the other, and counts them. */
export class Checks {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  /** Whether something was found sound, and nothing else. */
  get sound(): boolean {
    return this.#passed > 0 && this.#failed === 0;
  }

  /** How many there were. */
  get summary(): string {
    return `package: ${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`;
  }

  /**
   * Makes a check, and says how it went.
   *
   * @param name What is so when it passes.
   * @param work Throws when it is not so, and {@link Skipped} when that cannot be found out.
   * @returns Whether it passed: what rests on it need not be tried otherwise.
   */
  async check(name: string, work: () => Promise<void> | void): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Skipped) {
        this.#skipped++;
        console.log(`skipped ${name} (${error.message})`);
      } else {
        this.#failed++;
        console.log(`FAILED ${name}: ${indented(error)}`);
      }
      return false;
    }
    this.#passed++;
    console.log(`ok ${name}`);
    return true;
  }
}

/** @param value Of which a check wants to be sure. @param problem What is wrong when it is not so. */
export function expect(value: boolean, problem: string): void {
  if (!value) throw new Error(problem);
}

/** @param problems One line each; there must be none. */
export function expectNone(problems: readonly string[]): void {
  expect(problems.length === 0, problems.join("\n"));
}

/** The lines after the first stand apart from the lines of the other checks. */
function indented(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll("\n", "\n    ");
}
