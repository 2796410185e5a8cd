import type { ServiceFailureCode } from "@catalyst-node/core/execution";
import type { ResponseHead } from "./http1/head.ts";

/** Of a try that may be repeated. */
export type Failure = {
  /** What it comes to when it is not. */
  readonly code: ServiceFailureCode;
  /** Before it is, in ms. */
  readonly pause: number;
  /** By a connection that had answered before. */
  readonly isReused?: boolean;
  /** Its connection broke off together with others, of which the first has been counted. */
  readonly isAlongside?: boolean;
};

/** Before a query is asked once more, in ms: at random between these, so that not all come back together. */
const soonestMs = 25;
const latestMs = 100;
/** A service that wants to be left alone for longer than this is not asked again. */
const longestMs = 1_000;

/** How long to wait before a query is asked again that nobody answered. */
export function pauseMs(): number {
  return soonestMs + Math.random() * (latestMs - soonestMs);
}

/**
 * The same after a response with this head: the service, or what stands before it, may be back in a moment, or says when
 * (RFC 9110, 10.2.3). Undefined when asking again is of no use.
 */
export function pauseAfter({ status, headers }: ResponseHead): number | undefined {
  if (status < 502 || status > 504) return undefined;
  const asked = retryAfterMs(headers["retry-after"]);
  return asked > longestMs ? undefined : asked + pauseMs();
}

function retryAfterMs(value: string | undefined): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
