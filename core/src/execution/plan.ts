/**
 * A query plan in Apollo's format, as `@graphql-hive/router-query-planner` 0.0.38 emits it. Our own
 * words for it, because the package's types leave out what it really sends (`Subscription.primary`
 * without `kind`, clauses that are `null`).
 */
export type QueryPlan = {
  readonly kind: "QueryPlan";
  /** Absent when nothing has to be fetched. */
  readonly node?: PlanNode | null | undefined;
};

export type PlanNode =
  | FetchNode
  | BatchFetchNode
  | SequenceNode
  | ParallelNode
  | FlattenNode
  | ConditionNode
  | SubscriptionNode
  | DeferNode;

type OperationKind = "query" | "mutation" | "subscription";

export type FetchNode = {
  readonly kind: "Fetch";
  /** The subgraph's name as in `@join__graph(name:)`. */
  readonly serviceName: string;
  readonly operationKind?: OperationKind | null | undefined;
  readonly operation: string;
  /** The client's variables that `operation` uses; `representations` is not among them. */
  readonly variableUsages?: readonly string[] | null | undefined;
  /** Present on entity fetches: what a representation consists of. */
  readonly requires?: readonly RequiresSelection[] | null | undefined;
  readonly inputRewrites?: readonly Rewrite[] | null | undefined;
  readonly outputRewrites?: readonly Rewrite[] | null | undefined;
};

/** Several `_entities` fields of one service in one request, each under its alias. */
export type BatchFetchNode = {
  readonly kind: "BatchFetch";
  readonly serviceName: string;
  readonly operationKind?: OperationKind | null | undefined;
  readonly operation: string;
  readonly variableUsages?: readonly string[] | null | undefined;
  readonly entityBatch: { readonly aliases: readonly EntityBatchAlias[] };
};

export type EntityBatchAlias = {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly FlattenPath[];
  readonly requires: readonly RequiresSelection[];
  readonly inputRewrites?: readonly Rewrite[] | null | undefined;
  readonly outputRewrites?: readonly Rewrite[] | null | undefined;
};

type SequenceNode = { readonly kind: "Sequence"; readonly nodes: readonly PlanNode[] };
type ParallelNode = { readonly kind: "Parallel"; readonly nodes: readonly PlanNode[] };
type FlattenNode = { readonly kind: "Flatten"; readonly path: FlattenPath; readonly node: PlanNode };
type ConditionNode = {
  readonly kind: "Condition";
  /** A Boolean variable of the client. */
  readonly condition: string;
  readonly ifClause?: PlanNode | null | undefined;
  readonly elseClause?: PlanNode | null | undefined;
};
/** At the root, or the first of the root's Sequence; the others complete each event. */
type SubscriptionNode = {
  readonly kind: "Subscription";
  readonly primary: Omit<FetchNode, "kind"> & { readonly kind?: "Fetch" };
};
type DeferNode = { readonly kind: "Defer" };

/** `"@"` stands for every element of a list, nested lists included. */
type FlattenSegment = "@" | { readonly Field: string } | { readonly TypeCondition: readonly string[] };
export type FlattenPath = readonly FlattenSegment[];

export type RequiresSelection =
  | {
      readonly kind: "InlineFragment";
      readonly typeCondition: string;
      readonly selections: readonly RequiresSelection[];
      readonly skipIf?: string | null | undefined;
      readonly includeIf?: string | null | undefined;
    }
  | {
      readonly kind: "Field";
      /** The key in the data fetched so far. */
      readonly name: string;
      /** The key in the representation, where it differs. */
      readonly alias?: string | null | undefined;
      readonly selections?: readonly RequiresSelection[] | null | undefined;
    }
  | { readonly kind: "FragmentSpread"; readonly value: string };

export type RewriteSegment = { readonly TypenameEquals: readonly string[] } | { readonly Key: string };
export type Rewrite =
  | { readonly KeyRenamer: { readonly path: readonly RewriteSegment[]; readonly renameKeyTo: string } }
  | { readonly ValueSetter: { readonly path: readonly RewriteSegment[]; readonly setValueTo: unknown } };

/** The one `_entities` field of an entity fetch, in the words of a batch. */
export function entityAliasOf(node: FetchNode, path: FlattenPath): EntityBatchAlias {
  return {
    alias: "_entities",
    representationsVariableName: "representations",
    paths: [path],
    requires: node.requires ?? [],
    inputRewrites: node.inputRewrites,
    outputRewrites: node.outputRewrites,
  };
}
