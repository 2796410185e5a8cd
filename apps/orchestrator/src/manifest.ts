import type { ConfigResult, NodeConfig } from "@catalyst-node/core/config";
import { type Manifest, noManifest } from "@catalyst-node/core/model";
import type { Event } from "@catalyst-node/core/node";
import { watchFile } from "./watch-file.ts";

/** How often the file is looked at, in milliseconds. */
const lookMs = 1_000;

/** Loaded only where there is a file: it is much, and few nodes need it. */
const reading = () => import("@catalyst-node/adapters/config");

/** The file that this configuration reads registered operations from, if any. */
function fileOf({ gateway: { persistedOperations } }: NodeConfig): string | undefined {
  return persistedOperations.mode === "off" ? undefined : persistedOperations.manifestFile;
}

/** As it stands at the start. Without a file it is empty. */
export async function readOperations(config: NodeConfig): Promise<ConfigResult<Manifest>> {
  const file = fileOf(config);
  if (file === undefined) return { ok: true, value: noManifest };
  const { readManifestFile } = await reading();
  return await readManifestFile(file);
}

/** Posts each change of it until `signal` aborts. */
export async function watchOperations(
  config: NodeConfig,
  post: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> {
  const file = fileOf(config);
  if (file === undefined) return;
  const { readManifestFile } = await reading();
  const tell = (read: ConfigResult<Manifest>): void =>
    post(
      read.ok ? { kind: "manifestRead", manifest: read.value } : { kind: "manifestRefused", problems: read.problems },
    );
  await watchFile({ path: file, lookMs, read: () => readManifestFile(file), tell }, signal);
}
