import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { composeServices } from "@theguild/federation-composition";
import { parse, validate } from "graphql";
import { consumerSchema, prepareOperation, type QueryPlan, SupergraphFacts } from "@catalyst-node/core/execution";
import { askedTooMuch } from "./asked-too-much.ts";
import { asksTooMuch, type Outcome, type Phase } from "./evaluate.ts";
import { federationLink } from "./model.ts";
import { composerWords } from "./overlooked.ts";
import { entitySchema } from "./subgraph.ts";

/** Services and an operation, only to be planned. */
export type PlanCase = { readonly services: Readonly<Record<string, string>>; readonly query: string };

/** How planning ends; a plan whose requests the services would refuse is none. */
export function planCase({ services, query }: PlanCase, tell: (phase: Phase) => void): Outcome {
  let stage: "compose" | "schema" | "prepare" | "plan" | "execute" = "compose";
  try {
    const named = Object.entries(services);
    const schemas = named.map(([, sdl]) => parse(`${federationLink}\n${sdl}`));
    const { supergraphSdl, errors } = composeServices(
      named.map(([name], index) => ({ name, url: `http://${name}`, typeDefs: schemas[index] ?? parse("") })),
    );
    if (supergraphSdl === undefined) throw new Error(composerWords(errors ?? [], schemas));
    stage = "schema";
    const planner = new QueryPlanner(supergraphSdl);
    const steps = consumerSchema(planner.consumerSchema);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    if (!step.value.ok) throw new Error(JSON.stringify(step.value.problems));
    stage = "prepare";
    const prepared = prepareOperation({
      schema: step.value.value,
      facts: new SupergraphFacts(supergraphSdl),
      document: parse(query),
      operationName: undefined,
    });
    if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
    stage = "plan";
    tell({ kind: "planning" });
    const plan: QueryPlan = JSON.parse(
      JSON.stringify(planner.plan(prepared.value.planQuery ?? "", null, new Set(), 0)),
    );
    tell({ kind: "planned" });
    stage = "execute";
    for (const { service, operation } of requestsOf(plan)) {
      const [invalid] = validate(entitySchema(parse(services[service] ?? "")), parse(operation));
      if (invalid) throw new Error(`${service} was sent an invalid operation: ${invalid.message}`);
    }
    const field = askedTooMuch(prepared.value, plan, {});
    if (field !== undefined)
      return { kind: "different", what: `${asksTooMuch}: ${field}`, ours: "", expected: "", plan: "" };
    return { kind: "same", features: [] };
  } catch (error) {
    return { kind: "stopped", stage, message: String(error) };
  }
}

function requestsOf(part: unknown): readonly { readonly service: string; readonly operation: string }[] {
  if (typeof part !== "object" || part === null) return [];
  const below = Object.values(part).flatMap(requestsOf);
  if (!("serviceName" in part) || !("operation" in part)) return below;
  return [...below, { service: String(part.serviceName), operation: String(part.operation) }];
}
