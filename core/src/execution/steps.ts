import type { GraphQLSchema } from "graphql";
import { fail, ok, type Result } from "../model/index.ts";
import type { ReadAnswer } from "./answer.ts";
import { compileEntityField } from "./entities.ts";
import { compileBody, compileCall, type Send } from "./fetch.ts";
import { covering } from "./failure.ts";
import { failInto, mergeInto, wholly } from "./merge.ts";
import {
  type BatchFetchNode,
  type EntityBatchAlias,
  entityAliasOf,
  type FetchNode,
  type FlattenPath,
  type PlanNode,
  type QueryPlan,
} from "./plan.ts";
import { compileRewrite } from "./rewrite.ts";
import type { Run, Step } from "./run.ts";
import { adoptionFor, type Write } from "./sharing.ts";
import { compileSparing } from "./spared.ts";
import type { SupergraphFacts } from "./supergraph-facts.ts";
import { describeWrites, type Writes } from "./writes.ts";

/** A compiled plan. */
export type Steps = {
  /** Where a subscription's events come from. Undefined for all other operations. */
  readonly source: Source | undefined;
  /** What is fetched: once, or for each event. Undefined when that is nothing. */
  readonly fetch: Step | undefined;
};

/** The primary fetch of a subscription: asked once, each event settled into a run of its own. */
type Source = {
  readonly service: string;
  readonly bodyOf: (run: Run) => string;
  readonly settle: (run: Run, answer: ReadAnswer) => void;
};

/** Compiles a plan; CAT-EXEC-007 when it holds what we do not know. */
export function compilePlan(plan: QueryPlan | undefined, schema: GraphQLSchema, facts: SupergraphFacts): Result<Steps> {
  if (!plan?.node) return ok({ source: undefined, fetch: undefined });
  try {
    const [first, ...rest] = plan.node.kind === "Sequence" ? plan.node.nodes : [plan.node];
    if (first?.kind === "Subscription")
      return ok(compileSubscription({ ...first.primary, kind: "Fetch" }, rest, { schema, facts }));
    const fetch = compileNode(plan.node, [], { schema, facts, writes: describeWrites(plan.node, schema) });
    return ok({ source: undefined, fetch });
  } catch (error) {
    return fail({ code: "CAT-EXEC-007", path: "", message: error instanceof Error ? error.message : String(error) });
  }
}

function compileSubscription(primary: FetchNode, rest: readonly PlanNode[], graph: Omit<Context, "writes">): Steps {
  const context = { ...graph, writes: describeWrites({ kind: "Sequence", nodes: [primary, ...rest] }, graph.schema) };
  const bodyOf = compileBody(primary.operation, primary.variableUsages ?? []);
  const settle = unlessTooDeep(compileRootSettle(primary, context));
  const fetch = rest.length > 0 ? inOrder(rest.map((node) => compileNode(node, [], context))) : undefined;
  return { source: { service: primary.serviceName, bodyOf: (run) => bodyOf(run, []), settle }, fetch };
}

type Context = { readonly schema: GraphQLSchema; readonly facts: SupergraphFacts; readonly writes: Writes };

function compileNode(node: PlanNode, path: FlattenPath, context: Context): Step {
  switch (node.kind) {
    case "Sequence":
      return inOrder(node.nodes.map((child) => compileNode(child, path, context)));
    case "Parallel":
      return compileParallel(node.nodes, path, context);
    case "Condition": {
      const then = node.ifClause ? compileNode(node.ifClause, path, context) : nothing;
      const otherwise = node.elseClause ? compileNode(node.elseClause, path, context) : nothing;
      return (run) => (run.variables[node.condition] === true ? then(run) : otherwise(run));
    }
    case "Flatten":
      return compileNode(node.node, [...path, ...node.path], context);
    case "Fetch":
      return guarded(node.requires ? compileEntityFetch(node, path, context) : compileRootFetch(node, path, context));
    case "BatchFetch":
      return guarded(compileBatch(node, context));
    case "Subscription":
    case "Defer":
      throw new Error(`the plan holds a ${node.kind} node`);
  }
}

const nothing: Step = () => Promise.resolve();

/**
 * Lists in lists, thousands deep, overflow the stack of whoever walks them, and a service may send
 * them. What such a fetch should have brought stays absent, which the projection tells.
 */
