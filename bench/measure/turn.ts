import type { LoadJob } from "../processes/load.ts";
import { type Figure, figureOf } from "../report.ts";
import { cpuOfTree } from "./cpu.ts";
import { load } from "./load.ts";

/** What one load on a server came to; CPU in ms for each request, times in ms. */
export type Turn = {
  readonly answered: number;
  readonly perSecond: number;
  /** Of all processes that serve. */
  readonly cpu: number;
  /** Of the clients. */
  readonly clients: number;
  readonly p50: number;
  readonly p99: number;
};

/** Puts the load on what these processes and their children serve. */
export async function turn(job: LoadJob, pids: readonly number[]): Promise<Turn> {
  const used = (): number => pids.reduce((sum, pid) => sum + cpuOfTree(pid), 0);
  const before = used();
  const { answered, seconds, p50, p99, cpuMs } = await load(job);
  return {
    answered,
    perSecond: answered / seconds,
    cpu: (used() - before) / answered,
    clients: cpuMs / answered,
    p50,
    p99,
  };
}

/** Each in every round, in the other order every other round: what the machine does meanwhile weighs on all alike. */
export async function inTurns<Subject>(
  subjects: readonly Subject[],
  rounds: number,
  act: (subject: Subject) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) await act(subject);
  }
}

/** What the turns of several subjects came to, each beside those of one of them in the same round. */
export function figuresBeside(
  turns: ReadonlyMap<string, readonly Turn[]>,
  { base, word, aims = {} }: { readonly base: string; readonly word: string; readonly aims?: Aims },
): readonly Figure[] {
  return [...turns].flatMap(([subject, own]) => {
    const of = (key: keyof Turn) => own.map((each) => each[key]);
    const ratios = (key: keyof Turn) =>
      own.map((each, round) => each[key] / (turns.get(base)?.[round]?.[key] ?? Number.NaN));
    return [
      figureOf("requests", of("perSecond"), { unit: "1/s", subject }),
      figureOf(`requests / ${word}`, ratios("perSecond"), { unit: "", subject, ...aims[subject] }),
      figureOf("CPU each", of("cpu"), { unit: "ms", subject }),
      figureOf(`CPU / ${word}`, ratios("cpu"), { unit: "", subject }),
      figureOf("p50", of("p50"), { unit: "ms", subject }),
      figureOf("p99", of("p99"), { unit: "ms", subject }),
    ];
  });
}

/** By subject: what its requests beside the base's ought to be. */
type Aims = Readonly<Record<string, Pick<Figure, "aim">>>;
