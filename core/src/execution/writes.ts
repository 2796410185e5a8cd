import { type GraphQLSchema, isAbstractType, parse } from "graphql";
import type { BatchFetchNode, EntityBatchAlias, FetchNode, FlattenPath, PlanNode } from "./plan.ts";
import type { Write } from "./sharing.ts";
import { type Shape, shapeBelow, shapeOf, withRenamedKeys } from "./shape.ts";

/** What each fetch of a plan writes, by its node or its alias in a batch. What one may share depends on all. */
export type Writes = ReadonlyMap<FetchNode | EntityBatchAlias, Write>;

/** Throws on what we do not know; compilePlan makes a problem of it. */
export function describeWrites(root: PlanNode, schema: GraphQLSchema): Writes {
  const isAbstract = (name: unknown): boolean => typeof name === "string" && isAbstractType(schema.getType(name));
  const writes = new Map<FetchNode | EntityBatchAlias, Write>();
  const describe = (node: PlanNode, path: FlattenPath): void => {
    switch (node.kind) {
      case "Sequence":
      case "Parallel":
        for (const child of node.nodes) describe(child, path);
        return;
      case "Condition":
        if (node.ifClause) describe(node.ifClause, path);
        if (node.elseClause) describe(node.elseClause, path);
        return;
      case "Flatten":
        describe(node.node, [...path, ...node.path]);
        return;
      case "Fetch":
        writes.set(node, { paths: [path], shape: fetchShape(node, isAbstract) });
        return;
      case "BatchFetch":
        describeBatch(node, writes, isAbstract);
        return;
      case "Subscription":
      case "Defer":
        return;
      default:
        throw new Error(
          `the plan holds an unknown node: ${JSON.stringify((node as { readonly kind?: unknown }).kind)}`,
        );
    }
  };
  describe(root, []);
  return writes;
}

type IsAbstract = (name: unknown) => boolean;

function fetchShape(node: FetchNode, isAbstract: IsAbstract): Shape {
  const shape = shapeOf(parse(node.operation, { noLocation: true }), isAbstract);
  return withRenamedKeys(node.requires ? shapeBelow(shape, "_entities") : shape, node.outputRewrites ?? []);
}

function describeBatch(
  node: BatchFetchNode,
  writes: Map<FetchNode | EntityBatchAlias, Write>,
  isAbstract: IsAbstract,
): void {
  const shape = shapeOf(parse(node.operation, { noLocation: true }), isAbstract);
  for (const alias of node.entityBatch.aliases) {
    writes.set(alias, {
      paths: alias.paths,
      shape: withRenamedKeys(shapeBelow(shape, alias.alias), alias.outputRewrites ?? []),
    });
  }
}
