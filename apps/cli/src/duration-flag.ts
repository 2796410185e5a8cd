import { parseDuration } from "@catalyst-node/core/model";
import { InvalidArgumentError } from "commander";

/** For commander: reads "30s" as ms. */
export function durationFlag(text: string): number {
  const parsed = parseDuration(text);
  if (typeof parsed === "string") throw new InvalidArgumentError(parsed);
  return parsed;
}

/** The same, whole seconds alone. */
export function wholeSecondsFlag(text: string): number {
  const parsed = durationFlag(text);
  if (parsed % 1_000 !== 0) throw new InvalidArgumentError("whole seconds are expected.");
  return parsed;
}
