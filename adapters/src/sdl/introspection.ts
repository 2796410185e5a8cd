import { Worker } from "node:worker_threads";
// This file alone: the whole of graphql-js takes 70 ms to load, for a text.
import { getIntrospectionQuery } from "graphql/utilities/getIntrospectionQuery.js";

export const introspectionQuery = getIntrospectionQuery();

/** From this size on a thread does it: a megabyte of introspection takes a tenth of a second. In characters. */
const largeFrom = 128 * 1024;

/** The SDL that an introspection result describes. Rejects when it describes none, or when the signal fires. */
export async function sdlOfIntrospection(data: object, signal: AbortSignal, size: number): Promise<string> {
  if (size >= largeFrom) return await printInThread(data, signal);
  const { printIntrospection } = await import("./print-introspection.ts");
  return printIntrospection(data);
}

async function printInThread(data: object, signal: AbortSignal): Promise<string> {
  const worker = new Worker(new URL("./print-worker.ts", import.meta.url), { workerData: data });
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
