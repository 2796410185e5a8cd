import type { CertificateWatch } from "@catalyst-node/adapters/certificates";
import type { Logger } from "@catalyst-node/adapters/log";
import type { Result } from "@catalyst-node/core/model";
import { listenOf, openCertificate, tellCertificate } from "../certificate.ts";
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
  let certificate: CertificateWatch | undefined;
  const fleet: Fleet = new Fleet({
    workers,
    listen: () => listenOf(options, certificate),
    logOptions: options.log,
    drainMs: options.drainTimeout,
    orders: orders.forNewcomer,
    onChange,
    log,
  });
  const openFirst = async () => {
    // Here alone: a bad one ends all once, and all take a new one at the same moment.
    const opened = await openCertificate(options, log, (next) => {
      if (next !== undefined) void fleet.order({ kind: "certificate", ...next });
      onChange();
    });
    if (opened.ok) certificate = opened.value;
    return opened;
  };
  return { log, start: () => start(options, { fleet, orders, openFirst }, log), kill: () => fleet.kill() };
}

type Parts = {
  readonly fleet: Fleet;
  readonly orders: Orders;
  readonly openFirst: () => ReturnType<typeof openCertificate>;
};

async function start(
  options: GatewayOptions,
  { fleet, orders, openFirst }: Parts,
  log: Logger,
): Promise<Result<Running>> {
  await using stack = new AsyncDisposableStack();
  const certificate = await openFirst();
  if (!certificate.ok) return certificate;
  stack.use(certificate.value);
  stack.use(fleet);
  const { build, serveSchema, serveEndpoints, serveLimits, serveOperations, serveTrust, settle } = orders;
  const serving = { build, serveSchema, serveEndpoints, serveLimits, serveOperations, serveTrust, settle };
  const configurator = new Configurator({ served: orders, ...serving, now: Date.now });
  stack.defer(() => configurator.stop());

  const listening = await fleet.start();
  if (!listening.ok) return listening;

  const answering: Answering = {
    served: orders,
    configurator,
    urls: listening.value,
    status: async (self) => {
      await fleet.refresh(refreshMs);
      const { generations, plannerRestarts, ...counted } = fleet.stats;
      const { identity, stopping, notReady } = orders;
      const served = { identity, stopping, notReady, generations, plannerRestarts };
      const told = tellCertificate(options, certificate.value, Date.now());
      return statusMessage({ ...self, served, configurator, ...counted, certificate: told, workers: fleet.rows });
    },
    stop: (drainMs) => {
      orders.stop();
      return fleet.stop(drainMs);
    },
  };
  return await serveAnswering(options, answering, stack, log);
}
