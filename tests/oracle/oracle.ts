import { buildSchema } from "graphql";
import { casesOf, type CaseId } from "./cases.ts";
import type { Case, Outcome } from "./evaluate.ts";
import { Evaluator } from "./evaluator.ts";
import { features } from "./coverage.ts";
import { gapOf } from "./gaps.ts";
import { plainSdl } from "./model.ts";
import { shrink, signature } from "./shrink.ts";

export type Finding = { readonly id: CaseId; readonly outcome: Outcome; readonly asked: Case };

export type Summary = {
  /** Compared and found equal. */
  readonly same: number;
  readonly graphs: number;
  readonly gaps: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  /** Run twice, because something else ended the process of the first try. */
  readonly repeated: number;
  readonly coverage: ReadonlyMap<string, number>;
};

/** More than this are not looked for. */
const maxFindings = 10;

/** Compares so many answers, in as many processes as asked, and counts what is excused apart. */
export async function runOracle(options: {
  readonly seed: string;
  readonly operations: number;
  readonly processes: number;
  /** Ends earlier, with what was compared by then. */
  readonly seconds?: number;
}): Promise<Summary> {
  const gaps = new Map<string, number>();
  const coverage = new Map<string, number>(features.map((name) => [name, 0]));
  const findings: Finding[] = [];
  const graphs = new Set<string>();
  let same = 0;
  let repeated = 0;
  const end = performance.now() + (options.seconds ?? Infinity) * 1_000;
  const work = async (first: number): Promise<void> => {
    const evaluator = new Evaluator();
    try {
      for (const { id, asked } of casesOf(options.seed, first, options.processes)) {
        if (performance.now() > end || same >= options.operations || findings.length >= maxFindings) return;
        const outcome = await evaluator.run(asked);
        const gap = gapOf(outcome);
        graphs.add(asked.seed);
        if (outcome.kind === "same") {
          same += 1;
          for (const name of outcome.features) coverage.set(name, (coverage.get(name) ?? 0) + 1);
        } else if (gap) gaps.set(gap.name, (gaps.get(gap.name) ?? 0) + 1);
        else findings.push({ id, outcome, asked });
      }
    } finally {
      repeated += evaluator.repeated;
      evaluator.stop();
    }
  };
  await Promise.all(Array.from({ length: options.processes }, (_, first) => work(first)));
  return { same, graphs: graphs.size, gaps, findings, repeated, coverage };
}

/** The least that ends as the finding does. */
export async function minimal({ asked, outcome }: Pick<Finding, "asked" | "outcome">): Promise<Case> {
  const evaluator = new Evaluator();
  const wanted = signature(outcome);
  try {
    return await shrink(
      asked,
      async (candidate) => isWhole(candidate) && signature(await evaluator.run(candidate)) === wanted,
    );
  } finally {
    evaluator.stop();
  }
}

/** Whether the plain schema of a shrunk model still stands. */
function isWhole({ model }: Case): boolean {
  try {
    buildSchema(plainSdl(model));
    return true;
  } catch {
    return false;
  }
}
