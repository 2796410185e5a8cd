import { lstat, mkdir, unlink } from "node:fs/promises";
import { connect, type Server } from "node:net";
import { dirname, relative, resolve } from "node:path";
import { socketPathExcess } from "@catalyst-node/core/model";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { authority, type ListenAddress } from "./address.ts";
import { rpcProblem } from "./problems.ts";

/** Binds a server and answers its address with port 0 resolved: `unix:/path` or `http://host:port`. */
export async function bind(server: Server, address: ListenAddress, scheme = "http"): Promise<Result<string>> {
  if (address.kind === "unix") return await bindUnix(server, resolve(address.path));
  const failure = await listening(server, () => server.listen({ host: address.host, port: address.port }));
  if (failure !== undefined) {
    return fail(rpcProblem("CAT-RPC-003", authority(address), describe(failure)));
  }
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return ok(`${scheme}://${authority({ host: address.host, port })}`);
}

async function bindUnix(server: Server, path: string): Promise<Result<string>> {
  const short = relative(process.cwd(), path);
  const name = short !== "" && short.length < path.length ? short : path;
  const excess = socketPathExcess(name);
  if (excess !== undefined) return fail(rpcProblem("CAT-RPC-005", path, excess));
  const folder = await ensurePrivateFolder(dirname(path));
  if (!folder.ok) return folder;
  const listen = (): Promise<NodeJS.ErrnoException | undefined> =>
    listening(server, () => listenPrivately(server, name));
  let failure = await listen();
  if (failure?.code === "EADDRINUSE") {
    const removed = await removeStale(path);
    if (!removed.ok) return removed;
    failure = await listen();
  }
  return failure === undefined ? ok(`unix:${path}`) : fail(rpcProblem("CAT-RPC-003", path, describe(failure)));
}

/** `bind(2)` happens inside the call, so the mask is narrow for exactly that call: no moment of a wider mode. */
function listenPrivately(server: Server, path: string): void {
  const before = process.umask(0o177);
  try {
    server.listen({ path });
  } finally {
    process.umask(before);
  }
}

async function ensurePrivateFolder(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = await lstat(folder);
    const ours = uid === (process.geteuid?.() ?? uid);
    if (ours && (mode & 0o077) === 0) return ok(undefined);
    return fail(rpcProblem("CAT-RPC-004", folder, ours ? "The folder is open to others" : "The folder is not ours"));
  } catch (error) {
    return fail(rpcProblem("CAT-RPC-004", folder, describe(error)));
  }
}

/** Removes a socket file that nobody listens on (its process was killed), and nothing else. */
async function removeStale(path: string): Promise<Result<void>> {
  try {
    const before = await lstat(path, { bigint: true });
    if (!before.isSocket()) return fail(rpcProblem("CAT-RPC-005", path, "A file lies where the socket should be"));
    if (await isAlive(path)) return fail(rpcProblem("CAT-RPC-003", path, "Another process listens on this socket"));
    // Somebody who started at the same moment may have replaced it by now: theirs is alive. The number alone does not
    // tell, it is given out again at once.
    const now = await lstat(path, { bigint: true });
    if (now.ino !== before.ino || now.ctimeNs !== before.ctimeNs) {
      return fail(rpcProblem("CAT-RPC-003", path, "Another process has just taken this socket"));
    }
    await unlink(path);
    return ok(undefined);
  } catch (error) {
    if (isErrno(error) && error.code === "ENOENT") return ok(undefined);
    return fail(rpcProblem("CAT-RPC-003", path, describe(error)));
  }
}

/** Only a refused connection proves that nobody is there; a slow one counts as alive. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ path, signal: AbortSignal.timeout(1000) });
    socket.once("connect", () => settle(true));
    socket.once("error", (error) => settle(!(isErrno(error) && error.code === "ECONNREFUSED")));
    socket.once("close", () => settle(true));
    socket.once("connect", () => socket.destroy());
  });
}

function listening(server: Server, listen: () => void): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((settle) => {
    const done = (failure?: NodeJS.ErrnoException): void => {
      server.off("error", done);
      server.off("listening", done);
      settle(failure);
    };
    server.once("error", done);
    server.once("listening", done);
    listen();
  });
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}
