import { Kind, type OperationDefinitionNode, type SelectionSetNode } from "graphql";
import type { BatchFetchNode, FetchNode, RewriteSegment } from "../plan.ts";
import { leaveDirectWay } from "./not-direct.ts";

/** Whether rewrites change anything: the planner may set a type's name to what it is. */
export function isRewritten({ inputRewrites, outputRewrites }: Rewritten, typeName?: string): boolean {
  const changes = (inputRewrites ?? []).filter(
    (rewrite) =>
      !("ValueSetter" in rewrite) || !setsTypename(rewrite.ValueSetter.path, rewrite.ValueSetter.setValueTo, typeName),
  );
  return changes.length > 0 || (outputRewrites ?? []).length > 0;
}

type Rewritten = Pick<FetchNode, "inputRewrites" | "outputRewrites">;

function setsTypename(path: readonly RewriteSegment[], value: unknown, typeName: string | undefined): boolean {
  const [first, second, ...rest] = path;
  const isOfType = typeof first === "object" && "TypenameEquals" in first;
  const isName = typeof second === "object" && "Key" in second && second.Key === "__typename";
  return isOfType && isName && rest.length === 0 && value === typeName;
}

export function isQuery({ operationKind }: FetchNode | BatchFetchNode): boolean {
  return (operationKind ?? "query") === "query";
}

export function isPlainField(selection: SelectionSetNode["selections"][number]): boolean {
  return selection.kind === Kind.FIELD && selection.name.value !== "__typename";
}

export function selectionOf({ selectionSet }: OperationDefinitionNode, key: string): SelectionSetNode {
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FIELD || (selection.alias?.value ?? selection.name.value) !== key) continue;
    if (selection.selectionSet !== undefined) return selection.selectionSet;
  }
  return leaveDirectWay();
}
