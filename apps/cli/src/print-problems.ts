import { type Problem, formatProblem } from "@catalyst-node/core/model";
import { plain } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Writes problems to stderr, each with the line it is on and a caret beneath where its source has lines. */
export function printProblems(
  terminal: Pick<Terminal, "stderr">,
  problems: readonly (Problem & { readonly excerpt?: string })[],
): void {
  for (const problem of problems) {
    terminal.stderr(`${plain(formatProblem(problem))}\n`);
    if (problem.excerpt !== undefined) terminal.stderr(`${problem.excerpt}\n`);
  }
}
