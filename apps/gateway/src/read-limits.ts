import {
  defaultGatewayLimits,
  defaultUpstreamLimits,
  fail,
  type GatewayLimits,
  gatewayLimitRanges,
  type Limits,
  ok,
  type Problem,
  type Result,
  type UpstreamLimits,
  upstreamLimitRanges,
} from "@catalyst-node/core/model";
import { gatewayProblem } from "./problems.ts";

/** Limits as they are sent: what is absent has its default. */
export type LimitsSent = {
  readonly requests?: Sent<GatewayLimits> | undefined;
  readonly upstream?: Sent<UpstreamLimits> | undefined;
};
type Sent<Values> = { readonly [Key in keyof Values]?: number | undefined };
/** Fills in what is absent; all that is out of range at once. */
export function readLimits({ requests = {}, upstream = {} }: LimitsSent): Result<Limits> {
  const read = [
    told("limits.requests", requests, gatewayLimitRanges),
    told("limits.upstream", upstream, upstreamLimitRanges),
  ];
  const problems = read.flatMap((part) => part.problems);
  if (problems.length > 0) return fail(...problems);
  return ok({
    requests: { ...defaultGatewayLimits, ...read[0]?.values },
    upstream: { ...defaultUpstreamLimits, ...read[1]?.values },
  });
}

/** What was told of these keys, and what is wrong with it. */
function told(path: string, sent: object, ranges: Readonly<Record<string, readonly [least: number, most: number]>>) {
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
