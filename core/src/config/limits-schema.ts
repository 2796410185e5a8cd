import { z } from "zod";
import { defaultGatewayLimits, defaultUpstreamLimits, formatDuration, formatSize } from "../model/index.ts";
import { count, duration, durationOrOff, size } from "./scalars.ts";

const requests = defaultGatewayLimits;
const services = defaultUpstreamLimits;
const million = 1_000_000;

function sizeOf(fallback: number, description: string) {
  return size.prefault(formatSize(fallback)).meta({ title: "size", description });
}

function timeOf(fallback: number, description: string) {
  return duration.prefault(formatDuration(fallback)).meta({ title: "duration", description });
}

/** A count that 0 does not limit. */
function countOf(fallback: number, description: string) {
  return count(0, million)
    .prefault(String(fallback))
    .meta({ title: "number", description: `${description} 0: no limit.` });
}

/** A count that always limits. */
function bound(fallback: number, most: number, description: string) {
  return count(1, most).prefault(String(fallback)).meta({ title: "number", description });
}

/** `gateway.limits`: the keys of core's `GatewayLimits`. */
export const limits = z.strictObject({
  maxBody: sizeOf(requests.maxBody, "The longest body of a request. REQUEST_ENTITY_TOO_LARGE."),
  maxNesting: bound(
    requests.maxNesting,
    1_000,
    "How deep objects and lists may lie in each other in a request's JSON. NESTING_LIMIT_EXCEEDED.",
  ),
  maxTokens: countOf(requests.maxTokens, "Lexical tokens of a document. TOKEN_LIMIT_EXCEEDED."),
  maxDepth: countOf(requests.maxDepth, "Levels of fields in an operation. DEPTH_LIMIT_EXCEEDED."),
  maxAliases: countOf(requests.maxAliases, "Aliased fields of an operation. ALIAS_LIMIT_EXCEEDED."),
  maxDirectives: countOf(requests.maxDirectives, "Directives of an operation. DIRECTIVE_LIMIT_EXCEEDED."),
  maxRootFields: countOf(requests.maxRootFields, "Fields of an operation's root. ROOT_FIELD_LIMIT_EXCEEDED."),
  maxCost: countOf(requests.maxCost, "What an operation may cost (docs/limits.md). COST_LIMIT_EXCEEDED."),
  maxFields: bound(
    requests.maxFields,
    100_000,
    "Fields of an operation with its fragments written out; it protects the planner. FIELD_LIMIT_EXCEEDED.",
  ),
  maxResponse: sizeOf(requests.maxResponse, "The longest answer. RESPONSE_TOO_LARGE."),
  requestTimeout: timeOf(
    requests.requestTimeout,
    "From the head of a request to the end of its answer; subscriptions are exempt. DEADLINE_EXCEEDED.",
  ),
  headersTimeout: timeOf(requests.headersTimeout, "How long the head of a request may take to arrive."),
  receiveTimeout: timeOf(requests.receiveTimeout, "How long the whole of a request may take to arrive."),
  maxInFlight: bound(
    requests.maxInFlight,
    million,
    "Requests that are answered at the same time, in each process. OVERLOADED.",
  ),
  maxLoopDelay: durationOrOff.prefault(formatDuration(requests.maxLoopDelay)).meta({
    title: "duration|off",
    description:
      "Requests are turned away while the 99th percentile of the event loop's delay is above this and many are in flight; " +
      "off: none is. OVERLOADED.",
    examples: ["100ms", "off"],
  }),
});

/** `gateway.upstream`: the keys of core's `UpstreamLimits`. */
export const upstream = z.strictObject({
  connectTimeout: timeOf(
    services.connectTimeout,
    "How long a connection to a service may take to be made; one that refuses connections is waited for twice as long.",
  ),
  tryTimeout: timeOf(services.tryTimeout, "How long one try may take, to the last byte of the answer."),
  retryBudget: count(0, 100).prefault(String(services.retryBudget)).meta({
    title: "percent",
    description: "How many of a hundred queries to a service may be tried once more; 0: none is.",
  }),
  maxResponse: sizeOf(services.maxResponse, "The longest answer of a service."),
  maxConcurrent: bound(services.maxConcurrent, million, "Requests to one service at the same time, in each process."),
  breakerFailures: countOf(
    services.breakerFailures,
    "After so many failures in a row a service is not asked for a while.",
  ),
  breakerPause: timeOf(services.breakerPause, "How long that while is; then one request tries again."),
});
