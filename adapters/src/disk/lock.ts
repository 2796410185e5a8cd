import { randomBytes } from "node:crypto";
import { link, rename, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { stateProblem, toProblem } from "./problems.ts";

/** That this process alone uses a folder. Ends with the process, however it ends. */
export type Lock = AsyncDisposable;

/**
 * Takes the lock of a folder. It is a unix socket: whether its holder lives is answered by connecting to it,
 * which neither a reused pid nor a killed holder can make wrong.
 */
export async function takeLock(folder: string): Promise<Result<Lock>> {
  const path = join(folder, "lock.sock");
  const own = join(folder, `lock-${randomBytes(4).toString("hex")}.sock`);
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, own);
    server.unref();
    for (let attempt = 0; attempt < 5; attempt++) {
      // A link is made or it is not; of two that start at once only one makes it.
      if (await linked(own, path)) return ok(lock(server, path));
      if (await answers(path)) return held(server, own, folder);
      await removeDead(path);
    }
    return held(server, own, folder);
  } catch (error) {
    await close(server, own);
    return fail(toProblem(error, "CAT-STATE-001", folder));
  } finally {
    await rm(own, { force: true });
  }
}

function lock(server: Server, path: string): Lock {
  return {
    async [Symbol.asyncDispose]() {
      await close(server, path);
    },
  };
}

async function held(server: Server, own: string, folder: string): Promise<Result<Lock>> {
  await close(server, own);
  return fail(stateProblem("CAT-STATE-003", folder, "Another process of this node uses this state folder"));
}

async function linked(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Only a refusal, or no socket at all, is a dead one: a holder with a full backlog (EAGAIN) lives. */
function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ path });
  const failed = ({ code }: NodeJS.ErrnoException): void => resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
  socket.once("connect", () => resolve(true)).once("error", failed);
  return promise.finally(() => socket.destroy());
}

/** Moves a dead socket away; should another process have put a living one there meanwhile, it goes back. */
async function removeDead(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(4).toString("hex")}`;
  await rename(path, aside).catch(() => undefined);
  if (await answers(aside)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function listen(server: Server, path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(path, resolve);
  await promise;
  server.off("error", reject).on("error", () => undefined);
}

async function close(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  if (server.listening) await new Promise((settle) => server.close(settle));
}
