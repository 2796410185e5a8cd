/** `npm run fuzz -- [--cases N] [--seed S]`: nonsense to a gateway, and from its services. Exit 1 on a crash, a hang or a 500. */
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const started = performance.now();
const { cases, statuses, failures, slowestMs } = await fuzz(values.seed, Number(values.cases));
const answered = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} x ${status}`);
process.stdout.write(
  [
    `seed ${values.seed}: ${cases} cases, ${failures.length} failures (${((performance.now() - started) / 1_000).toFixed(0)} s)`,
    `answered ${answered.join(", ")}; the slowest took ${slowestMs.toFixed(0)} ms`,
    ...failures,
    "",
  ].join("\n"),
);
process.exitCode = failures.length > 0 ? 1 : 0;
