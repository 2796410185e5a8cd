import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { startComposer } from "@catalyst-node/adapters/composer";
import { openStateFolder, openStore } from "@catalyst-node/adapters/disk";
import { createLogger } from "@catalyst-node/adapters/log";
import { listenForShutdown } from "@catalyst-node/adapters/process";
import { rpcTransport } from "@catalyst-node/adapters/rpc";
import { createSdlFetcher } from "@catalyst-node/adapters/sdl";
import { formatProblem, type Problem } from "@catalyst-node/core/model";
import { EventRing } from "./event-ring.ts";
import { GatewayLink } from "./gateway-link.ts";
import { learnedVersion, parseLearned } from "./learned.ts";
import { serveApis } from "./listeners.ts";
import { Mailbox } from "./mailbox.ts";
import type { OrchestratorOptions } from "./options.ts";
import { performEffects } from "./perform-effects.ts";
import { readyLine } from "./ready-line.ts";
import { GatewaySidecar } from "./sidecar.ts";
import { Timers } from "./timers.ts";
import { version } from "./version.ts";

/**
 * A node's control plane from its start to its end. Answers the exit code: 0 after a clean stop, 1 when it could
 * not start or had to end, 3 when the configuration cannot be used; then nothing is left bound or running.
 */
export async function runOrchestrator(options: OrchestratorOptions): Promise<number> {
  const { config, catalyst, output, stdout } = options;
  const { organization, node, stateDir } = config;
  const log = createLogger({ ...config.log, bindings: () => ({ process: "orchestrator", organization, node }) });
  let sidecar: GatewaySidecar | undefined;
  using shutdown = listenForShutdown(() => {
    log.warn("stopped at once by a second signal");
    log.flush();
    if (config.gateway.embedded) sidecar?.kill();
    process.exit(1);
  });
  // Whoever started us may be gone before the ready line is written.
  process.stdout.on("error", () => undefined);

  const folder = await openStateFolder(stateDir, { organization, node });
  if (!folder.ok) return refuse(options, folder.problems);
  await using _folder = folder.value;
  await using composer = startComposer(config.composition);
  const store = openStore({ folder: stateDir, kind: "learned", version: learnedVersion, parse: parseLearned });
  const kept = await store.load();
  for (const problem of kept.problems) log.error(formatProblem(problem));

  const { address, secretFile, tls } = config.gateway.rpc;
  const transport = await rpcTransport({ address, ...(secretFile && { secretFile }), ...(tls && { tls }) });
  if (!transport.ok) return refuse(options, transport.problems);

  const ending = new AbortController();
  const finished = Promise.withResolvers<Problem | undefined>();
  const events = new EventRing();
  const mailbox = new Mailbox((effect) => perform(effect));
  const { post } = mailbox;
  await using link = new GatewayLink(transport.value, address, post);
  using fetcher = createSdlFetcher();
  using timers = new Timers((id) => post({ kind: "timerFired", id }));
  sidecar = new GatewaySidecar({ config, catalyst, link, post, log });
  const announceReady = (): void => {
    if (mailbox.node !== undefined) stdout(readyLine(mailbox.node, output));
  };
  const hands = { post, fetcher, composer, link, sidecar, store, timers, events, log, announceReady };
  const perform = performEffects({ ...hands, finish: finished.resolve, ending: ending.signal });

  const apis = await serveApis({ api: config.api.listen, admin: join(stateDir, "admin.sock"), mailbox, events });
  if (!apis.ok) return refuse(options, apis.problems);
  await using _apis = apis.value;

  const self = { instanceId: randomUUID(), version, pid: process.pid, startedAt: Date.now() };
  post({ kind: "configured", config, self, learned: kept.value ?? { epoch: 0, services: [] } });
  post({ kind: "listening", listeners: apis.value.listeners });
  link.start();
  void stopWhenAsked();
  async function stopWhenAsked(): Promise<void> {
    log.info("stopping", { signal: await shutdown.requested });
    post({ kind: "stopRequested" });
  }

  const failed = await finished.promise;
  ending.abort();
  await store.settled();
  if (failed !== undefined) options.stderr(`${formatProblem(failed)}\n`);
  log.info("stopped");
  log.flush();
  return failed === undefined ? 0 : 1;
}

/** Tells what hinders the start. What only the configuration can mend has the exit code of the configuration. */
function refuse({ stderr }: OrchestratorOptions, problems: readonly Problem[]): number {
  for (const problem of problems) stderr(`${formatProblem(problem)}\n`);
  const ofConfiguration = /^CAT-(?:STATE-00[126]|RPC-00[167])$/;
  return problems.every(({ code }) => ofConfiguration.test(code)) ? 3 : 1;
}
