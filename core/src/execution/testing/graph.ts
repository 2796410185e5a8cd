import assert from "node:assert/strict";
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { composeServices } from "@theguild/federation-composition";
import { execute, type ExecutionResult, type GraphQLSchema, parse, validate } from "graphql";
import type { Result } from "../../model/index.ts";
import {
  type CompiledOperation,
  compileOperation,
  consumerSchema,
  executeOperation,
  prepareOperation,
  protectionOf,
  type QueryPlan,
  SupergraphFacts,
  type ServiceAnswer,
  type ServicePort,
  type ServiceRequest,
  subscribeOperation,
  type SubscriptionPort,
} from "../index.ts";
import { executeBothWays } from "./both-ways.ts";
import {
  type Entities,
  federated,
  type GraphQLBody,
  resolvable,
  type Resolvers,
  type Row,
  subgraph,
} from "./subgraph.ts";

export type GraphSource = {
  /** Subgraph name -> SDL, without the `@link`. */
  readonly services: Readonly<Record<string, string>>;
  readonly resolvers: Resolvers;
  readonly entities: Entities;
  /** Resolvers that one service alone has, before all others. */
  readonly own?: Readonly<Record<string, Resolvers>>;
};

/** Stands between the executor and one real subgraph: may answer by itself, or change what it answers. */
export type Interference = (
  body: GraphQLBody,
  real: () => Promise<ServiceAnswer>,
) => Promise<ServiceAnswer> | ServiceAnswer;
export type Interferences = Readonly<Record<string, Interference>>;

type SubscribeOptions = {
  readonly variables?: Row;
  readonly interferences?: Interferences;
  readonly signal?: AbortSignal;
};

/** A federated graph with the real composer and planner, and the same types and resolvers as one plain schema. */
export class TestGraph {
  readonly schema: GraphQLSchema;
  readonly calls: ServiceRequest[] = [];
  readonly #plain: GraphQLSchema;
  readonly #planner: QueryPlanner;
  readonly facts: SupergraphFacts;
  readonly #services: ReadonlyMap<string, (body: GraphQLBody) => Promise<unknown>>;

  /** Called twice, so that what a mutation changes behind the services is not changed for the plain schema. */
  constructor(source: () => GraphSource) {
    const { services, resolvers, entities, own = {} } = source();
    const named = Object.entries(services);
    const composed = composeServices(
      named.map(([name, sdl]) => ({ name, url: `http://${name}`, typeDefs: federated(sdl) })),
    );
    assert.ok(composed.supergraphSdl, `the test's services compose: ${String(composed.errors)}`);
    this.#planner = new QueryPlanner(composed.supergraphSdl);
    this.facts = new SupergraphFacts(composed.supergraphSdl, value(atOnce(protectionOf(composed.supergraphSdl))));
    this.schema = value(atOnce(consumerSchema(this.#planner.consumerSchema)));
    this.#plain = resolvable(value(atOnce(consumerSchema(this.#planner.consumerSchema))), source().resolvers);
    this.#services = new Map(
      named.map(([name, sdl]) => [name, subgraph(sdl, { ...resolvers, ...own[name] }, entities)]),
    );
  }

  compile(query: string, operationName?: string): CompiledOperation {
    const document = parse(query);
    assert.deepEqual(validate(this.schema, document), [], "the test's query is valid");
    const prepared = value(prepareOperation({ schema: this.schema, facts: this.facts, document, operationName }));
    return value(compileOperation(prepared, this.plan(prepared.planQuery)));
  }

  plan(planQuery: string | undefined): QueryPlan | undefined {
    if (planQuery === undefined) return undefined;
    const plan: QueryPlan = JSON.parse(JSON.stringify(this.#planner.plan(planQuery, null, new Set(), 99.999999)));
    return plan;
  }

  async answer(
    query: string,
    variables: Row = {},
    interferences: Interferences = {},
    signal?: AbortSignal,
  ): Promise<ExecutionResult> {
    const services = this.#port(interferences);
    this.calls.length = 0;
    const request = { variables, services, signal: signal ?? new AbortController().signal };
    const { result } = await executeBothWays(this.compile(query), request);
    return plainJson(result);
  }

  /** The same, only once: for what takes long enough. */
  async answerOnce(query: string, interferences: Interferences): Promise<ExecutionResult> {
    const { signal } = new AbortController();
    return executeOperation(this.compile(query), { variables: {}, services: this.#port(interferences), signal });
  }

  /** The answers of a subscription whose source tells these events. */
  async subscribe(
    query: string,
    events: SubscriptionPort["subscribe"],
    { variables = {}, interferences = {}, signal = new AbortController().signal }: SubscribeOptions = {},
  ): Promise<readonly ExecutionResult[]> {
    const services = this.#port(interferences);
    const sources = { subscribe: events };
    const answers = subscribeOperation(this.compile(query), { variables, services, sources, signal });
    if (!(Symbol.asyncIterator in answers)) return [plainJson(answers)];
    const all: ExecutionResult[] = [];
    for await (const answer of answers) all.push(plainJson(answer));
    return all;
  }

  /** What graphql-js answers from one plain schema with the same resolvers. */
  async expected(query: string, variables: Row = {}): Promise<ExecutionResult> {
    return plainJson(
      await execute({ schema: this.#plain, document: parse(query), rootValue: {}, variableValues: variables }),
    );
  }

  /** Asserts equal data (key order too) and the same errors by path and message, in any order. */
  async assertSame(query: string, variables: Row = {}): Promise<ExecutionResult> {
    const actual = await this.answer(query, variables);
    const expected = await this.expected(query, variables);
    assert.equal(JSON.stringify(actual.data, null, 1), JSON.stringify(expected.data, null, 1), query);
    assert.deepEqual(errorLines(actual), errorLines(expected), query);
    return actual;
  }

  #port(interferences: Interferences): ServicePort {
    return {
      send: async (request) => {
        this.calls.push(request);
        const body: GraphQLBody = JSON.parse(request.body);
        const service = this.#services.get(request.service);
        assert.ok(service, `the plan names a service that exists: ${request.service}`);
        const real = async (): Promise<ServiceAnswer> => ({ kind: "answered", payload: await service(body) });
        return (await interferences[request.service]?.(body, real)) ?? real();
      },
    };
  }
}

/** `a.0.b: message`, sorted. */
export function errorLines({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ path, message }) => `${path?.join(".") ?? ""}: ${message}`).toSorted();
}

/** `service CODE`, each once. */
export function errorCodes({ errors = [] }: ExecutionResult): readonly string[] {
  return [...new Set(errors.map(({ extensions }) => `${String(extensions["service"])} ${String(extensions["code"])}`))];
}

/** Takes all steps, one after the other. */
export function atOnce<Value>(steps: Generator<undefined, Value>): Value {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

export function value<Value>(result: Result<Value>): Value {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function plainJson(result: ExecutionResult): ExecutionResult {
  const json: ExecutionResult = JSON.parse(JSON.stringify(result));
  return json;
}
