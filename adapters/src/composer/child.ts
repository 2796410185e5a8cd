import { Worker } from "node:worker_threads";
import type { Subgraph } from "@catalyst-node/core/supergraph";
import { composeOnce } from "./compose.ts";

/** Ends this process once its parent is gone, even while the composer keeps the main thread busy. */
const watchParent = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, "SIGKILL"); }, 500);
`;

process.on("message", (subgraphs: readonly Subgraph[]) => process.send?.(composeOnce(subgraphs)));
process.on("disconnect", () => process.exit());

new Worker(watchParent, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();

// The first composition compiles the composer; better now, while nobody waits for it.
composeOnce([{ name: "warm", sdl: `type Query { a(b: Int): A } type A @key(fields: "id") { id: ID! }` }]);
process.send?.("ready");
