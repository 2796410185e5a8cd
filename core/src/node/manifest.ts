import { formatProblem, type Manifest, type Problem } from "../model/index.ts";
import { tell } from "./services.ts";
import { type Change, type Node, unchanged } from "./state.ts";

/** Registered operations that are not those known replace them. */
export function manifestRead(node: Node, manifest: Manifest): Change {
  if (manifest.digest === node.manifest.digest) return unchanged(node);
  const message = `read ${manifest.operations.length} registered operations`;
  return { node: { ...node, manifest }, effects: [tell("info", "operations.read", "gateway", message)] };
}

/** What cannot be used changes nothing: clients go on with what was read last. */
export function manifestRefused(node: Node, problems: readonly Problem[]): Change {
  const told = problems.map((problem) => formatProblem(problem)).join("; ");
  const message = `the changed manifest is not used, the last good one stays: ${told}`;
  return { node, effects: [tell("error", "operations.refused", "gateway", message)] };
}
