/** Runs cases that its parent sends, one at a time: the planner may die of any of them, and its process with it. */
import { type Case, evaluate, type Outcome, type Phase } from "./evaluate.ts";
import { type PlanCase, planCase } from "./plan-case.ts";

type Message = PlanCase | (Omit<Case, "model"> & { readonly model?: Case["model"] });

let model: Case["model"] | undefined;

process.on("message", (message: Message) => {
  run(message).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

async function run(message: Message): Promise<Outcome> {
  const tell = (phase: Phase): void => void process.send?.(phase);
  if ("services" in message) return planCase(message, tell);
  model = message.model ?? model;
  if (model === undefined) throw new Error("the first case brings its model");
  return evaluate({ ...message, model }, tell);
}
