import { mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, type Identity, nodeId, ok, type Result } from "@catalyst-node/core/model";
import { atomicWrite } from "./atomic-write.ts";
import { type Lock, takeLock } from "./lock.ts";
import { stateProblem, toProblem } from "./problems.ts";

/** The folder of one node, held by this process until it is disposed. */
export type StateFolder = AsyncDisposable & { readonly path: string };

/**
 * Opens a node's folder, makes it when there is none (0700), and holds it. Refused when it belongs to another
 * node (CAT-STATE-002), is held by another process (003), or is open to others (006).
 */
export async function openStateFolder(path: string, identity: Identity): Promise<Result<StateFolder>> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const { mode, uid } = await stat(path);
    if (uid !== (process.geteuid?.() ?? uid))
      return fail(stateProblem("CAT-STATE-006", path, "It is owned by another user"));
    // Never narrowed by us: it may be somebody's working folder, or /tmp.
    if ((mode & 0o077) !== 0) return fail(stateProblem("CAT-STATE-006", path, "It is open to other users"));
  } catch (error) {
    return fail(toProblem(error, "CAT-STATE-001", path));
  }
  // Before the lock: that it is somebody else's is the better reason, whether its owner runs or not.
  const theirs = await compareOwner(path, identity);
  if (!theirs.ok) return theirs;
  const lock = await takeLock(path);
  if (!lock.ok) return lock;
  const owner = await claim(path, identity);
  if (!owner.ok) {
    await lock.value[Symbol.asyncDispose]();
    return owner;
  }
  return ok(folder(path, lock.value));
}

function folder(path: string, lock: Lock): StateFolder {
  return { path, [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose]() };
}

/** Writes who owns the folder at its first use; compares at every other. */
async function claim(path: string, identity: Identity): Promise<Result<void>> {
  const owner = await compareOwner(path, identity);
  if (!owner.ok || owner.value === "owned") return owner.ok ? ok(undefined) : owner;
  try {
    const { organization, node } = identity;
    await atomicWrite(identityFile(path), `${JSON.stringify({ version: 1, organization, node })}\n`);
    return ok(undefined);
  } catch (error) {
    return fail(toProblem(error, "CAT-STATE-001", path));
  }
}

/** Whose the folder is: this node's, or nobody's yet; anybody else's is a problem. */
async function compareOwner(path: string, identity: Identity): Promise<Result<"owned" | "free">> {
  try {
    const text = await readFile(identityFile(path), "utf8").catch(absent);
    if (text === undefined) return ok("free");
    const owner = ownerOf(text);
    if (owner === nodeId(identity)) return ok("owned");
    const whose = owner === undefined ? "Its identity.json cannot be read" : `It belongs to ${owner}`;
    return fail(stateProblem("CAT-STATE-002", path, `${whose}, and this is ${nodeId(identity)}`));
  } catch (error) {
    return fail(toProblem(error, "CAT-STATE-001", path));
  }
}

function identityFile(path: string): string {
  return join(path, "identity.json");
}

function ownerOf(text: string): string | undefined {
  try {
    const owner: unknown = JSON.parse(text);
    if (typeof owner !== "object" || owner === null || !("organization" in owner) || !("node" in owner))
      return undefined;
    return `${String(owner.organization)}/${String(owner.node)}`;
  } catch {
    return undefined;
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
