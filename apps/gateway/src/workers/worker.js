// The entry of a worker process. JavaScript, as is the entry of the command line: with the cache of compiled code no
// file needs the stripper of types.
import { runWorker } from "./run-worker.ts";

runWorker();
