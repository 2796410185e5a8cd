import type { Logger } from "@catalyst-node/adapters/log";
import { type RpcServer, serveRpc } from "@catalyst-node/adapters/rpc";
import { formatProblem, type Result } from "@catalyst-node/core/model";
import type { GatewayOptions } from "./options.ts";
import { type GatewayRoutes, gatewayRoutes } from "./routes.ts";

/** A gateway that is live, of one process or of many. */
export type Running = AsyncDisposable & {
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
  /** Lets what is in flight end, for so many milliseconds; how many requests were cut off then. */
  readonly stop: (drainMs: number) => Promise<number>;
};

/** A gateway that may be started, once. */
export type Prepared = {
  readonly log: Logger;
  readonly start: () => Promise<Result<Running>>;
  /** Ends the processes that it started; for the last moment of one that was told to end at once. */
  readonly kill: () => void;
};

/** Binds the contract, with a line in the log for whatever becomes of a section. */
export function serveConfiguration(
  { secretFile, tls, rpc }: GatewayOptions,
  routes: Omit<GatewayRoutes, "onOutcome">,
  log: Logger,
): Promise<Result<RpcServer>> {
  const credentials = tls !== undefined ? { tls } : secretFile !== undefined ? { secretFile } : undefined;
  return serveRpc({
    listen: rpc,
    ...(credentials === undefined ? {} : { credentials }),
    routes: gatewayRoutes({
      ...routes,
      onOutcome: ({ section, outcome, problems }, { revision }) => {
        const write = outcome === "refused" ? log.warn : log.info;
        const fields = { section, outcome, revision: `${revision.epoch}.${revision.number}` };
        write("configuration", problems.length === 0 ? fields : { ...fields, problems: problems.map(formatProblem) });
      },
    }),
  });
}