function guarded(step: Step): Step {
  return async (run) => {
    try {
      await step(run);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  };
}

function unlessTooDeep(settle: Source["settle"]): Source["settle"] {
  return (run, answer) => {
    try {
      settle(run, answer);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  };
}

function inOrder(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

/** Mutations run one after the other, each only when what the earlier ones still fetch is there. */
function compileParallel(nodes: readonly PlanNode[], path: FlattenPath, context: Context): Step {
  const queries = nodes.filter((node) => !mutates(node)).map((node) => compileNode(node, path, context));
  const mutations = nodes.filter(mutates).map((node) => compileNode(node, path, context));
  const together: Step = async (run) => void (await Promise.all(queries.map((step) => step(run))));
  return mutations.length === 0 ? together : inOrder([together, ...mutations]);
}

function mutates(node: PlanNode): boolean {
  switch (node.kind) {
    case "Sequence":
    case "Parallel":
      return node.nodes.some(mutates);
    case "Condition":
      return [node.ifClause, node.elseClause].some((clause) => clause && mutates(clause));
    case "Flatten":
      return mutates(node.node);
    case "Fetch":
    case "BatchFetch":
      return node.operationKind === "mutation";
    case "Subscription":
    case "Defer":
      return false;
  }
}

function callOf(node: FetchNode | BatchFetchNode): Send {
  if (node.operationKind === "subscription") throw new Error("the plan fetches a subscription");
  return compileCall({
    service: node.serviceName,
    kind: node.operationKind ?? "query",
    operation: node.operation,
    variableUsages: node.variableUsages ?? [],
  });
}

function compileRootFetch(node: FetchNode, path: FlattenPath, context: Context): Step {
  if (path.length > 0) throw new Error("the plan flattens a fetch that requires nothing");
  const send = callOf(node);
  const settle = compileRootSettle(node, context);
  return async (run) => settle(run, await send(run, []));
}

function compileRootSettle(node: FetchNode, context: Context): Source["settle"] {
  // The root's type is ours to name: a service may call its own otherwise.
  const shape = writeOf(node, context).shape.filter(({ key }) => key !== "__typename");
  const keys = shape.map(({ key }) => key);
  const rewrites = (node.outputRewrites ?? []).map((rewrite) => compileRewrite(rewrite, context.schema));
  return (run, answer) => {
    if (answer.kind === "failure") {
      failInto(run.data, covering(answer.failure, keys), shape);
      return;
    }
    for (const rewrite of rewrites) rewrite(answer.data);
    mergeInto(run.data, answer.data, shape, "share");
    run.unplaced.push(...answer.unplaced);
  };
}

function compileEntityFetch(node: FetchNode, path: FlattenPath, context: Context): Step {
  return compileEntities(
    callOf(node),
    node,
    [{ field: entityAliasOf(node, path), write: writeOf(node, context) }],
    context,
  );
}

function compileBatch(node: BatchFetchNode, context: Context): Step {
  const fields = node.entityBatch.aliases.map((field) => ({ field, write: writeOf(field, context) }));
  return compileEntities(callOf(node), node, fields, context);
}

type PlannedField = { readonly field: EntityBatchAlias; readonly write: Write };

function compileEntities(
  send: Send,
  { serviceName: service, operation }: FetchNode | BatchFetchNode,
  fields: readonly PlannedField[],
  { schema, facts, writes }: Context,
): Step {
  const all = [...writes.values()];
  const gathers = fields.map(({ field, write }) => {
    const represented = {
      service,
      key: field.alias,
      requires: field.requires,
      inputRewrites: field.inputRewrites ?? [],
    };
    return compileEntityField(
      {
        ...represented,
        variable: field.representationsVariableName,
        paths: field.paths,
        outputRewrites: field.outputRewrites ?? [],
        shape: write.shape,
        adoption: adoptionFor(write, all),
        sparing: compileSparing({ ...represented, operation }, schema, facts),
      },
      schema,
    );
  });
  return async (run) => {
    const gathered = gathers.map((gather) => gather(run));
    if (gathered.every(({ isEmpty }) => isEmpty)) return;
    const answer = await send(
      run,
      gathered.map(({ variable }) => variable),
    );
    if (answer.kind === "data") run.unplaced.push(...answer.unplaced);
    for (const { settle } of gathered) settle(answer.kind === "data" ? answer.data : wholly(answer.failure));
  };
}

function writeOf(node: FetchNode | EntityBatchAlias, { writes }: Context): Write {
  const write = writes.get(node);
  if (write === undefined) throw new Error("a fetch of the plan was not described");
  return write;
}
