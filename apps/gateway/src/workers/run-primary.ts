import type { Logger } from "@catalyst-node/adapters/log";
import type { Result } from "@catalyst-node/core/model";
import { Configurator } from "../configurator.ts";
import { gatewayLog } from "../gateway-log.ts";
import type { GatewayOptions } from "../options.ts";
import { type Answering, type Prepared, type Running, serveAnswering } from "../running.ts";
import { statusMessage } from "../status.ts";
import { Fleet } from "./fleet.ts";
import { Orders } from "./orders.ts";

/** How long a status waits for what the workers count at this moment, in milliseconds. */
const refreshMs = 500;

/** The gateway as many processes: this one takes the configuration and the connections, its workers answer clients. */
export function preparePrimary(options: GatewayOptions, workers: number): Prepared {
  const orders: Orders = new Orders(() => fleet);
  const log = gatewayLog(options.log, () => orders.identity);
  const onChange = (): void => orders.changes.notify();
  const fleet: Fleet = new Fleet({
    workers,
    listen: options.listen,
    logOptions: options.log,
    drainMs: options.drainTimeout,
    orders: orders.forNewcomer,
    onChange,
    log,
  });
  return { log, start: () => start(options, { fleet, orders }, log), kill: () => fleet.kill() };
}

type Parts = { readonly fleet: Fleet; readonly orders: Orders };

async function start(options: GatewayOptions, { fleet, orders }: Parts, log: Logger): Promise<Result<Running>> {
  await using stack = new AsyncDisposableStack();
  stack.use(fleet);
  const { build, serveSchema, serveEndpoints, serveLimits, settle } = orders;
  const serving = { build, serveSchema, serveEndpoints, serveLimits, settle };
  const configurator = new Configurator({ served: orders, ...serving, now: Date.now });
  stack.defer(() => configurator.stop());

  const listening = await fleet.start();
  if (!listening.ok) return listening;

  const answering: Answering = {
    served: orders,
    configurator,
    url: listening.value,
    status: async (self) => {
      await fleet.refresh(refreshMs);
      const { generations, plannerRestarts, ...counted } = fleet.stats;
      const { identity, stopping, notReady } = orders;
      const served = { identity, stopping, notReady, generations, plannerRestarts };
      return statusMessage({ ...self, served, configurator, ...counted, workers: fleet.rows });
    },
    stop: (drainMs) => {
      orders.stop();
      return fleet.stop(drainMs);
    },
  };
  return await serveAnswering(options, answering, stack, log);
}
