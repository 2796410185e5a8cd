import type { LoadJob } from "../processes/load.ts";
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
