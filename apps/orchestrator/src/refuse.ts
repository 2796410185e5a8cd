import { formatProblem, type Problem } from "@catalyst-node/core/model";
import type { OrchestratorOptions } from "./options.ts";

/** Tells what hinders the start. What only the configuration can mend has the exit code of the configuration. */
export function refuse({ stderr }: OrchestratorOptions, problems: readonly Problem[]): number {
  for (const problem of problems) stderr(`${formatProblem(problem)}\n`);
  const ofConfiguration = /^CAT-(?:CONFIG-\d+|STATE-00[126]|ISSUERS-\d+|RPC-00[167])$/;
  return problems.every(({ code }) => ofConfiguration.test(code)) ? 3 : 1;
}
