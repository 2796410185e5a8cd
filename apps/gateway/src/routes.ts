import type { Doors } from "@catalyst-node/adapters/http";
import {
  Code,
  ConnectError,
  type ConnectRouter,
  gatewayV1,
  healthRoutes,
  toConnectError,
} from "@catalyst-node/adapters/rpc";
import type { PersistedMode, Problem } from "@catalyst-node/core/model";
import type { Changes } from "@catalyst-node/adapters/process";
import type { Configurator, Desired, Outcome } from "./configurator.ts";
import { gatewayProblem } from "./problems.ts";
import { resultMessage } from "./status.ts";
import { trustTold } from "./trust-words.ts";

export type GatewayRoutes = {
  readonly served: {
    readonly stopping: boolean;
    readonly notReady: () => readonly Problem[];
    readonly changes: Changes;
  };
  readonly configurator: Pick<Configurator, "configure">;
  /** Told anew for each; of many processes it has to be asked for. */
  readonly status: () => gatewayV1.GatewayStatus | Promise<gatewayV1.GatewayStatus>;
  readonly onOutcome: (outcome: Outcome, desired: Desired) => void;
};

/** A watcher hears something at least this often, in milliseconds (gateway.proto). */
const heartbeatMs = 10_000;
const maxWatchers = 64;

/** Serves catalyst.gateway.v1 and grpc.health.v1: wire to words and back, nothing else. */
export function gatewayRoutes({
  served,
  configurator,
  status,
  onOutcome,
}: GatewayRoutes): (router: ConnectRouter) => void {
  let watchers = 0;
  return (router) => {
    router.service(gatewayV1.GatewayService, {
      async configure(request) {
        if (served.stopping) throw toConnectError(gatewayProblem("CAT-GATEWAY-004"), Code.Unavailable);
        const desired = readDesired(request);
        const outcomes = await configurator.configure(desired);
        for (const outcome of outcomes) onOutcome(outcome, desired);
        return { results: outcomes.map(resultMessage), status: await status() };
      },
      getStatus: async () => ({ status: await status() }),
      async *watchStatus(_, { signal }) {
        if (watchers >= maxWatchers) throw new ConnectError("too many watchers", Code.ResourceExhausted);
        watchers += 1;
        try {
          while (!signal.aborted) {
            // Asked for before the status is read: what changes between the two is told in the next round.
            const changed = served.changes.next(AbortSignal.any([signal, AbortSignal.timeout(heartbeatMs)]));
            yield { status: await status() };
            await changed;
          }
        } finally {
          watchers -= 1;
        }
      },
    });
    healthRoutes(router, {
      isServing: (service) =>
        service === "" || service === gatewayV1.GatewayService.typeName ? served.notReady().length === 0 : undefined,
      changed: (signal) => served.changes.next(signal),
    });
  };
}

function readDesired(request: gatewayV1.ConfigureRequest): Desired {
  const { revision, identity, schema, endpoints, limits, operations, trust } = request;
  if (revision === undefined) throw toConnectError(gatewayProblem("CAT-GATEWAY-010"), Code.InvalidArgument);
  const dev = identity?.mode === gatewayV1.Mode.DEV;
  return {
    revision,
    ...(identity === undefined ? {} : { identity: { ...identity, dev, ...doorsOf(identity, dev) } }),
    ...(schema === undefined ? {} : { schema: { digest: schema.digest, sdl: schema.supergraphSdl } }),
    ...(limits === undefined ? {} : { limits }),
    ...(operations === undefined ? {} : { operations: { ...operations, mode: modes[operations.mode] ?? "off" } }),
    ...(trust === undefined ? {} : { trust: trustTold(trust) }),
    ...(endpoints === undefined
      ? {}
      : { endpoints: { digest: endpoints.digest, services: endpoints.services.map(readService) } }),
  };
}

/** What is not said follows the mode. */
function doorsOf(identity: gatewayV1.IdentitySection, dev: boolean): Doors {
  const { introspection = dev, graphiql = dev, queriesByGet = dev, suggestions = dev } = identity;
  return { introspection, graphiql, queriesByGet, suggestions };
}

const modes: Readonly<Partial<Record<gatewayV1.OperationsSection_Mode, PersistedMode>>> = {
  [gatewayV1.OperationsSection_Mode.PREFER]: "prefer",
  [gatewayV1.OperationsSection_Mode.ONLY]: "only",
};

function readService({ service, endpoints }: gatewayV1.ServiceEndpoints) {
  return {
    service,
    endpoints: endpoints.map(({ url, subscriptions }) => ({
      url,
      subscriptions: {
        protocol: subscriptions?.protocol === gatewayV1.Subscriptions_Protocol.WS ? ("ws" as const) : ("sse" as const),
        url: subscriptions === undefined || subscriptions.url === "" ? undefined : subscriptions.url,
      },
    })),
  };
}
