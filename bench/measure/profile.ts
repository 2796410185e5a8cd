import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of one function: its share of the CPU, without what it calls, 0 to 1. */
export type SelfTime = { readonly name: string; readonly share: number };

type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** In microseconds, one for each sample. */
  readonly timeDeltas: readonly number[];
};

/** What to start a process with that writes a profile into the folder when it ends. */
export function profiled(folder: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
}

/**
 * Where the busiest of the profiled processes spent its last so many seconds, most first. Idle time does not count: it is
 * a share of what was worked.
 */
export function selfTimes(folder: string, seconds: number): readonly SelfTime[] {
  const profiles = readdirSync(folder).map((file): Profile => JSON.parse(readFileSync(join(folder, file), "utf8")));
  const [busiest = new Map<string, number>()] = profiles
    .map((profile) => microsByFunction(profile, seconds * 1e6))
    .toSorted((a, b) => sum(b) - sum(a));
  const total = sum(busiest);
  return [...busiest].map(([name, micros]) => ({ name, share: micros / total })).toSorted((a, b) => b.share - a.share);
}

function microsByFunction({ nodes, samples, timeDeltas }: Profile, window: number): ReadonlyMap<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const micros = new Map<string, number>();
  let left = window;
  for (let index = samples.length - 1; index >= 0 && left > 0; index--) {
    const name = names.get(samples[index] ?? -1) ?? "";
    const delta = timeDeltas[index] ?? 0;
    left -= delta;
    if (name !== "(idle)") micros.set(name, (micros.get(name) ?? 0) + delta);
  }
  return micros;
}

function nameOf({ functionName, url, lineNumber }: Profile["nodes"][number]["callFrame"]): string {
  if (url === "") return functionName || "(native)";
  const place = url.replace(/^.*\/node_modules\/|^file:\/\/.*?\/(?=(?:core|adapters|apps)\/)/, "");
  return `${functionName || "(unnamed)"} ${place}:${lineNumber + 1}`;
}

function sum(micros: ReadonlyMap<string, number>): number {
  return [...micros.values()].reduce((total, each) => total + each, 0);
}
