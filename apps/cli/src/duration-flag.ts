import { parseDuration } from "@catalyst-node/core/model";
import { InvalidArgumentError } from "commander";

/** For commander: reads "30s" as ms; with `unit` only whole multiples of it (in ms). */
export function durationFlag(text: string, unit = 1): number {
  const parsed = parseDuration(text);
  if (typeof parsed === "string") throw new InvalidArgumentError(parsed);
  if (parsed % unit !== 0) throw new InvalidArgumentError("whole seconds are expected.");
  return parsed;
}
