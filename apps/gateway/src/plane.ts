import { type Asker, type HttpServer, type Listen, serveHttp } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import { PlannerReserve } from "@catalyst-node/adapters/planner";
import { createServicePort, createServiceSubscriptions } from "@catalyst-node/adapters/services";
import { subscribeOperation, writeOperation } from "@catalyst-node/core/execution";
import { defaultLimits, formatProblem, type Limits, persistedOperations, type Result } from "@catalyst-node/core/model";
import { decided } from "./decide.ts";
import { EndpointSwap } from "./endpoint-swap.ts";
import { buildGeneration, type Generation, type Serve } from "./generation.ts";
import { OnBehalf } from "./on-behalf.ts";
import { Operations } from "./operations.ts";
import type { OperationsTold } from "./read-operations.ts";
import { lacksKey, type TrustTold } from "./read-trust.ts";
import { Refusals } from "./refusals.ts";
import type { EndpointTable } from "./sections.ts";
import type { Served } from "./served.ts";
import { type Upstream, upstreamOf } from "./upstream.ts";
import { ServiceErrors } from "./service-errors.ts";
import { GatewayVetting, tellRefused } from "./vetting.ts";

/** All that answers clients in one process, to be told what to serve. Disposing it ends its planners. */
export type Plane = AsyncDisposable & {
  readonly operations: Operations;
  readonly refusals: Refusals;
  /** By the reason. */
  readonly tokenRefusals: Refusals;
  readonly upstream: () => Upstream;
  readonly build: (sdl: string, signal: AbortSignal) => Promise<Result<Generation>>;
  readonly serveSchema: (generation: Generation) => void;
  readonly serveEndpoints: (table: EndpointTable, schemaRefused: boolean) => void;
  readonly serveLimits: (limits: Limits) => void;
  readonly serveOperations: (operations: OperationsTold) => void;
  readonly serveTrust: (trust: TrustTold) => void;
  /** Binds; until then nobody can ask anything. */
  readonly listen: (address: Listen) => Promise<Result<HttpServer>>;
};

/** Introduces the parts to each other. */
export function openPlane(served: Served, log: Logger): Plane {
  const stack = new AsyncDisposableStack();
  const reserve = stack.use(new PlannerReserve());
  const operations = new Operations();
  const refusals = new Refusals();
  const tokenRefusals = new Refusals();
  let limits = defaultLimits;
  let http: HttpServer | undefined;
  const services = stack.use(
    createServicePort({
      onBreaker: ({ service, url, state, failures }) =>
        (state === "open" ? log.warn : log.info)("a service's endpoint", { service, url, breaker: state, failures }),
    }),
  );
  const sources = stack.use(createServiceSubscriptions());
  const errors = new ServiceErrors({
    isMasked: () => served.identity?.showServiceErrors !== true,
    log,
    now: () => performance.now(),
  });
  const vetting = new GatewayVetting({
    identity: () => served.identity,
    onRefused: tellRefused(log, tokenRefusals),
    now: Date.now,
  });
  const onBehalf = stack.use(new OnBehalf(log));
  const servicesFor = (who: Asker) => errors.services(onBehalf.services(services, who), who);
  const sourcesFor = (who: Asker) => errors.sources(onBehalf.sources(sources, who), who);
  const endpoints = new EndpointSwap((table) => {
    services.setEndpoints(table);
    sources.setEndpoints(table);
  });
  const maxAnswer = (): number => limits.requests.maxResponse;
  const serve: Serve = {
    execute: (compiled, { who, variables, headers, signal }) =>
      writeOperation(compiled, { variables, services: servicesFor(who), headers, signal, maxAnswer: maxAnswer() }),
    subscribe: (compiled, { who, variables, headers, signal }) => {
      const ports = { services: servicesFor(who), sources: sourcesFor(who) };
      return subscribeOperation(compiled, { variables, ...ports, headers, signal, maxAnswer: maxAnswer() });
    },
    onUnplanned: (problems) =>
      log.warn("a valid operation cannot be planned", { problems: problems.map(formatProblem) }),
    watch: (run) => operations.watch(decided(run, { mayAsk: (who) => vetting.mayAsk(who), onRefused: refusals.count })),
    onError: (error) => log.error("an operation failed inside the gateway", { error }),
    onRefused: refusals.count,
  };
  return {
    operations,
    refusals,
    tokenRefusals,
    upstream: () => upstreamOf(services),
    build: (sdl, signal) => buildGeneration(sdl, { serve, reserve }, signal),
    serveSchema: (generation) =>
      served.swap(generation, (error) => {
        if (error !== undefined) log.error("a former schema did not end cleanly", { error });
        if (served.generations === 1) endpoints.settle();
      }),
    serveEndpoints: (table, schemaRefused) => {
      endpoints.apply(table, served.generations > 1, schemaRefused);
      served.endpointsApplied();
    },
    serveLimits: (told) => {
      limits = told;
      served.setLimits(told.requests);
      http?.setLimits(told.requests);
      services.setLimits(told.upstream);
      sources.setLimits(told.upstream);
    },
    serveTrust: (told) => {
      vetting.setTrust(told);
      onBehalf.setTrust(told);
      served.setLacksKey(lacksKey(told));
      http?.lookAgain();
    },
    serveOperations: (told) => served.setOperations(persistedOperations(told.mode, told.operations)),
    listen: async (address) => {
      const listening = await serveHttp(
        address,
        {
          acquire: served.acquire,
          notReady: served.notReady,
          onError: (error, requestId) => log.error("a request failed inside the gateway", { error, requestId }),
          onRefused: refusals.count,
          vetting,
        },
        limits.requests,
      );
      if (listening.ok) http = listening.value;
      return listening;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
