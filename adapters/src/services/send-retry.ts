import type { ServiceFailureCode } from "@catalyst-node/core/execution";
import type { ResponseHead } from "./http1/head.ts";

/** Of a try that may be repeated. */
export type Failure = {
  /** What it comes to when it is not. */
  readonly code: ServiceFailureCode;
  /** Before it is, in ms. */
  readonly pause: number;
  /** By a kept connection that ended as it was used: that is not yet the one time that a query is asked again. */
  readonly isRace?: boolean;
  /** Its connection broke off together with others, of which the first has been counted. */
  readonly isAlongside?: boolean;
};

/** Before a query is asked once more, in ms: at random between these, so that not all come back together. */
const afterRefusal = [25, 100] as const;
/** A process that is killed takes connections for some time, and breaks them off, until the last of it is gone. */
const afterLoss = [100, 250] as const;
/** A service that wants to be left alone for longer than this is not asked again. */
const longestMs = 1_000;

/** How long to wait before a query is asked again whose connection broke off. */
export function pauseAfterLoss(): number {
  return within(afterLoss);
}

/**
 * The same after a response with this head: the service, or what stands before it, may be back in a moment, or says when
 * (RFC 9110, 10.2.3). Undefined when asking again is of no use.
 */
export function pauseAfter({ status, headers }: ResponseHead): number | undefined {
  if (status < 502 || status > 504) return undefined;
  const asked = retryAfterMs(headers["retry-after"]);
  return asked > longestMs ? undefined : asked + within(afterRefusal);
}

function within([shortest, longest]: readonly [number, number]): number {
  return shortest + Math.random() * (longest - shortest);
}

function retryAfterMs(value: string | undefined): number {
  if (value === undefined) return 0;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
