import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Result } from "@catalyst-node/core/model";
import type { VerificationKey } from "@catalyst-node/core/trust";
import { type KeySource, readKeys } from "./read-keys.ts";

/** How often a file is looked at, in milliseconds. Looking instead of being told: it sees renames, links, any mount. */
const lookMs = 500;

/** Reads it again whenever the file is another, until `signal` aborts. */
export async function watchKeys(
  source: KeySource,
  tell: (read: Result<readonly VerificationKey[]>) => void,
  signal: AbortSignal,
): Promise<void> {
  let known = await lookAt(source.path);
  while (!signal.aborted) {
    await pause(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
    const seen = await lookAt(source.path);
    if (seen === known || signal.aborted) continue;
    const read = await readKeys(source);
    // Written to meanwhile: what was read may be half of it.
    if ((await lookAt(source.path)) !== seen) continue;
    known = seen;
    tell(read);
  }
}

/** What tells a file from what it was before. */
async function lookAt(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join();
  } catch {
    return "";
  }
}
