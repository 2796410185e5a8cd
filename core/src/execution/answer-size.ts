import { defaultGatewayLimits } from "../model/index.ts";

/**
 * How much one answer may hold where nothing else is told, in characters of its text, roughly. Entities are fetched once and shown wherever they
 * are asked for, so a short query through a cycle of entities (`reviews { product { reviews { ...`) multiplies without
 * any service sending much.
 */
export const maxAnswerChars = defaultGatewayLimits.maxResponse;

/** Objects that may be copied because sharing them would be wrong; each holds at least some text of the answer. */
export const maxCopies = 200_000;

/** What a client is told, in `extensions.code` and words. */
export const answerTooLarge = {
  code: "RESPONSE_TOO_LARGE",
  message: "The answer is larger than allowed; select less.",
} as const;

/** Ends an execution whose answer outgrows what is allowed; caught in execute.ts, where it becomes an error. */
class AnswerTooLarge extends Error {}

/** Whether this is what a spent allowance throws. */
export function isAnswerTooLarge(error: unknown): boolean {
  return error instanceof AnswerTooLarge;
}

/** Counts down, and throws once more is spent than there was. */
export class Allowance {
  #left: number;

  constructor(amount: number) {
    this.#left = amount;
  }

  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new AnswerTooLarge();
  }
}
