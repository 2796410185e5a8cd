import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { keyProblem } from "./problems.ts";

const maxBytes = 64 * 1024;

/** Reads a file that only its owner may read. `CAT-KEYS-001`, `-002`. One handle for the check and the content. */
export async function readPrivate(path: string): Promise<Result<string>> {
  return (await readPrivateIfAny(path)) ?? fail(keyProblem("CAT-KEYS-001", path, "There is no such file."));
}

/** The same; undefined when there is no such file. */
export async function readPrivateIfAny(path: string): Promise<Result<string> | undefined> {
  try {
    // A link may be pointed elsewhere after it was looked at; a pipe in the place of a file would keep us waiting.
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) return fail(keyProblem("CAT-KEYS-001", path, "It is no regular file."));
    if (stat.size > maxBytes) return fail(keyProblem("CAT-KEYS-001", path, "It is too long."));
    if ((stat.mode & 0o077) !== 0) return fail(keyProblem("CAT-KEYS-002", path));
    return ok(await file.readFile("utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    const isLink = codeOf(error) === "ELOOP";
    return fail(keyProblem("CAT-KEYS-001", path, isLink ? "It is a symbolic link." : `${codeOf(error)}.`));
  }
}

/**
 * Writes a file that only its owner may read: as a whole, or not at all. What is there under its name stays, and is a
 * problem. Killed at any byte, there is the whole file or none.
 */
export async function writePrivate(path: string, text: string): Promise<Problem | undefined> {
  const temporary = `${path}.${randomBytes(4).toString("hex")}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    {
      await using file = await open(temporary, "wx", 0o600);
      await file.writeFile(text);
      await file.sync();
    }
    // A link is never made over what is there; a rename is.
    await link(temporary, path);
    await rm(temporary);
    await syncFolder(dirname(path));
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return keyProblem("CAT-KEYS-007", path, `${codeOf(error)}.`);
  }
}

/** Removes a private file; it is no problem when there is none. */
export async function removePrivate(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Removes what a killed process had not finished to write in a folder, and answers the other names there. */
export async function sweepFolder(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const unfinished = names.filter((name) => /\.[0-9a-f]{8}\.new$/.test(name));
  for (const name of unfinished) await rm(join(folder, name), { force: true });
  return names.filter((name) => !unfinished.includes(name));
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, "r");
  await folder.sync();
}

/** Node's own messages would do, but some day one may quote what was written. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "It failed without a reason";
}
