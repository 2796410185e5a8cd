import { parse, validate } from "graphql";
import { difference } from "./compare.ts";
import { featuresOfAnswers, featuresOfModel, featuresOfOperation, featuresOfPlan } from "./coverage.ts";
import { buildGraph, type Graph, Stopped } from "./graph.ts";
import type { Model } from "./model.ts";
import type { OperationCase } from "./operation.ts";

/** One thing to try: everything follows from it. */
export type Case = { readonly model: Model; readonly seed: string; readonly operation: OperationCase };

export type Outcome =
  | { readonly kind: "same"; readonly features: readonly string[] }
  /** The answers differ: a defect of ours until it is shown otherwise. */
  | {
      readonly kind: "different";
      readonly what: string;
      readonly ours: string;
      readonly expected: string;
      readonly plan: string;
    }
  /** There was nothing to compare: no supergraph, no plan. */
  | { readonly kind: "stopped"; readonly stage: Stopped["stage"]; readonly message: string }
  /** The process died. */
  | { readonly kind: "crashed"; readonly message: string }
  /** What shrinking made of the case is no case. */
  | { readonly kind: "invalid" };

/** Of a difference that a plan explains which asks too much (asked-too-much.ts). */
export const asksTooMuch = "the plan asks a field of objects of which the operation does not select it";

/** Told before and after the planner is asked, which may never come back. */
export type Phase = { readonly kind: "planning" | "planned" };

const graphs = new Map<string, Graph>();

/** Runs one case in this process; a planner that dies takes it along. */
export async function evaluate({ model, seed, operation }: Case, tell: (phase: Phase) => void): Promise<Outcome> {
  try {
    const graph = graphOf(model, seed);
    const document = parse(operation.query);
    if (validate(graph.schema, document).length > 0) return { kind: "invalid" };
    const { result, plan, outage, isDirect, tooMuch } = await graph.answer(document, operation, tell);
    const expected = await graph.reference.answer(document, operation.variables, outage);
    // Of a type that shrinking took out.
    if (expected.errors?.some(({ message }) => message.endsWith("that does not exist inside the schema.")))
      return { kind: "invalid" };
    const isTold = result.errors !== undefined && result.data !== undefined;
    const possible = isTold ? await graph.reference.allErrors(document, operation.variables, outage) : expected;
    const what = difference(result, expected, possible);
    if (what === undefined) {
      const features = [
        ...featuresOfPlan(plan),
        ...featuresOfModel(model),
        ...featuresOfOperation(operation),
        ...featuresOfAnswers(expected),
        ...(isDirect ? ["answered: the direct way"] : []),
      ];
      return { kind: "same", features: [...new Set(features)] };
    }
    const [ours, theirs, planned] = [result, expected, plan].map((each) => JSON.stringify(each, null, 1) ?? "");
    const field = tooMuch();
    const named = field === undefined ? what : `${asksTooMuch}: ${field}; ${what}`;
    return { kind: "different", what: named, ours: ours ?? "", expected: theirs ?? "", plan: planned ?? "" };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { kind: "stopped", stage: error.stage, message: error.message };
  }
}

function graphOf(model: Model, seed: string): Graph {
  const key = `${seed} ${JSON.stringify(model)}`;
  const known = graphs.get(key);
  if (known) return known;
  graphs.clear();
  const graph = buildGraph(model, seed);
  graphs.set(key, graph);
  return graph;
}
