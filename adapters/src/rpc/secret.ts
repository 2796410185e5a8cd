import { createHash, timingSafeEqual } from "node:crypto";
import { open } from "node:fs/promises";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { rpcProblem } from "./problems.ts";

/**
 * The secret that both ends of a TCP connection share. A port over its file, because the file may
 * change while the process runs: each use looks whether it did.
 */
export type SharedSecret = {
  /** The secret as it stands in the file now. A file that has become unusable gives its problem. */
  readonly read: () => Promise<Result<string>>;
  /** Whether an Authorization header carries the secret; in constant time. False when the file is unusable. */
  readonly matches: (authorization: string | undefined) => Promise<boolean>;
};

const maxBytes = 4096;
const visible = /^[\x21-\x7e]{16,}$/;

/** Opens the secret of a file, and fails (`CAT-RPC-006`) when it cannot be used. */
export async function openSecret(file: string): Promise<Result<SharedSecret>> {
  let seen = { version: "", secret: "" };

  async function read(): Promise<Result<string>> {
    const result = await readSecret(file, seen);
    if (!result.ok) return result;
    seen = result.value;
    return ok(seen.secret);
  }

  async function matches(authorization: string | undefined): Promise<boolean> {
    const secret = await read();
    const offered = /^Bearer +(?<token>\S+)$/i.exec(authorization ?? "")?.groups?.["token"] ?? "";
    return timingSafeEqual(sha256(offered), sha256(secret.ok ? secret.value : "")) && secret.ok;
  }

  const first = await read();
  return first.ok ? ok({ read, matches }) : first;
}

type Seen = { readonly version: string; readonly secret: string };

/** One handle for the check and the content, so that nobody can change the file in between. */
async function readSecret(file: string, seen: Seen): Promise<Result<Seen>> {
  const refuse = (what: string): Result<never> => fail(rpcProblem("CAT-RPC-006", file, what));
  try {
    await using handle = await open(file, "r");
    const { mode, size, mtimeMs, ino, ctimeMs } = await handle.stat();
    if ((mode & 0o077) !== 0) return refuse("The secret file can be read by others");
    if (size > maxBytes) return refuse("The secret file is too long");
    const version = `${ino}:${size}:${mtimeMs}:${ctimeMs}`;
    if (version === seen.version) return ok(seen);
    const secret = (await handle.readFile("utf8")).trim();
    return visible.test(secret) ? ok({ version, secret }) : refuse("The secret cannot be used");
  } catch (error) {
    return refuse(`The secret file cannot be read (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
