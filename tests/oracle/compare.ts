import type { ExecutionResult } from "graphql";
import type { AnyOf } from "./reference.ts";

type Path = readonly (string | number)[];

/**
 * Says how two answers differ; undefined when they are equal, which means:
 * 1. `data` is the same text, the order of keys included.
 * 2. The same nulls are explained by errors. An error explains the null that its path meets; null propagation lifts
 *    that null above the field that failed.
 * 3. Every error of ours is one that the plain graph has: at that path, in these words. Where a failed field is itself
 *    the null, that makes the errors equal. Where several failed fields could have taken the same parent, the
 *    specification lets any of them be told (6.4.4: "only one error should be added"), and services that are asked side
 *    by side cannot know of each other: so `possible` are all of them.
 * 4. No error is told twice, and one that was not lifted names the same places of the query.
 */
export function difference(
  actual: ExecutionResult,
  expected: ExecutionResult,
  possible: ExecutionResult,
): string | undefined {
  const [data, plainData] = [actual.data, expected.data].map((each) => JSON.stringify(sorted(each), null, 1));
  if (data !== plainData) return "the data";
  const told = actual.errors ?? [];
  const unasked = told.find(({ path }) => !isSelected(possible.data, path ?? []));
  if (unasked?.path && actual.data !== undefined) return `${notSelected}: ${unasked.path.join(".")}`;
  if (actual.data === undefined) {
    const same = lines(actual).join("\n") === lines(expected).join("\n");
    return same ? undefined : "the errors of the request";
  }
  const genuine = new Set([...lines(possible), ...lines(expected)]);
  const invented = lines(actual).find((line) => !genuine.has(line));
  if (invented !== undefined) return `an error that the plain graph does not have: ${invented}`;
  if (new Set(lines(actual)).size !== told.length) return "an error is told twice";
  const nulls = explained(actual);
  const plainNulls = explained(expected);
  if (nulls.length !== plainNulls.length || nulls.join("\n") !== plainNulls.join("\n")) {
    return `the nulls that are explained: ${nulls.join(" ")} instead of ${plainNulls.join(" ")}`;
  }
  for (const error of told) {
    const path = error.path ?? [];
    if (landing(actual.data, path).length !== path.length) continue;
    const same = expected.errors?.find((other) => other.path?.join(".") === path.join("."));
    if (JSON.stringify(same?.locations) !== JSON.stringify(error.locations)) return `the location of ${path.join(".")}`;
  }
  return undefined;
}

/** Of a plan that asks for more than the operation; what that brings must not be missed where it fails. */
const notSelected = "an error of a field that the operation does not select";

/** Whether a path leads along fields that are selected; `data` has them all, null where there is none. */
function isSelected(data: unknown, path: Path): boolean {
  let value = data;
  for (const part of path) {
    if (value === null || value === undefined) return true;
    if (typeof value !== "object" || !Object.hasOwn(value, part)) return false;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return true;
}

function lines({ errors = [] }: ExecutionResult): readonly string[] {
  return errors
    .flatMap(({ path, message, originalError }) => {
      const messages = isAnyOf(originalError) ? originalError.messages : [message];
      return messages.map((each) => `${path?.join(".") ?? "(no path)"}: ${worded(each)}`);
    })
    .toSorted();
}

function isAnyOf(error: unknown): error is AnyOf {
  return error instanceof Error && "messages" in error;
}

/**
 * A service names its own type, which with `@interfaceObject` is not the client's; and a value that a service lets
 * pass (one that only the clients' schema hides) is refused in the gateway's words.
 */
function worded(message: string): string {
  return message
    .replace(/field "?\w+\.(\w+)"?/, "field $1")
    .replace(
      /^A service answered a value for the field \w+ that is no Color\.$|^Enum "Color" cannot represent value: "BLACK"$/,
      "BLACK",
    );
}

/** Where the nulls stand that errors explain. */
function explained({ data, errors = [] }: ExecutionResult): readonly string[] {
  return [...new Set(errors.map(({ path }) => landing(data, path ?? []).join(".")))].toSorted();
}

function landing(data: unknown, path: Path): Path {
  let value = data;
  for (const [depth, part] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth);
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return path;
}

/** What introspection lists has no order (4.1): composed from several subgraphs it may stand otherwise. */
function sorted(data: unknown): unknown {
  if (typeof data !== "object" || data === null || !("introspected" in data)) return data;
  return { ...data, introspected: sortedDeep(data.introspected) };
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => JSON.stringify(sortedDeep(item))).toSorted();
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortedDeep(item)]));
}
