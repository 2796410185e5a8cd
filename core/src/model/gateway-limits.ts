import { longestDuration } from "./quantities.ts";

/**
 * What a client's request may be and take. Times in milliseconds, sizes in bytes. Where 0 is allowed it means: no limit.
 * Named as the keys of `gateway.limits`.
 */
export type GatewayLimits = {
  /** The body of a request. */
  readonly maxBody: number;
  /** Levels of objects and lists within each other in a request's JSON. */
  readonly maxNesting: number;
  /** Lexical tokens of a document; 0: no limit. */
  readonly maxTokens: number;
  /** Levels of fields, fragments written out; 0: no limit. */
  readonly maxDepth: number;
  /** Aliased fields, `__typename` too, fragments written out; 0: no limit. */
  readonly maxAliases: number;
  /** Directives, fragments written out; 0: no limit. */
  readonly maxDirectives: number;
  /** Fields of the root type, fragments written out; 0: no limit. */
  readonly maxRootFields: number;
  /** What an operation may cost by the count of core/execution's `costOf`; 0: no limit. */
  readonly maxCost: number;
  /** Fields with fragments written out: what the planner is given at most. */
  readonly maxFields: number;
  /** The text of an answer. */
  readonly maxResponse: number;
  /** From the head of a request to the end of its answer. */
  readonly requestTimeout: number;
  /** For the head of a request to arrive. */
  readonly headersTimeout: number;
  /** For the whole of a request to arrive. */
  readonly receiveTimeout: number;
  /** Requests that are answered at the same time, in each process. */
  readonly maxInFlight: number;
  /** 99th percentile of the event loop's delay above which requests are turned away; 0: none ever is. */
  readonly maxLoopDelay: number;
};

/** What asking one service may take. Times in milliseconds, sizes in bytes. Named as the keys of `gateway.upstream`. */
export type UpstreamLimits = {
  /** For a connection to be made; a service that refuses connections is waited for twice as long. */
  readonly connectTimeout: number;
  /** For one try, from its start to the last byte of the answer. */
  readonly tryTimeout: number;
  /** Tries of queries that were repeated, of a hundred that were not; 0: none is repeated. */
  readonly retryBudget: number;
  /** The body of one answer. */
  readonly maxResponse: number;
  /** Requests to one service at the same time; of those that wait for it to be back, four times as many. */
  readonly maxConcurrent: number;
  /** Failures in a row after which a service is not asked for a while; 0: it always is. */
  readonly breakerFailures: number;
  /** How long it is not asked before one request tries again. */
  readonly breakerPause: number;
};

/** Both, as a gateway is told them. */
export type Limits = { readonly requests: GatewayLimits; readonly upstream: UpstreamLimits };

const kibibyte = 1_024;
const mebibyte = 1_024 * kibibyte;

/** Used until something else is told. */
export const defaultGatewayLimits: GatewayLimits = {
  maxBody: 256 * kibibyte,
  maxNesting: 32,
  maxTokens: 2_000,
  maxDepth: 12,
  maxAliases: 30,
  maxDirectives: 20,
  maxRootFields: 20,
  maxCost: 5_000,
  maxFields: 2_000,
  maxResponse: 10 * mebibyte,
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  receiveTimeout: 15_000,
  maxInFlight: 1_000,
  maxLoopDelay: 100,
};

/** Used until something else is told. */
export const defaultUpstreamLimits: UpstreamLimits = {
  connectTimeout: 1_000,
  tryTimeout: 3_000,
  retryBudget: 20,
  maxResponse: 5 * mebibyte,
  maxConcurrent: 256,
  breakerFailures: 5,
  breakerPause: 5_000,
};

/** Used until something else is told. */
export const defaultLimits: Limits = { requests: defaultGatewayLimits, upstream: defaultUpstreamLimits };

/** From the least to the most that one may be set to; the most is what the contract's numbers, and memory, allow. */
type Range = readonly [least: number, most: number];

const million = 1_000_000;
const count: Range = [0, million];
const bound: Range = [1, million];
const size: Range = [1, 1_024 * mebibyte];
const time: Range = [1, longestDuration];

export const gatewayLimitRanges: Readonly<Record<keyof GatewayLimits, Range>> = {
  maxBody: size,
  maxNesting: [1, 1_000],
  maxTokens: count,
  maxDepth: count,
  maxAliases: count,
  maxDirectives: count,
  maxRootFields: count,
  maxCost: count,
  maxFields: [1, 100_000],
  maxResponse: size,
  requestTimeout: time,
  headersTimeout: time,
  receiveTimeout: time,
  maxInFlight: bound,
  maxLoopDelay: [0, longestDuration],
};

export const upstreamLimitRanges: Readonly<Record<keyof UpstreamLimits, Range>> = {
  connectTimeout: time,
  tryTimeout: time,
  retryBudget: [0, 100],
  maxResponse: size,
  maxConcurrent: bound,
  breakerFailures: count,
  breakerPause: time,
};
