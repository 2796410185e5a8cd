/** How many processes answer requests; `auto`: as many as the machine runs at once. */
export type Workers = number | "auto";

/** More than any machine's cores are worth: each is a process of its own with planners of its own. */
export const maxWorkers = 64;

/** For editors and help; `parseWorkers` decides. */
export const workersPattern = /^(?:auto|[1-9]\d?)$/;

/** Reads "auto", or a number from 1 to 64; undefined when it is neither. */
export function parseWorkers(text: string): Workers | undefined {
  if (!workersPattern.test(text)) return undefined;
  if (text === "auto") return text;
  return Number(text) <= maxWorkers ? Number(text) : undefined;
}

/** The number that is meant, where `parallelism` processes run at once. */
export function countWorkers(workers: Workers, parallelism: number): number {
  return workers === "auto" ? Math.max(1, Math.min(parallelism, maxWorkers)) : workers;
}
