/** Runs cases that its parent sends, one at a time: the planner may die of any of them, and its process with it. */
import { type Case, evaluate } from "./evaluate.ts";

let model: Case["model"] | undefined;

process.on("message", (message: Omit<Case, "model"> & { readonly model?: Case["model"] }) => {
  model = message.model ?? model;
  if (model === undefined) throw new Error("the first case brings its model");
  evaluate({ ...message, model }).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
