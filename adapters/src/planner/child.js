// The entry of a planner process. Plain JavaScript on purpose: stripping types would load a compiler
// into the process, which makes it start in 110 ms instead of 45 and take 22 MB of its own instead of 10.
import { QueryPlanner } from "@graphql-hive/router-query-planner";
import { outlineOf } from "./outline.js";

/**
 * Kept for the life of the process: a plan in flight uses the planner's memory after it was collected.
 * @type {QueryPlanner | undefined}
 */
let planner;

const noLabels = new Set();

/**
 * `@override(label: "percent(n)")` takes effect where this is below n. One plan serves all who ask the same, so a field
 * moves as a whole: once the label says 100, and no sooner.
 */
const allButAHundred = 99.999999;

process.on("message", (/** @type {import("./messages.ts").ToPlanner} */ message) => {
  answer(message).then(send, (error) => {
    send({ kind: "refused", message: error instanceof Error ? error.message : String(error) });
  });
});

// Planning runs in Rust on another thread and cannot be stopped: no exit handler, no waiting for it.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

/** @param {import("./messages.ts").ToPlanner} message */
async function answer(message) {
  if (message.kind === "load") {
    if (message.outlineFirst) await tellOutline(message.sdl);
    planner = new QueryPlanner(message.sdl);
    return { kind: "loaded", consumerSdl: planner.consumerSchema };
  }
  if (planner === undefined) throw new Error("no supergraph was loaded");
  return { kind: "planned", plan: await planner.planAsync(message.query, null, noLabels, allButAHundred) };
}

/**
 * Waits until it is on its way, because reading the whole lets nothing else happen here.
 * @param {string} sdl
 */
async function tellOutline(sdl) {
  const outline = outlineOf(sdl);
  if (outline === undefined) return;
  try {
    const { consumerSchema } = new QueryPlanner(outline);
    await new Promise((resolve) => process.send?.({ kind: "outlined", consumerSdl: consumerSchema }, resolve));
  } catch {
    // The whole will tell what is wrong with it.
  }
}

/** @param {object} message As `FromPlanner` of messages.ts describes it. */
function send(message) {
  process.send?.(message);
}
