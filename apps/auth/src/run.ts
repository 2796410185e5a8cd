import { randomUUID } from "node:crypto";
import { createSigner } from "@catalyst-node/adapters/keys";
import { createLogger } from "@catalyst-node/adapters/log";
import { listenForShutdown } from "@catalyst-node/adapters/process";
import { createTokenVerifier } from "@catalyst-node/adapters/tokens";
import { formatProblem, type Problem } from "@catalyst-node/core/model";
import type { Trust } from "@catalyst-node/core/trust";
import type { Custody } from "./custody.ts";
import { type Held, trustOf } from "./held.ts";
import { type Listening, serveDoors } from "./listeners.ts";
import { openCustody, settingsOf } from "./open-custody.ts";
import type { AuthOptions } from "./options.ts";
import { readyLine } from "./ready-line.ts";
import { keepTime } from "./keep-time.ts";
import { version } from "./version.ts";

/**
 * One auth process from its start to its end. Answers the exit code: 0 after a clean stop, 1 when it could not start,
 * 3 when its configuration or its keys cannot be used; then nothing is left bound.
 */
export async function runAuth(options: AuthOptions): Promise<number> {
  const { config, output, stdout } = options;
  const { organization, node } = config;
  const log = createLogger({ ...config.log, bindings: () => ({ process: "auth", organization, node }) });
  using shutdown = listenForShutdown(() => {
    log.warn("stopped at once by a second signal");
    log.flush();
    process.exit(1);
  });
  // The one who started us may be gone before the ready line is written.
  process.stdout.on("error", () => undefined);

  const opened = await openCustody(config);
  if (!opened.ok) return refuse(options, opened.problems);
  await using owned = opened.value;
  const { custody, pseudonyms, told } = owned;
  for (const problem of told) log.error(formatProblem(problem));
  const started = { instanceId: randomUUID(), startedAt: Date.now() };
  let listening: Listening | undefined;
  const doors = await serveDoors({
    config,
    settings: settingsOf(config.auth),
    custody,
    trust: trustReader(custody, config.auth.issuer),
    pseudonyms,
    signer: createSigner(),
    verifier: createTokenVerifier(),
    self: () => ({ ...started, listeners: listening?.listeners ?? [] }),
    tally: { signed: 0, denied: 0 },
    log,
  });
  if (!doors.ok) return refuse(options, doors.problems);
  await using serving = doors.value;
  listening = serving;
  using _clock = keepTime(custody, log);
  stdout(readyLine(serving.listeners, output));
  log.info("serving", { version, listeners: serving.listeners, kid: custody.active?.kid });

  log.info("stopping", { signal: await shutdown.requested });
  await serving[Symbol.asyncDispose]();
  log.info("stopped");
  log.flush();
  return 0;
}

/** The same object until something has changed, so that nobody indexes it twice. */
function trustReader(custody: Custody, issuer: string): () => Trust {
  let read: { readonly held: Held; readonly trust: Trust } | undefined;
  return () => {
    if (read?.held !== custody.held) read = { held: custody.held, trust: trustOf(custody.held, issuer) };
    return read.trust;
  };
}

/** What only the configuration or its files can mend has the exit code of the configuration. */
function refuse({ stderr }: AuthOptions, problems: readonly Problem[]): number {
  for (const problem of problems) stderr(`${formatProblem(problem)}\n`);
  const ofConfiguration = /^CAT-(?:STATE-00[126]|RPC-00[1267]|KEYS-00[1-6]|AUTH-00[356])$/;
  return problems.every(({ code }) => ofConfiguration.test(code)) ? 3 : 1;
}
