import { z } from "zod";
import {
  defaultGatewayLimits,
  defaultUpstreamLimits,
  formatDuration,
  formatSize,
  gatewayLimitRanges,
  upstreamLimitRanges,
} from "../model/index.ts";
import { count, duration, durationOrOff, sizeUpTo } from "./scalars.ts";

/** How the keys of one group are made, each with its default and its range. */
function keysOf<Key extends string>(
  defaults: Readonly<Record<Key, number>>,
  ranges: Readonly<Record<Key, readonly [least: number, most: number]>>,
) {
  const bound = (key: Key, description: string, title = "number") =>
    count(ranges[key][0], ranges[key][1]).prefault(String(defaults[key])).meta({ title, description });
  return {
    size: (key: Key, description: string) =>
      sizeUpTo(ranges[key][1]).prefault(formatSize(defaults[key])).meta({ title: "size", description }),
    time: (key: Key, description: string) =>
      duration.prefault(formatDuration(defaults[key])).meta({ title: "duration", description }),
    bound,
    /** A count that 0 does not limit. */
    count: (key: Key, description: string) => bound(key, `${description} 0: no limit.`),
  };
}

const requests = keysOf(defaultGatewayLimits, gatewayLimitRanges);
const services = keysOf(defaultUpstreamLimits, upstreamLimitRanges);

/** `gateway.limits`: the keys of core's `GatewayLimits`. */
export const limits = z.strictObject({
  maxBody: requests.size("maxBody", "The longest body of a request. REQUEST_ENTITY_TOO_LARGE."),
  maxNesting: requests.bound(
    "maxNesting",
    "How deep objects and lists may lie in each other in a request's JSON. NESTING_LIMIT_EXCEEDED.",
  ),
  maxTokens: requests.count("maxTokens", "Lexical tokens of a document. TOKEN_LIMIT_EXCEEDED."),
  maxDepth: requests.count("maxDepth", "Levels of fields in an operation. DEPTH_LIMIT_EXCEEDED."),
  maxAliases: requests.count("maxAliases", "Aliased fields of an operation. ALIAS_LIMIT_EXCEEDED."),
  maxDirectives: requests.count("maxDirectives", "Directives of an operation. DIRECTIVE_LIMIT_EXCEEDED."),
  maxRootFields: requests.count("maxRootFields", "Fields of an operation's root. ROOT_FIELD_LIMIT_EXCEEDED."),
  maxCost: requests.count("maxCost", "What an operation may cost (docs/limits.md). COST_LIMIT_EXCEEDED."),
  maxFields: requests.bound(
    "maxFields",
    "Fields of an operation with its fragments written out; it protects the planner. FIELD_LIMIT_EXCEEDED.",
  ),
  maxResponse: requests.size("maxResponse", "The longest answer. RESPONSE_TOO_LARGE."),
  requestTimeout: requests.time(
    "requestTimeout",
    "From the head of a request to the end of its answer; subscriptions are exempt. DEADLINE_EXCEEDED.",
  ),
  headersTimeout: requests.time("headersTimeout", "How long the head of a request may take to arrive."),
  receiveTimeout: requests.time("receiveTimeout", "How long the whole of a request may take to arrive."),
  maxInFlight: requests.bound(
    "maxInFlight",
    "Requests that are answered at the same time, in each process. OVERLOADED.",
  ),
  maxLoopDelay: durationOrOff.prefault(formatDuration(defaultGatewayLimits.maxLoopDelay)).meta({
    title: "duration|off",
    description:
      "Requests are turned away while the 99th percentile of the event loop's delay is above this and many are in flight; " +
      "off: none is. OVERLOADED.",
    examples: ["100ms", "off"],
  }),
});

/** `gateway.upstream`: the keys of core's `UpstreamLimits`. */
export const upstream = z.strictObject({
  connectTimeout: services.time(
    "connectTimeout",
    "How long a connection to a service may take to be made; one that refuses connections is waited for twice as long.",
  ),
  tryTimeout: services.time("tryTimeout", "How long one try may take, to the last byte of the answer."),
  retryBudget: services.bound(
    "retryBudget",
    "How many of a hundred queries to a service may be tried once more; 0: none is.",
    "percent",
  ),
  maxResponse: services.size("maxResponse", "The longest answer of a service."),
  maxConcurrent: services.bound("maxConcurrent", "Requests to one service at the same time, in each process."),
  breakerFailures: services.count(
    "breakerFailures",
    "After so many failures in a row a service is not asked for a while.",
  ),
  breakerPause: services.time("breakerPause", "How long that while is; then one request tries again."),
});
