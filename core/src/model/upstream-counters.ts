/** What came of requests to services, since the start of the process. */
export type UpstreamCounters = {
  /** Requests that were sent a second time. */
  readonly retries: number;
  /** Those that would have been, had the budget allowed it. */
  readonly retriesDenied: number;
  /** How often an endpoint was given up for a while. */
  readonly breakerOpened: number;
  /** Requests that no endpoint was asked for, because each was given up. */
  readonly refusedByBreaker: number;
  /** Requests beyond those that may be at one service at the same time. */
  readonly refusedByConcurrency: number;
};
