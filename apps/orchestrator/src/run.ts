import { startComposer } from "@catalyst-node/adapters/composer";
import { openStateFolder } from "@catalyst-node/adapters/disk";
import { listenForShutdown } from "@catalyst-node/adapters/process";
import { HeadStart } from "./head-start.ts";
import { readIssuerFiles } from "./issuers.ts";
import { readOperations } from "./manifest.ts";
import type { OrchestratorOptions } from "./options.ts";
import { refuse } from "./refuse.ts";

/**
 * A node's control plane from its start to its end. Answers the exit code: 0 after a clean stop, 1 when it could
 * not start or had to end, 3 when the configuration cannot be used; then nothing is left bound or running.
 *
 * Here stands only what begins the other processes of the node, so that they start while this one loads the rest.
 */
export async function runOrchestrator(options: OrchestratorOptions): Promise<number> {
  const { config, catalyst } = options;
  const { organization, node, stateDir, composition } = config;
  const insist: (() => void)[] = [];
  using shutdown = listenForShutdown(() => {
    for (const act of insist.toReversed()) act();
    process.exit(1);
  });
  // Whoever started us may be gone before the ready line is written.
  process.stdout.on("error", () => undefined);

  const manifest = await readOperations(config);
  if (!manifest.ok) return refuse(options, manifest.problems);
  const issuers = await readIssuerFiles(config);
  if (!issuers.ok) return refuse(options, issuers.problems);
  const folder = await openStateFolder(stateDir, { organization, node });
  if (!folder.ok) return refuse(options, folder.problems);
  await using _folder = folder.value;
  await using head = await HeadStart.begin(config, catalyst);
  insist.push(() => head.kill());
  await using composer = startComposer(composition);
  const { runNode } = await import("./run-node.ts");
  return await runNode({
    ...options,
    manifest: manifest.value,
    issuers: issuers.value,
    composer,
    head,
    shutdown,
    insist,
  });
}
