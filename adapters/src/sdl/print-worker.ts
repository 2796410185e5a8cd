import { parentPort, workerData } from "node:worker_threads";
import { printIntrospection } from "./print-introspection.ts";

try {
  const data: unknown = workerData;
  parentPort?.postMessage({ sdl: printIntrospection(typeof data === "object" && data !== null ? data : {}) }, []);
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : "unknown" }, []);
}
