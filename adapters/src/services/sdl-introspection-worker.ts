import { parentPort, workerData } from "node:worker_threads";
import { printHere } from "./sdl-introspection.ts";

try {
  const data: unknown = workerData;
  parentPort?.postMessage({ sdl: printHere(typeof data === "object" && data !== null ? data : {}) }, []);
} catch (error) {
  parentPort?.postMessage({ error: error instanceof Error ? error.message : "unknown" }, []);
}
