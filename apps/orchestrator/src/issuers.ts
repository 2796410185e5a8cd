import type { KeySource } from "@catalyst-node/adapters/issuers";
import type { NodeConfig } from "@catalyst-node/core/config";
import { ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { Event, IssuerKeys } from "@catalyst-node/core/node";
import { watchFile } from "./watch-file.ts";

/** How often a file is looked at, in milliseconds. */
const lookMs = 500;

/** Loaded only where there is a file. */
const reading = () => import("@catalyst-node/adapters/issuers");

type Named = { readonly name: string; readonly source: KeySource };

function sourcesOf({ gateway }: NodeConfig): readonly Named[] {
  return gateway.auth.issuers.flatMap(({ name, jwksFile, publicKeyFile }): readonly Named[] => {
    if (jwksFile !== undefined) return [{ name, source: { kind: "jwks", path: jwksFile } }];
    return publicKeyFile === undefined ? [] : [{ name, source: { kind: "pem", path: publicKeyFile } }];
  });
}

/** The keys of all issuers whose keys come from files, as they stand at the start; or everything that is wrong. */
export async function readIssuerFiles(config: NodeConfig): Promise<Result<readonly IssuerKeys[]>> {
  const sources = sourcesOf(config);
  if (sources.length === 0) return ok([]);
  const { readKeys } = await reading();
  const read: IssuerKeys[] = [];
  const problems: Problem[] = [];
  for (const { name, source } of sources) {
    const keys = await readKeys(source);
    if (keys.ok) read.push({ name, keys: keys.value });
    else problems.push(...keys.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : ok(read);
}

/** Posts each change of them until `signal` aborts. */
export async function watchIssuerFiles(
  config: NodeConfig,
  post: (event: Event) => void,
  signal: AbortSignal,
): Promise<void> {
  const sources = sourcesOf(config);
  if (sources.length === 0) return;
  const { readKeys } = await reading();
  const watch = ({ name, source }: Named): Promise<void> => {
    const tell = (read: Result<IssuerKeys["keys"]>): void =>
      post(
        read.ok
          ? { kind: "issuerRead", name, keys: read.value }
          : { kind: "issuerRefused", name, problems: read.problems },
      );
    return watchFile({ path: source.path, lookMs, read: () => readKeys(source), tell }, signal);
  };
  await Promise.all(sources.map(watch));
}
