import { readManifestFile, watchManifestFile } from "@catalyst-node/adapters/config";
import type { ConfigResult, NodeConfig } from "@catalyst-node/core/config";
import { type Manifest, noManifest } from "@catalyst-node/core/model";
import type { Event } from "@catalyst-node/core/node";

/** The file that this configuration reads registered operations from, if any. */
function fileOf({ gateway: { persistedOperations } }: NodeConfig): string | undefined {
  return persistedOperations.mode === "off" ? undefined : persistedOperations.manifestFile;
}

/** As it stands at the start. Without a file it is empty. */
export async function readOperations(config: NodeConfig): Promise<ConfigResult<Manifest>> {
  const file = fileOf(config);
  return file === undefined ? { ok: true, value: noManifest } : await readManifestFile(file);
}

/** Posts each change of it until `signal` aborts. */
export function watchOperations(config: NodeConfig, post: (event: Event) => void, signal: AbortSignal): void {
  const file = fileOf(config);
  if (file === undefined) return;
  const tell = (read: ConfigResult<Manifest>): void =>
    post(
      read.ok ? { kind: "manifestRead", manifest: read.value } : { kind: "manifestRefused", problems: read.problems },
    );
  void watchManifestFile(file, tell, signal);
}
