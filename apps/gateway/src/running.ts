import { randomUUID } from "node:crypto";
import type { Logger } from "@catalyst-node/adapters/log";
import { type RpcServer, serveRpc } from "@catalyst-node/adapters/rpc";
import { formatProblem, ok, type Result } from "@catalyst-node/core/model";
import type { GatewayOptions } from "./options.ts";
import { type GatewayRoutes, gatewayRoutes } from "./routes.ts";
import type { statusMessage } from "./status.ts";
import { version } from "./version.ts";

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

/** `tlsUrl`: of HTTPS, where it has an address of its own. */
export type Urls = { readonly url: string; readonly tlsUrl: string | undefined };

/** What answers clients by now, and who takes its configuration. */
export type Answering = Omit<GatewayRoutes, "onOutcome" | "status"> & {
  /** Where clients are answered. */
  readonly urls: Urls;
  /** The status, for the process that this is. */
  readonly status: (self: Self) => ReturnType<GatewayRoutes["status"]>;
  readonly stop: Running["stop"];
};
type Self = Pick<Parameters<typeof statusMessage>[0], "instanceId" | "version" | "startedAt" | "listeners">;

/** Serves the contract beside what answers clients; `owned` is what to dispose of in the end, and now when it fails. */
export async function serveAnswering(
  options: GatewayOptions,
  { urls: { url, tlsUrl }, status, stop, ...routes }: Answering,
  owned: AsyncDisposableStack,
  log: Logger,
): Promise<Result<Running>> {
  await using stack = owned.move();
  const listeners = [{ name: "graphql", url }, ...(tlsUrl === undefined ? [] : [{ name: "graphql-tls", url: tlsUrl }])];
  const self = { instanceId: randomUUID(), version, startedAt: Date.now(), listeners };
  const rpc = await serveConfiguration(options, { ...routes, status: () => status(self) }, log);
  if (!rpc.ok) return rpc;
  stack.use(rpc.value);
  listeners.push({ name: "rpc", url: rpc.value.url });
  const all = stack.move();
  return ok({ listeners, stop, [Symbol.asyncDispose]: () => all.disposeAsync() });
}

/** Binds the contract, with a line in the log for whatever becomes of a section. */
function serveConfiguration(
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
