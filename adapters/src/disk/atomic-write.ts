import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file as a whole: killed at any byte, there is the old one or the new one. The old one stays as
 * `<path>.previous`. Only one write of a path at a time.
 */
export async function atomicWrite(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  await using file = await closing(open(temporary, "w", 0o600));
  await file.handle.writeFile(text);
  await file.handle.sync();
  // Between these two there is no newest file; whoever loads takes the previous one then.
  await rename(path, `${path}.previous`).catch(ignoreAbsent);
  await rename(temporary, path);
  await using folder = await closing(open(dirname(path), "r"));
  await folder.handle.sync();
}

/** Sets a damaged file aside, out of the way of the next write. */
export async function setAside(path: string): Promise<void> {
  const aside = `${path}.damaged`;
  await rm(aside, { force: true });
  await rename(path, aside).catch(ignoreAbsent);
}

async function closing(opened: Promise<FileHandle>): Promise<AsyncDisposable & { readonly handle: FileHandle }> {
  const handle = await opened;
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
