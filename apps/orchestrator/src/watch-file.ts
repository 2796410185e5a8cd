import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

export type WatchedFile<Read> = {
  readonly path: string;
  /** How often it is looked at, in milliseconds. */
  readonly lookMs: number;
  readonly read: () => Promise<Read>;
  readonly tell: (read: Read) => void;
};

/**
 * Reads a file again whenever it is another, until `signal` aborts. By looking, not by waiting for the system to tell:
 * a file that is mounted, linked or replaced by a rename is told of by some systems and not by others.
 */
export async function watchFile<Read>(
  { path, lookMs, read, tell }: WatchedFile<Read>,
  signal: AbortSignal,
): Promise<void> {
  let known = await lookAt(path);
  while (!signal.aborted) {
    await pause(lookMs, undefined, { signal, ref: false }).catch(() => undefined);
    const seen = await lookAt(path);
    if (seen === known || signal.aborted) continue;
    const now = await read();
    // Written to meanwhile: what was read may be half of it.
    if ((await lookAt(path)) !== seen) continue;
    known = seen;
    tell(now);
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
