import { availableParallelism } from "node:os";
import { listenForShutdown } from "@catalyst-node/adapters/process";
import { countWorkers, formatProblem } from "@catalyst-node/core/model";
import type { GatewayOptions } from "./options.ts";
import { readyLine } from "./ready-line.ts";
import type { Prepared } from "./running.ts";
import { version } from "./version.ts";

/**
 * One gateway from its start to its end: binds, takes its configuration by RPC, serves, and stops when it is asked to.
 * Answers the exit code: 0 after a clean stop, 1 when it could not start (nothing is left bound then).
 */
export async function runGateway(options: GatewayOptions): Promise<number> {
  const { log, start, kill } = await prepare(options);
  using shutdown = listenForShutdown(() => {
    log.warn("stopped at once by a second signal");
    log.flush();
    kill();
    process.exit(1);
  });
  // The one who started us may be gone before the ready line is written.
  process.stdout.on("error", () => undefined);

  const started = await start();
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
  const cut = await gateway.stop(options.drainTimeout);
  if (cut > 0) log.warn("requests were cut off", { requests: cut });
  log.info("stopped");
  log.flush();
  return 0;
}

/** One process does without whatever holds many together, and what holds them together answers no client. */
async function prepare(options: GatewayOptions): Promise<Prepared> {
  const workers = countWorkers(options.workers, availableParallelism());
  if (workers === 1) return (await import("./run-alone.ts")).prepareAlone(options);
  return (await import("./workers/run-primary.ts")).preparePrimary(options, workers);
}
