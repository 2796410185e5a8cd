import type { UpstreamLimits } from "@catalyst-node/core/model";
import type { Carried } from "./http1/connection.ts";
import type { Deadlines } from "./http1/deadlines.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { Route } from "./route.ts";

/** What holds for all requests to one service together. */
export type Load = {
  /** How many are to be answered; and of those, how many wait until the service can be connected to. */
  inFlight: number;
  waiting: number;
  readonly budget: RetryBudget;
};

/** What is to be sent, by the first route that can be connected to. */
export type Sending = {
  readonly routes: readonly Route[];
  /** The lines behind the route's own, and the body. */
  readonly rest: string;
  readonly encoding: Carried["encoding"];
  /** Whether it may be sent twice. */
  readonly isSafe: boolean;
  readonly load: Load;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

export type ExchangeLimits = UpstreamLimits & {
  /** For one try, from its start to the last byte. */
  readonly deadlines: Deadlines;
  readonly counters: { retries: number; retriesDenied: number; refusedByBreaker: number };
};
