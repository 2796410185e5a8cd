import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, validate } from "graphql";
import { prepareOperation } from "@catalyst-node/core/execution";
import { errorLines, type GraphSource, TestGraph } from "../../core/src/execution/testing/graph.ts";
import type { Resolvers, Row } from "../../core/src/execution/testing/subgraph.ts";

/** Services with their data, which the real composer, the real planner and our executor make one graph of. */
export type Services = {
  readonly services: GraphSource["services"];
  /** Whatever has no resolver is read from its row. */
  readonly resolvers: Resolvers;
  /** What one service alone answers, where it matters who was asked. */
  readonly own?: GraphSource["own"];
  /** The entities, found by what a representation and a row have in common. */
  readonly entities?: Readonly<Record<string, readonly Row[]>>;
};

type Asked = {
  readonly query: string;
  readonly variables?: Row;
  readonly data: unknown;
  /** `path: message`, sorted. */
  readonly errors?: readonly string[];
  /** How many each service got. */
  readonly requests: Readonly<Record<string, number>>;
};

/** Tests that the graph answers exactly this, with exactly these requests. */
export function answers(
  behaviour: string,
  services: Services,
  { query, variables, data, errors = [], requests }: Asked,
) {
  test(behaviour, async () => {
    const graph = graphOf(services);
    const answer = await graph.answer(query, variables);
    assert.deepEqual(answer.data, data);
    assert.deepEqual(errorLines(answer), errors);
    const counts: Record<string, number> = {};
    for (const { service } of graph.calls) counts[service] = (counts[service] ?? 0) + 1;
    assert.deepEqual(counts, requests);
  });
}

/** What keeps a client from asking this: messages of the validation, else codes of the preparation. */
export function refusals(services: Services, query: string): readonly string[] {
  const graph = graphOf(services);
  const document = parse(query);
  const invalid = validate(graph.schema, document, undefined, { hideSuggestions: true });
  if (invalid.length > 0) return invalid.map(({ message }) => message);
  const prepared = prepareOperation({ schema: graph.schema, facts: graph.facts, document, operationName: undefined });
  return prepared.ok ? [] : prepared.problems.map(({ code, message }) => `${code} ${message}`);
}

export function graphOf({ services, resolvers, own = {}, entities = {} }: Services): TestGraph {
  const found = Object.entries(entities).map(
    ([type, rows]) => [type, (given: Row) => rows.find((row) => isAlike(row, given)) ?? null] as const,
  );
  return new TestGraph(() => ({ services, resolvers, own, entities: Object.fromEntries(found) }));
}

function isAlike(row: Row, given: Row): boolean {
  const shared = Object.keys(given).filter((key) => key !== "__typename" && key in row);
  return shared.length > 0 && shared.every((key) => holds(row[key], given[key]));
}

function holds(value: unknown, given: unknown): boolean {
  if (typeof given !== "object" || given === null) return value === given;
  return Object.entries(given).every(([key, each]) => key === "__typename" || holds(Object(value)[key], each));
}
