import { meanOf, type Sample, subjects } from "./samples.ts";

export type Outcome = {
  readonly minutes: number;
  readonly rate: number;
  readonly answered: number;
  readonly failed: number;
  readonly slowestMs: number;
  readonly heard: number;
  readonly reloads: number;
  readonly samples: readonly Sample[];
};

/** The most that a process may hold in the last third, of what it held in the second. */
const mostGrowth = 1.05;
/** A shorter run is a trial: its processes are still getting warm. */
const judgedMinutes = 30;

const words = {
  gateway: "gateway, RSS",
  orchestrator: "orchestrator, RSS",
  planners: "planners, PSS",
  node: "all processes of the node, PSS",
} as const;

/** What each subject holds in the second third of the time and in the last, and how much more that is. */
function growthOf({ minutes, samples }: Outcome) {
  const third = (minutes * 60) / 3;
  return subjects.map((subject) => {
    const before = meanOf(samples, subject, { from: third, to: 2 * third });
    const after = meanOf(samples, subject, { from: 2 * third, to: 3 * third });
    return { subject, before, after, growth: after / before };
  });
}

/** Why the run is not good; empty when it is. */
export function objections(outcome: Outcome): readonly string[] {
  const grown = growthOf(outcome).filter(({ growth }) => !(growth <= mostGrowth));
  return [
    ...(outcome.failed > 0 ? [`${outcome.failed} failed`] : []),
    ...(outcome.minutes < judgedMinutes ? [] : grown.map(({ subject }) => `${words[subject]} grew`)),
  ];
}

/** A part of docs/soak.md. */
export function formatOutcome(outcome: Outcome): string {
  const { minutes, rate, answered, failed, slowestMs, heard, reloads, samples } = outcome;
  const [second, last] = [1, 2].map(
    (part) => `minutes ${round((minutes / 3) * part)} to ${round((minutes / 3) * (part + 1))}`,
  );
  const rows = growthOf(outcome).map(
    ({ subject, before, after, growth }) =>
      `| ${words[subject]} | ${mebibytes(before)} | ${mebibytes(after)} | ${growth.toFixed(3)} |`,
  );
  return `${minutes} minutes at ${rate} requests a second, ${reloads} reloads: ${answered} answered as they ought to be,
${failed} failed, the slowest in ${Math.round(slowestMs)} ms; ${heard} events heard by subscriptions.

| MiB, mean of ${samples.length} samples in all | ${second} | ${last} | ratio |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function round(minutes: number): string {
  return String(Math.round(minutes * 10) / 10);
}
