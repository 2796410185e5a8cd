import { formatProblem, type Problem } from "@catalyst-node/core/model";
import type { OrchestratorOptions } from "./options.ts";

/**
 * Tells what hinders the start, or ended the node. What only the configuration can mend, keys among it, has the exit
 * code of the configuration.
 */
export function refuse({ stderr }: OrchestratorOptions, problems: readonly Problem[]): number {
  for (const problem of problems) stderr(`${formatProblem(problem)}\n`);
  const ofConfiguration = /^CAT-(?:CONFIG-\d+|STATE-00[126]|ISSUERS-\d+|NODE-021|RPC-00[167])$/;
  return problems.every(({ code }) => ofConfiguration.test(code)) ? 3 : 1;
}
