/**
 * One thing that is wrong, told so that a person can mend it. Expected failures are values of this
 * type, all of them at once; only a broken invariant of our own throws.
 */
export type Problem = {
  /** Stable, for example `CAT-CONFIG-004`; docs/reference/errors.md lists each with its cause and mend. */
  readonly code: ProblemCode;
  /** Where: a configuration path, a file place, a flag, a service. Empty when the whole is meant. */
  readonly path: string;
  /** What is wrong and what to do, for people. Never branched on. */
  readonly message: string;
};

export type ProblemCode = `CAT-${string}-${string}`;

export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function ok<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function fail(...problems: readonly Problem[]): Result<never> {
  return { ok: false, problems };
}

/** `CODE path: message`, the one form in which problems are shown as text. */
export function formatProblem({ code, path, message }: Problem): string {
  return path === "" ? `${code} ${message}` : `${code} ${path}: ${message}`;
}
