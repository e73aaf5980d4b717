/**
 * Judging the data of a message: with a plain type guard, or with any library that follows the Standard Schema
 * interface (Zod, Valibot, ArkType and others), on none of which this one depends.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";

/** A type guard: answers whether a value is a `Data`, and does not throw. */
export type Guard<Data> = (value: unknown) => value is Data;

/** The part of the Standard Schema interface, version 1, that is used here. */
export interface StandardSchema<Data> {
  /** What the interface asks of a schema: its version, its maker and the function that judges. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Data> | Promise<StandardResult<Data>>;
    readonly types?: { readonly input: unknown; readonly output: Data } | undefined;
  };
}

/** What a Standard Schema answers: a value, or issues. */
export type StandardResult<Data> =
  | { readonly value: Data; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** Either kind of validator. */
export type Validator<Data> = Guard<Data> | StandardSchema<Data>;

/**
 * Judges a value.
 *
 * @param validator What judges.
 * @param value Anything that JSON can be, or `undefined`.
 * @returns The data (a schema may have changed it on the way), or `invalid_data`.
 * @throws {PortcullisError} `async_validator` when the validator answers with a promise. Whatever the validator throws.
 */
export function validate<Data>(validator: Validator<Data>, value: unknown): Result<Data, "invalid_data"> {
  // Asked first: a schema may be a function too (ArkType), and called as a guard it answers with issues, which are truthy.
  if ("~standard" in validator) {
    const result = synchronous(validator["~standard"].validate(value));
    return result.issues === undefined ? ok(result.value) : fault("invalid_data");
  }
  const guard: (value: unknown) => unknown = validator;
  // Nothing but `true`: what is merely truthy may be an error that was meant to be looked at.
  return synchronous(guard(value)) === true ? ok(value as Data) : fault("invalid_data");
}

function synchronous<Answer>(answer: Answer | PromiseLike<Answer>): Answer {
  if (typeof answer !== "object" || answer === null || !("then" in answer)) return answer as Answer;
  // Nobody will wait for it; a rejection must not end the process.
  Promise.resolve(answer).catch(() => undefined);
  throw new PortcullisError(
    "async_validator",
    "A validator answered with a promise; use one that is synchronous.",
  );
}
