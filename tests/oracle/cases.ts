import { buildSchema, type GraphQLSchema } from "graphql";
import type { Case } from "./evaluate.ts";
import { generateModel } from "./generate-model.ts";
import { hazardsOf } from "./hazards.ts";
import { type Model, plainSdl, subgraphSdl } from "./model.ts";
import { generateOperation, type OperationCase } from "./operation.ts";
import { Random } from "./random.ts";

/** How many operations are tried on one generated graph. */
const operationsPerGraph = 25;

/** `seed/graph/operation`: names one case, and repeats it. */
export type CaseId = `${string}/${number}/${number}`;

/** All cases of a seed, one graph after the other, without an end. `step` of several who share them takes every nth graph. */
export function* casesOf(seed: string, first = 0, step = 1): Generator<{ readonly id: CaseId; readonly asked: Case }> {
  for (let graph = first; ; graph += step) {
    const model = modelOf(seed, graph);
    const schema = buildSchema(plainSdl(model));
    for (let index = 0; index < operationsPerGraph; index++) {
      const id: CaseId = `${seed}/${graph}/${index}`;
      yield { id, asked: { model, seed: `${seed}/${graph}`, operation: operationOf(id, model, schema) } };
    }
  }
}

/** One case by its name. Undefined when the name is none. */
export function caseOf(id: string): Case | undefined {
  const parts = /^(.+)\/(\d+)\/(\d+)$/.exec(id);
  if (parts === null) return undefined;
  const [, seed = "", graph] = parts;
  const model = modelOf(seed, Number(graph));
  const operation = operationOf(id, model, buildSchema(plainSdl(model)));
  return { model, seed: `${seed}/${graph}`, operation };
}

function operationOf(id: string, model: Model, schema: GraphQLSchema): OperationCase {
  const operation = generateOperation(schema, new Random(id), hazardsOf(model));
  const random = new Random(`${id} outage`);
  return random.chance(0.25) ? { ...operation, down: random.pick(model.subgraphs) } : operation;
}

function modelOf(seed: string, graph: number): Model {
  return generateModel(new Random(`${seed}/${graph}`));
}

/** For a reader: each subgraph's SDL, the operation, its variables. */
export function printCase({ model, operation }: Case): string {
  const sdls = model.subgraphs.map((name) => `# subgraph ${name}\n${subgraphSdl(model, name)}`);
  const down = operation.down === undefined ? [] : [`# service ${operation.down} is down`];
  return [...sdls, "# operation", operation.query, `# variables\n${JSON.stringify(operation.variables)}`, ...down].join(
    "\n\n",
  );
}
