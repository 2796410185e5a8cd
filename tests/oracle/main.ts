/**
 * `npm run oracle -- [--operations N] [--seed S] [--case S/graph/operation] [--processes N] [--seconds N]`: generated graphs and
 * operations, executed by services, planner and executor on one side and by graphql-js on one plain schema on the
 * other. Exit 1 on a difference, which is printed in its smallest form, and on a feature that was never met.
 */
import { parseArgs } from "node:util";
import { caseOf, printCase } from "./cases.ts";
import type { Outcome } from "./evaluate.ts";
import { Evaluator } from "./evaluator.ts";
import { minimal, runOracle, type Summary } from "./oracle.ts";
import { signature } from "./shrink.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    processes: { type: "string", default: "2" },
    /** Ends earlier, with what was compared by then. */
    seconds: { type: "string" },
    case: { type: "string" },
    /** Prints the minimal case as JSON, as gaps/ keeps them. */
    json: { type: "boolean", default: false },
  },
});

process.exitCode = values.case === undefined ? await runMany() : await runOne(values.case);

async function runMany(): Promise<number> {
  const operations = Number(values.operations);
  const processes = Number(values.processes);
  if (!(operations > 0) || !(processes > 0)) {
    process.stderr.write("--operations and --processes are numbers above 0\n");
    return 2;
  }
  const started = performance.now();
  const summary = await runOracle({
    seed: values.seed,
    operations,
    processes,
    ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
  });
  process.stdout.write(printSummary(summary, (performance.now() - started) / 1_000));
  const [first] = summary.findings;
  if (first !== undefined) {
    process.stdout.write(`\nthe first, made as small as it gets:\n\n`);
    await tell(first);
  }
  const unmet = [...summary.coverage].filter(([, count]) => count === 0);
  return summary.findings.length > 0 || unmet.length > 0 ? 1 : 0;
}

async function runOne(id: string): Promise<number> {
  const asked = caseOf(id);
  if (asked === undefined) {
    process.stderr.write(`--case is seed/graph/operation, as a run prints it, not ${id}\n`);
    return 2;
  }
  const outcome = await evaluateOnce(asked);
  if (outcome.kind !== "same") await tell({ asked, outcome });
  else process.stdout.write(`${printCase(asked)}\n\n${signature(outcome)}\n`);
  return outcome.kind === "same" ? 0 : 1;
}

async function tell(finding: Parameters<typeof minimal>[0]): Promise<void> {
  const small = await minimal(finding);
  if (values.json) {
    process.stdout.write(`${JSON.stringify(small, null, 1)}\n`);
    return;
  }
  const outcome = await evaluateOnce(small);
  process.stdout.write(`${printCase(small)}\n\n${signature(outcome)}\n`);
  if (outcome.kind === "different") {
    const { what, ours, expected, plan } = outcome;
    process.stdout.write(`${what}\n\n# ours\n${ours}\n# expected\n${expected}\n# plan\n${plan}\n`);
  } else if ("message" in outcome) process.stdout.write(`${outcome.message}\n`);
}

async function evaluateOnce(asked: Parameters<Evaluator["run"]>[0]): Promise<Outcome> {
  const evaluator = new Evaluator();
  try {
    return await evaluator.run(asked);
  } finally {
    evaluator.stop();
  }
}

function printSummary({ same, graphs, gaps, findings, repeated, coverage }: Summary, seconds: number): string {
  const rows = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, count]) => `${String(count).padStart(8)}  ${name}`);
  const all = [...gaps.values()].reduce((sum, count) => sum + count, 0);
  const share = (count: number) => `${((100 * count) / Math.max(1, same + all + findings.length)).toFixed(2)} %`;
  return [
    `seed ${values.seed}: ${same} operations on ${graphs} graphs equal, ${findings.length} different (${seconds.toFixed(0)} s)`,
    "",
    `not compared, by known gap (${share(all)}):`,
    ...[...gaps].map(([name, count]) => `${String(count).padStart(8)}  ${share(count)}  ${name}`),
    ...(repeated > 0 ? ["", `run twice, because the first process was ended from outside: ${repeated}`] : []),
    "",
    "equal answers that met:",
    ...rows(coverage),
    "",
    ...findings.map(({ id, outcome }) => `npm run oracle -- --case ${id}   ${signature(outcome)}`),
    "",
  ].join("\n");
}
