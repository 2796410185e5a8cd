import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Composer } from "@catalyst-node/adapters/composer";
import { openStore } from "@catalyst-node/adapters/disk";
import { createLogger } from "@catalyst-node/adapters/log";
import type { Shutdown } from "@catalyst-node/adapters/process";
import { rpcTransport, type RpcTransport } from "@catalyst-node/adapters/rpc";
import { createSdlFetcher } from "@catalyst-node/adapters/sdl";
import type { NodeConfig } from "@catalyst-node/core/config";
import { formatProblem, type Manifest, type Problem, type Result } from "@catalyst-node/core/model";
import { AuthLink } from "./auth-link.ts";
import { embeddedAuth, embeddedGateway } from "./embedded.ts";
import type { IssuerKeys } from "@catalyst-node/core/node";
import { EventRing } from "./event-ring.ts";
import { GatewayLink } from "./gateway-link.ts";
import type { HeadStart } from "./head-start.ts";
import { watchIssuerFiles } from "./issuers.ts";
import { learnedVersion, parseLearned } from "./learned.ts";
import { serveApis } from "./listeners.ts";
import { Mailbox } from "./mailbox.ts";
import { watchOperations } from "./manifest.ts";
import type { OrchestratorOptions } from "./options.ts";
import { performEffects } from "./perform-effects.ts";
import { readyLine } from "./ready-line.ts";
import { refuse } from "./refuse.ts";
import { Timers } from "./timers.ts";
import { version } from "./version.ts";

/** What `runOrchestrator` has begun. */
export type Begun = OrchestratorOptions & {
  readonly manifest: Manifest;
  readonly issuers: readonly IssuerKeys[];
  readonly composer: Composer;
  readonly head: HeadStart;
  readonly shutdown: Shutdown;
  /** What is done when a second signal insists; the last added first. */
  readonly insist: (() => void)[];
};

/** The node itself, from its own sockets to its end; see `runOrchestrator`. */
export async function runNode({
  manifest,
  issuers,
  composer,
  head,
  shutdown,
  insist,
  ...options
}: Begun): Promise<number> {
  const config = await (options.settled ?? options.config);
  if (config === undefined) return 1;
  const { catalyst, output, stdout } = options;
  const { organization, node, stateDir } = config;
  const log = createLogger({ ...config.log, bindings: () => ({ process: "orchestrator", organization, node }) });
  insist.push(() => {
    log.warn("stopped at once by a second signal");
    log.flush();
  });
  const store = openStore({ folder: stateDir, kind: "learned", version: learnedVersion, parse: parseLearned });
  const kept = await store.load();
  for (const problem of kept.problems) log.error(formatProblem(problem));

  const transport = await transportOf(config.gateway.rpc);
  if (!transport.ok) return refuse(options, transport.problems);
  const authTransport = config.auth.mode === "off" ? undefined : await transportOf(config.auth.rpc);
  if (authTransport?.ok === false) return refuse(options, authTransport.problems);

  const ending = new AbortController();
  const finished = Promise.withResolvers<Problem | undefined>();
  const events = new EventRing();
  const mailbox = new Mailbox((effect) => perform(effect));
  const { post } = mailbox;
  await using link = new GatewayLink(transport.value, config.gateway.rpc.address, post);
  await using auth = authTransport && new AuthLink(authTransport.value, config.auth.rpc.address, post);
  using fetcher = createSdlFetcher();
  using timers = new Timers((id) => post({ kind: "timerFired", id }));
  const embedding = { config, catalyst, head, post, log };
  const sidecars = {
    ...(config.gateway.embedded && { gateway: embeddedGateway(embedding, link) }),
    ...(config.auth.mode === "embedded" && auth && { auth: embeddedAuth(embedding, auth) }),
  };
  insist.push(() => Object.values(sidecars).forEach((sidecar) => sidecar.kill()));
  const announceReady = (): void => {
    if (mailbox.node !== undefined) stdout(readyLine(mailbox.node, output));
  };
  const hands = { post, fetcher, composer, link, sidecars, store, timers, events, log, announceReady };
  const perform = performEffects({ ...hands, finish: finished.resolve, ending: ending.signal });

  const apis = await serveApis({ api: config.api.listen, admin: join(stateDir, "admin.sock"), mailbox, events, auth });
  if (!apis.ok) return refuse(options, apis.problems);
  await using _apis = apis.value;

  const self = { instanceId: randomUUID(), version, pid: process.pid, startedAt: Date.now() };
  post({ kind: "configured", config, self, learned: kept.value ?? { epoch: 0, services: [] }, manifest, issuers });
  post({ kind: "listening", listeners: apis.value.listeners });
  link.start();
  auth?.start();
  void watchOperations(config, post, ending.signal);
  void watchIssuerFiles(config, post, ending.signal);
  void stopWhenAsked();
  async function stopWhenAsked(): Promise<void> {
    log.info("stopping", { signal: await shutdown.requested });
    post({ kind: "stopRequested" });
  }

  const failed = await finished.promise;
  ending.abort();
  await store.settled();
  const code = failed === undefined ? 0 : refuse(options, [failed]);
  log.info("stopped");
  log.flush();
  return code;
}

function transportOf({ address, secretFile, tls }: NodeConfig["auth"]["rpc"]): Promise<Result<RpcTransport>> {
  return rpcTransport({ address, ...(secretFile && { secretFile }), ...(tls && { tls }) });
}
