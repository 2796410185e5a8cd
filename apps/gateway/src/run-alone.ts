import type { HttpServer } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import type { Result } from "@catalyst-node/core/model";
import { listenOf, openCertificate, tellCertificate } from "./certificate.ts";
import { Configurator } from "./configurator.ts";
import { gatewayLog } from "./gateway-log.ts";
import type { GatewayOptions } from "./options.ts";
import { openPlane } from "./plane.ts";
import { type Answering, type Prepared, type Running, serveAnswering } from "./running.ts";
import { Served } from "./served.ts";
import { statusMessage } from "./status.ts";

/** The gateway as one process: it takes its configuration and answers clients itself. */
export function prepareAlone(options: GatewayOptions): Prepared {
  const served = new Served();
  const log = gatewayLog(options.log, () => served.identity);
  return { log, start: () => start(options, served, log), kill: () => undefined };
}

async function start(options: GatewayOptions, served: Served, log: Logger): Promise<Result<Running>> {
  await using stack = new AsyncDisposableStack();
  stack.use(served);
  const { operations, refusals, tokenRefusals, upstream, listen, ...plane } = stack.use(openPlane(served, log));
  const configurator = new Configurator({ served, ...plane, now: Date.now });
  stack.defer(() => configurator.stop());
  let serving: HttpServer | undefined;

  const certificate = await openCertificate(options, log, (next) => {
    if (next !== undefined) serving?.setCertificate(next);
    served.changes.notify();
  });
  if (!certificate.ok) return certificate;
  stack.use(certificate.value);

  const http = await listen(listenOf(options, certificate.value));
  if (!http.ok) return http;
  serving = http.value;
  stack.defer(async () => void (await http.value.stop(0)));

  const answering: Answering = {
    served,
    configurator,
    urls: http.value,
    status: (self) => {
      const turnedAway = { refusals: refusals.counts, tokenRefusals: tokenRefusals.counts };
      const counted = { operations: operations.counts, ...turnedAway, upstream: upstream() };
      const told = tellCertificate(options, certificate.value, Date.now());
      return statusMessage({ ...self, served, configurator, ...counted, certificate: told, workers: [] });
    },
    stop: (drainMs) => {
      served.stop();
      return http.value.stop(drainMs);
    },
  };
  return await serveAnswering(options, answering, stack, log);
}
