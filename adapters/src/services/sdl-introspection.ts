import { Worker } from "node:worker_threads";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from "graphql";

export const introspectionQuery = getIntrospectionQuery();

/** From this size on a thread does it: a megabyte of introspection takes a tenth of a second. In characters. */
const largeFrom = 128 * 1024;

/** The SDL that an introspection result describes. Rejects when it describes none, or when the signal fires. */
export async function printIntrospection(data: object, signal: AbortSignal, size: number): Promise<string> {
  if (size < largeFrom) return printHere(data);
  const worker = new Worker(new URL("./sdl-introspection-worker.ts", import.meta.url), { workerData: data });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  worker.once("message", ({ sdl, error }: { readonly sdl?: string; readonly error?: string }) => {
    if (sdl === undefined) reject(new Error(error));
    else resolve(sdl);
  });
  worker.once("error", reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    await worker.terminate();
  }
}

/** The same in this thread. */
export function printHere(data: object): string {
  if (!isIntrospection(data)) throw new Error("there is no __schema in it");
  return printSchema(buildClientSchema(data));
}

function isIntrospection(data: object): data is IntrospectionQuery {
  return "__schema" in data && typeof data.__schema === "object" && data.__schema !== null;
}
