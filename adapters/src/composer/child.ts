import { flushCompileCache } from "node:module";
import { runInNewContext } from "node:vm";
import type { Attempt } from "@catalyst-node/core/supergraph";
import { composeOnce } from "./compose.ts";
import type { Question } from "./question.ts";

let isKept = false;

process.on("message", (question: Question) => {
  process.send?.(composeWithin(question), () => {
    // This process is killed rather than ended, and would never keep what it compiled.
    if (!isKept) flushCompileCache();
    isKept = true;
  });
});
process.on("disconnect", () => process.exit());

/**
 * While it composes, this thread does not hear that its parent is gone. V8's own watchdog ends a composition that
 * its parent, were it alive, had given up by now; a thread of ours to look for it would take 18 MB and 70 ms.
 */
function composeWithin({ subgraphs, timeoutMs }: Question): Attempt {
  return runInNewContext("compose()", { compose: () => composeOnce(subgraphs) }, { timeout: timeoutMs });
}

process.send?.("ready");
