import {
  defaultGatewayLimits,
  defaultUpstreamLimits,
  fail,
  type GatewayLimits,
  type Limits,
  longestDuration,
  ok,
  type Problem,
  type Result,
  type UpstreamLimits,
} from "@catalyst-node/core/model";
import { gatewayProblem } from "./problems.ts";

/** Limits as they are sent: what is absent has its default. */
export type LimitsSent = {
  readonly requests?: Sent<GatewayLimits> | undefined;
  readonly upstream?: Sent<UpstreamLimits> | undefined;
};
type Sent<Values> = { readonly [Key in keyof Values]?: number | undefined };
type Range = readonly [least: number, most: number];

const million = 1_000_000;
const gibibyte = 2 ** 30;
const count: Range = [0, million];
const bound: Range = [1, million];
const size: Range = [1, gibibyte];
const time: Range = [1, longestDuration];

const requestRanges: Readonly<Record<keyof GatewayLimits, Range>> = {
  maxBody: size,
  maxNesting: [1, 1_000],
  maxTokens: count,
  maxDepth: count,
  maxAliases: count,
  maxDirectives: count,
  maxRootFields: count,
  maxCost: count,
  maxFields: bound,
  maxResponse: size,
  requestTimeout: time,
  headersTimeout: time,
  receiveTimeout: time,
  maxInFlight: bound,
  maxLoopDelay: [0, longestDuration],
};

const upstreamRanges: Readonly<Record<keyof UpstreamLimits, Range>> = {
  connectTimeout: time,
  tryTimeout: time,
  retryBudget: [0, 100],
  maxResponse: size,
  maxConcurrent: bound,
  breakerFailures: count,
  breakerPause: time,
};

/** Fills in what is absent; all that is out of range at once. */
export function readLimits({ requests = {}, upstream = {} }: LimitsSent): Result<Limits> {
  const read = [told("limits.requests", requests, requestRanges), told("limits.upstream", upstream, upstreamRanges)];
  const problems = read.flatMap((part) => part.problems);
  if (problems.length > 0) return fail(...problems);
  return ok({
    requests: { ...defaultGatewayLimits, ...read[0]?.values },
    upstream: { ...defaultUpstreamLimits, ...read[1]?.values },
  });
}

/** What was told of these keys, and what is wrong with it. */
function told(path: string, sent: object, ranges: Readonly<Record<string, Range>>) {
  const values: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const range = ranges[key];
    if (range === undefined || typeof value !== "number") continue;
    const [least, most] = range;
    values[key] = value;
    if (value >= least && value <= most) continue;
    const what = `${value} is not from ${least} to ${most}.`;
    problems.push(gatewayProblem("CAT-GATEWAY-060", `${path}.${key}`, what));
  }
  return { values, problems };
}
