import { nodeId, type Problem } from "../model/index.ts";
import { desiredSections } from "./desired.ts";
import { nodeProblem } from "./problems.ts";
import { isForeign, outstanding } from "./reconcile.ts";
import type { Node } from "./state.ts";

/** Why the gateway does not serve what it should, or not yet. */
export function gatewayProblems(node: Node): readonly Problem[] {
  const { link, sidecar } = node.gateway;
  const down = sidecar.kind === "starting" && sidecar.problem !== undefined ? [sidecar.problem] : [];
  if (link.kind === "connecting") {
    const why = nodeProblem("CAT-NODE-004", "gateway");
    return [...down, why, ...(link.problem === undefined ? [] : [link.problem])];
  }
  if (isForeign(node, link.status)) {
    const { organization, node: name } = link.status;
    const theirs = `The gateway belongs to ${nodeId({ organization, node: name })}`;
    return [nodeProblem("CAT-NODE-007", "gateway", theirs)];
  }
  const desired = desiredSections(node);
  const refusals = link.status.refusals.flatMap(({ section, digest, problems }) =>
    // A refusal of something that is no longer wanted hinders nobody.
    digest === desired[section]?.digest
      ? [nodeProblem("CAT-NODE-006", `gateway.${section}`, `The gateway refused the section ${section}`), ...problems]
      : [],
  );
  const waiting = outstanding(node).length > 0 ? [nodeProblem("CAT-NODE-005", "gateway")] : [];
  const unanswered = link.push.kind === "waiting" && link.push.problem !== undefined ? [link.push.problem] : [];
  const undecided = node.composing.result === undefined ? [nodeProblem("CAT-NODE-011", "gateway")] : [];
  return [...refusals, ...waiting, ...unanswered, ...undecided];
}
