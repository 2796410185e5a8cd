import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { type ConfigResult, readManifest } from "@catalyst-node/core/config";
import { manifestBounds, type Manifest } from "@catalyst-node/core/model";
import { readText } from "./read-text.ts";
import { unread } from "./unread.ts";

/** How often a manifest is looked at, in milliseconds. */
const lookMs = 1_000;

/** Reads a manifest of persisted operations; relative to the working directory. */
export async function readManifestFile(name: string): Promise<ConfigResult<Manifest>> {
  // What is read as text has at most as many characters as bytes.
  const read = await readText(process.cwd(), name, manifestBounds.bytes);
  if ("failure" in read) return { ok: false, problems: [unread(read, name)] };
  const operations = readManifest({ name, text: read.text });
  if (!operations.ok) return operations;
  const digest = createHash("sha256").update(read.text).digest("hex");
  return { ok: true, value: { digest, operations: operations.value } };
}

/**
 * Reads it again whenever the file is another, until `signal` aborts. By looking, not by waiting for the system to tell:
 * a file that is mounted or replaced by a rename is told of by some systems and not by others.
 */
export async function watchManifestFile(
  name: string,
  tell: (read: ConfigResult<Manifest>) => void,
  signal: AbortSignal,
): Promise<void> {
  let known = await lookAt(name);
  while (!signal.aborted) {
    await pause(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
    const seen = await lookAt(name);
    if (seen === known || signal.aborted) continue;
    const read = await readManifestFile(name);
    // Written to meanwhile: what was read may be half of it.
    if ((await lookAt(name)) !== seen) continue;
    known = seen;
    tell(read);
  }
}

/** What tells a file from what it was before. */
async function lookAt(name: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(name, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join();
  } catch {
    return "";
  }
}
