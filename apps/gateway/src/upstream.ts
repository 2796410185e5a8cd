import type { HttpServicePort } from "@catalyst-node/adapters/services";
import type { UpstreamCounters } from "@catalyst-node/core/model";

/** How asking services goes in one process, or in several. */
export type Upstream = {
  readonly counters: UpstreamCounters;
  readonly givenUp: readonly GivenUp[];
};

/** An endpoint that is not asked for a while. */
type GivenUp = {
  readonly service: string;
  readonly url: string;
  /** Since when the first process has given it up, in ms since 1970. */
  readonly since: number;
  /** How many processes have. */
  readonly processes: number;
};

export const noUpstream: Upstream = {
  counters: { retries: 0, retriesDenied: 0, breakerOpened: 0, refusedByBreaker: 0, refusedByConcurrency: 0 },
  givenUp: [],
};

/** Of one process, at this moment. */
export function upstreamOf({ counters, breakers }: Pick<HttpServicePort, "counters" | "breakers">): Upstream {
  const givenUp = breakers.flatMap(({ service, url, since, state }) =>
    state === "closed" ? [] : [{ service, url, since, processes: 1 }],
  );
  return { counters, givenUp };
}

/** Of several processes; one that is gone has given up nothing any more, but what it counted stays. */
export function addUpstream(one: Upstream, other: Upstream): Upstream {
  const [a, b] = [one.counters, other.counters];
  const givenUp = new Map<string, GivenUp>();
  for (const endpoint of [...one.givenUp, ...other.givenUp]) {
    const key = JSON.stringify([endpoint.service, endpoint.url]);
    const known = givenUp.get(key);
    const since = Math.min(known?.since ?? Infinity, endpoint.since);
    givenUp.set(key, { ...endpoint, since, processes: endpoint.processes + (known?.processes ?? 0) });
  }
  return {
    counters: {
      retries: a.retries + b.retries,
      retriesDenied: a.retriesDenied + b.retriesDenied,
      breakerOpened: a.breakerOpened + b.breakerOpened,
      refusedByBreaker: a.refusedByBreaker + b.refusedByBreaker,
      refusedByConcurrency: a.refusedByConcurrency + b.refusedByConcurrency,
    },
    givenUp: [...givenUp.values()],
  };
}
