import { randomUUID } from "node:crypto";
import { type HttpServer, serveHttp } from "@catalyst-node/adapters/http";
import { createLogger, type Logger } from "@catalyst-node/adapters/log";
import { PlannerReserve } from "@catalyst-node/adapters/planner";
import { listenForShutdown } from "@catalyst-node/adapters/process";
import { type RpcServer, serveRpc } from "@catalyst-node/adapters/rpc";
import { createServicePort, createServiceSubscriptions } from "@catalyst-node/adapters/services";
import { writeOperation, subscribeOperation } from "@catalyst-node/core/execution";
import { formatProblem, ok, type Result } from "@catalyst-node/core/model";
import { Configurator } from "./configurator.ts";
import { EndpointSwap } from "./endpoint-swap.ts";
import { buildGeneration, type Serve } from "./generation.ts";
import { Operations } from "./operations.ts";
import type { GatewayOptions } from "./options.ts";
import { readyLine } from "./ready-line.ts";
import { gatewayRoutes } from "./routes.ts";
import { Served } from "./served.ts";
import { statusMessage, type StatusSource } from "./status.ts";
import { version } from "./version.ts";

/**
 * One gateway from its start to its end: binds, takes its configuration by RPC, serves, and stops when it is asked to.
 * Answers the exit code: 0 after a clean stop, 1 when it could not start (nothing is left bound then).
 */
export async function runGateway(options: GatewayOptions): Promise<number> {
  const served = new Served();
  const log = createLogger({ ...options.log, bindings: () => ({ process: "gateway", ...identityFields(served) }) });
  using shutdown = listenForShutdown(() => {
    log.warn("stopped at once by a second signal");
    log.flush();
    process.exit(1);
  });
  // The one who started us may be gone before the ready line is written.
  process.stdout.on("error", () => undefined);

  const started = await start(options, served, log);
  if (!started.ok) {
    for (const problem of started.problems) options.stderr(`${formatProblem(problem)}\n`);
    log.flush();
    return 1;
  }
  await using gateway = started.value;
  options.stdout(readyLine(gateway.listeners, options.output));
  log.info("waiting for a configuration", { version, listeners: gateway.listeners });

  const signal = await shutdown.requested;
  log.info("stopping", { signal, drainTimeout: options.drainTimeout });
  served.stop();
  const cut = await gateway.http.stop(options.drainTimeout);
  if (cut > 0) log.warn("requests were cut off", { requests: cut });
  log.info("stopped");
  log.flush();
  return 0;
}

type Running = AsyncDisposable & {
  readonly http: HttpServer;
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
};

async function start(options: GatewayOptions, served: Served, log: Logger): Promise<Result<Running>> {
  await using stack = new AsyncDisposableStack();
  stack.use(served);
  const reserve = stack.use(new PlannerReserve());
  const operations = new Operations();
  const services = stack.use(createServicePort());
  const sources = stack.use(createServiceSubscriptions());
  const endpoints = new EndpointSwap((table) => {
    services.setEndpoints(table);
    sources.setEndpoints(table);
  });
  const serve: Serve = {
    execute: (compiled, { variables, headers, signal }) =>
      writeOperation(compiled, { variables, services, headers, signal }),
    subscribe: (compiled, { variables, headers, signal }) =>
      subscribeOperation(compiled, { variables, services, sources, headers, signal }),
    onUnplanned: (problems) =>
      log.warn("a valid operation cannot be planned", { problems: problems.map(formatProblem) }),
    watch: operations.watch,
    onError: (error) => log.error("an operation failed inside the gateway", { error }),
  };
  const configurator = new Configurator({
    served,
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
    now: Date.now,
  });
  stack.defer(() => configurator.stop());

  const http = await serveHttp(options.listen, {
    acquire: served.acquire,
    notReady: served.notReady,
    onError: (error, requestId) => log.error("a request failed inside the gateway", { error, requestId }),
  });
  if (!http.ok) return http;
  stack.defer(async () => void (await http.value.stop(0)));

  const listeners = [{ name: "graphql", url: http.value.url }];
  const source: StatusSource = {
    instanceId: randomUUID(),
    version,
    startedAt: Date.now(),
    served,
    configurator,
    listeners,
    operations,
  };
  const rpc = await serveConfiguration(options, source, log);
  if (!rpc.ok) return rpc;
  stack.use(rpc.value);
  listeners.push({ name: "rpc", url: rpc.value.url });

  const owned = stack.move();
  return ok({ http: http.value, listeners, [Symbol.asyncDispose]: () => owned.disposeAsync() });
}

function serveConfiguration(options: GatewayOptions, source: StatusSource, log: Logger): Promise<Result<RpcServer>> {
  const { secretFile, tls } = options;
  const credentials = tls !== undefined ? { tls } : secretFile !== undefined ? { secretFile } : undefined;
  return serveRpc({
    listen: options.rpc,
    ...(credentials === undefined ? {} : { credentials }),
    routes: gatewayRoutes({
      served: source.served,
      configurator: source.configurator,
      status: () => statusMessage(source),
      onOutcome: ({ section, outcome, problems }, { revision }) => {
        const write = outcome === "refused" ? log.warn : log.info;
        const fields = { section, outcome, revision: `${revision.epoch}.${revision.number}` };
        write("configuration", problems.length === 0 ? fields : { ...fields, problems: problems.map(formatProblem) });
      },
    }),
  });
}

function identityFields({ identity }: Served): { readonly organization: string; readonly node: string } {
  return { organization: identity?.organization ?? "", node: identity?.node ?? "" };
}
