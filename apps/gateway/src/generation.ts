import {
  createEndpoint,
  type EndpointOptions,
  type EndpointSettings,
  type GraphqlEndpoint,
  type Held,
} from "@catalyst-node/adapters/http";
import { type Planner, type PlannerReserve, startPlanner } from "@catalyst-node/adapters/planner";
import {
  consumerSchema,
  type CostRules,
  costRulesOf,
  emptySchema,
  noCostRules,
  protectionOf,
  SupergraphFacts,
} from "@catalyst-node/core/execution";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { GraphQLSchema } from "graphql";
import { inSlices } from "./in-slices.ts";
import { emptyRunner, type Execute, operationRunner, type Planned, type Run, type Subscribe } from "./operation.ts";
import { checkSupergraph } from "./sections.ts";

/** How long operations of a schema that was replaced may go on, in milliseconds; above a request's own deadline. */
const retireMs = 15_000;

/**
 * One schema with all that hangs on it: planner, caches, endpoint. Immutable; replaced as a whole and disposed when its
 * last operation has ended, so that no operation ever sees two schemas.
 */
export class Generation implements AsyncDisposable {
  readonly #schema: GraphQLSchema;
  readonly #planner: Planner | undefined;
  readonly #costRules: CostRules;
  readonly #run: Run;
  readonly #hearing: Pick<EndpointOptions, "onError" | "onRefused">;
  #endpoint: GraphqlEndpoint | undefined;
  readonly #idle = Promise.withResolvers<void>();
  readonly #expired = new AbortController();
  #users = 0;
  #retired = false;

  constructor(schema: GraphQLSchema, planned: (Planned & { readonly costRules: CostRules }) | undefined, serve: Serve) {
    this.#schema = schema;
    this.#planner = planned?.planner;
    this.#costRules = planned?.costRules ?? noCostRules;
    this.#run = serve.watch(planned === undefined ? emptyRunner(schema) : operationRunner(schema, planned, serve));
    this.#hearing = { onError: serve.onError, onRefused: serve.onRefused };
  }

  /** Planner processes of this generation that died and were replaced. */
  get plannerRestarts(): number {
    return this.#planner?.restarts ?? 0;
  }

  /**
   * The endpoint for these settings; it stays usable until every user has given it back. A subscription that is planned needs
   * no more of it than the schema.
   */
  acquire(settings: EndpointSettings): Held {
    this.#users += 1;
    const known = this.#endpoint;
    const endpoint = known?.settings === settings ? known : this.#open(settings);
    return { endpoint, release: () => this.#release(), expired: this.#expired.signal };
  }

  /** Ends the subscriptions that still go on with it. */
  expire(): void {
    this.#expired.abort();
  }

  /** Waits until the last operation has ended (or its time is up), then ends the planner. */
  async retire(): Promise<void> {
    this.#retired = true;
    const deadline = setTimeout(() => this.#idle.resolve(), retireMs);
    if (this.#users === 0) this.#idle.resolve();
    await this.#idle.promise;
    clearTimeout(deadline);
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#planner?.[Symbol.asyncDispose]();
  }

  #release(): void {
    this.#users -= 1;
    if (this.#retired && this.#users === 0) this.#idle.resolve();
  }

  #open(settings: EndpointSettings): GraphqlEndpoint {
    const judging = { schema: this.#schema, costRules: this.#costRules, settings };
    this.#endpoint = createEndpoint({ ...judging, ...this.#run, ...this.#hearing });
    return this.#endpoint;
  }
}

/** What every generation shares with the process. */
export type Serve = {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  /** Hears why a valid operation cannot be planned. */
  readonly onUnplanned: (problems: readonly Problem[]) => void;
  /** Counts operations. */
  readonly watch: (run: Run) => Run;
} & Pick<EndpointOptions, "onError" | "onRefused">;

/** What every generation is built with. */
export type BuildOptions = { readonly serve: Serve; readonly reserve: PlannerReserve };

/**
 * Builds a generation beside whatever serves. Fails with every reason, also when it is aborted, and then leaves no
 * process behind.
 */
export async function buildGeneration(
  sdl: string,
  { serve, reserve }: BuildOptions,
  signal: AbortSignal,
): Promise<Result<Generation>> {
  if (sdl === "") return ok(new Generation(emptySchema(), undefined, serve));
  const problems = checkSupergraph(sdl);
  if (problems.length > 0) return fail(...problems);
  await using stack = new AsyncDisposableStack();
  const giveUp = new AbortController();
  stack.defer(() => giveUp.abort());
  const build = (consumerSdl: string) =>
    inSlices(consumerSchema(consumerSdl), AbortSignal.any([signal, giveUp.signal]));
  let early: { readonly sdl: string; readonly schema: ReturnType<typeof build> } | undefined;
  const onOutline = (outline: string): void => {
    early = { sdl: outline, schema: build(outline) };
  };
  const planner = await startPlanner({ supergraphSdl: sdl, reserve, signal, onOutline });
  if (!planner.ok) return planner;
  stack.use(planner.value);
  const { consumerSdl } = planner.value;
  const schema = await (early?.sdl === consumerSdl ? early.schema : build(consumerSdl));
  const protection = await inSlices(protectionOf(sdl), signal);
  const costRules = await inSlices(costRulesOf(sdl), signal);
  if (schema === undefined || protection === undefined || costRules === undefined)
    return fail({ code: "CAT-EXEC-015", path: "", message: "stopped before the schema was built" });
  if (!schema.ok) return schema;
  if (!protection.ok) return protection;
  if (!costRules.ok) return costRules;
  stack.move();
  const facts = new SupergraphFacts(sdl, protection.value);
  return ok(new Generation(schema.value, { planner: planner.value, facts, costRules: costRules.value }, serve));
}
