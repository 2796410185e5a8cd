import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { composeServices } from "@theguild/federation-composition";
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import {
  checkOperationLimits,
  compileOperation,
  consumerSchema,
  prepareOperation,
  type QueryPlan,
  SupergraphFacts,
} from "@catalyst-node/core/execution";
import { defaultGatewayLimits } from "@catalyst-node/core/model";
import { askedTooMuch } from "./asked-too-much.ts";
import type { Phase } from "./evaluate.ts";
import { coerceVariables } from "../../core/src/execution/execute.ts";
import { executeBothWays } from "../../core/src/execution/testing/both-ways.ts";
import { type Model } from "./model.ts";
import type { OperationCase } from "./operation.ts";
import { Outage } from "./outage.ts";
import { composerWords } from "./overlooked.ts";
import { type Reference, referenceOf, resolversOf } from "./reference.ts";
import { federated, type Service, serviceOf } from "./subgraph.ts";
import { type Fault, World } from "./world.ts";

/** A model brought to life: composed, planned and executed by us, and as one plain schema by graphql-js. */
export type Graph = {
  readonly schema: GraphQLSchema;
  readonly reference: Reference;
  /** Throws `Stopped` when there is no plan for it. */
  readonly answer: (
    document: DocumentNode,
    operation: Omit<OperationCase, "query">,
    tell: (phase: Phase) => void,
  ) => Promise<Answer>;
};

type Answer = {
  readonly result: ExecutionResult;
  readonly plan: QueryPlan | undefined;
  /** A field that the plan asks where nobody wants it (asked-too-much.ts). */
  readonly tooMuch: () => string | undefined;
  /** Where the service that is down was asked, and what comes of it is certain. */
  readonly outage: Outage | undefined;
  readonly isDirect: boolean;
};

/** Where a case ends before there is an answer to compare. */
export class Stopped extends Error {
  readonly stage: "compose" | "schema" | "prepare" | "plan" | "compile" | "execute";

  constructor(stage: Stopped["stage"], message: string) {
    super(message);
    this.stage = stage;
  }
}

/** What the planner is spared, and no more: what is asked here is no client's. */
const loose = { ...defaultGatewayLimits, maxDepth: 0, maxAliases: 0, maxDirectives: 0, maxRootFields: 0 };

export function buildGraph(model: Model, seed: string, onFault?: (fault: Fault) => void): Graph {
  const supergraphSdl = compose(model);
  const planner = attempt("schema", () => new QueryPlanner(supergraphSdl));
  const schema = build(planner.consumerSchema);
  const facts = new SupergraphFacts(supergraphSdl);
  const reference = referenceOf(model, new World(model, seed, onFault));
  const [ours, plain] = [schema, reference.schema].map((each) => printSchema(lexicographicSortSchema(each)));
  if (ours !== plain) throw new Stopped("schema", `clients see another schema:\n${ours}\ninstead of\n${plain}`);
  const world = new World(model, seed);
  const services = startServices(model, world);
  return {
    schema,
    reference,
    answer: async (document, { variables, down }, tell) => {
      const objections = checkOperationLimits(document, loose);
      if (objections.length > 0) throw new Stopped("prepare", JSON.stringify(objections.map(({ problem }) => problem)));
      const prepared = prepareOperation({ schema, facts, document, operationName: undefined });
      if (!prepared.ok) throw new Stopped("prepare", JSON.stringify(prepared.problems));
      const { planQuery } = prepared.value;
      tell({ kind: "planning" });
      const plan = planQuery === undefined ? undefined : attempt("plan", () => planOf(planner, planQuery));
      tell({ kind: "planned" });
      const compiled = compileOperation(prepared.value, plan);
      if (!compiled.ok) throw new Stopped("compile", JSON.stringify(compiled.problems));
      const possible = down === undefined ? undefined : new Outage(model, down);
      const outage = possible?.isExact(plan) === true ? possible : undefined;
      world.reset();
      try {
        const { result, isDirect } = await executeBothWays(compiled.value, {
          variables,
          services: {
            send: async ({ service, body }) => {
              if (service === outage?.service) return outage.answer(body);
              const answer = services.get(service);
              if (answer === undefined) throw new Error(`the plan names an unknown service ${service}`);
              return answer(body);
            },
          },
          signal: new AbortController().signal,
        });
        const tooMuch = () =>
          askedTooMuch(prepared.value, plan, coerceVariables(prepared.value, variables).coerced ?? {});
        return { result: JSON.parse(JSON.stringify(result)), plan, outage, isDirect, tooMuch };
      } catch (error) {
        throw new Stopped("execute", `${textOf(error)}\n${JSON.stringify(plan)}`);
      }
    },
  };
}

/** The supergraph; also used to ask whether a known gap of the composer still is one. */
export function compose(model: Model): string {
  const services = model.subgraphs.map((name) => ({ name, url: `http://${name}`, typeDefs: federated(model, name) }));
  const { supergraphSdl, errors } = attempt("compose", () => composeServices(services));
  if (supergraphSdl === undefined) {
    const schemas = services.map(({ typeDefs }) => typeDefs);
    throw new Stopped("compose", composerWords(errors ?? [], schemas));
  }
  return supergraphSdl;
}

/** One world for all services, as one database would be: what a mutation counts, all see. */
function startServices(model: Model, world: World): ReadonlyMap<string, Service> {
  const resolve = resolversOf(model, world);
  return new Map(model.subgraphs.map((name) => [name, serviceOf(model, name, world, resolve)]));
}

function planOf(planner: QueryPlanner, query: string): QueryPlan {
  const plan: QueryPlan = JSON.parse(JSON.stringify(planner.plan(query, null, new Set(), 0)));
  return plan;
}

function build(sdl: string): GraphQLSchema {
  const steps = consumerSchema(sdl);
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    if (!value.ok) throw new Stopped("schema", JSON.stringify(value.problems));
    return value.value;
  }
}

function attempt<Value>(stage: Stopped["stage"], make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw error instanceof Stopped ? error : new Stopped(stage, textOf(error));
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
