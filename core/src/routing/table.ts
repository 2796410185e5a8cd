import type { RouteKey } from "../model/index.ts";

/** One offer of one service: what it is called everywhere, and how it is reached from here. */
export type Route = {
  readonly key: RouteKey;
  /** The last part of the key: the subgraph's name inside this node. */
  readonly service: string;
  /** How the service is spoken to; a route of a protocol that a node does not know is never used. */
  readonly protocol: "graphql-http";
  /** The address that this node's gateway calls. */
  readonly url: string;
  /** How subscriptions are asked for; at `url` when it names no other. */
  readonly subscriptions: Subscriptions;
  /** Whether partners of other organizations may be told of it. */
  readonly export: boolean;
  /** The service did not answer when last asked; what is known of it is from before. */
  readonly stale: boolean;
};

type Subscriptions = { readonly protocol: "sse" | "ws"; readonly url?: string | undefined };

/** Who makes an offer: this node itself (`local`), from M2 on a peer by its name. */
export type Offerer = "local";

/** What each offerer offers, kept apart: losing one offer must never lose another's. */
export type Offers = ReadonlyMap<Offerer, ReadonlyMap<RouteKey, Route>>;

/** Learns or replaces one offer. An equal offer gives the same table back. */
export function learn(offers: Offers, offerer: Offerer, route: Route): Offers {
  const known = offers.get(offerer)?.get(route.key);
  if (known !== undefined && sameRoute(known, route)) return offers;
  return new Map(offers).set(offerer, new Map(offers.get(offerer)).set(route.key, route));
}

/** Drops one offerer's offer and nobody else's. */
export function forget(offers: Offers, offerer: Offerer, key: RouteKey): Offers {
  const left = new Map(offers.get(offerer));
  return left.delete(key) ? new Map(offers).set(offerer, left) : offers;
}

/** The offers of one service, best first: fresh before stale, then by offerer. */
export function candidates(offers: Offers, key: RouteKey): readonly (readonly [Offerer, Route])[] {
  return [...offers]
    .flatMap(([offerer, routes]) => {
      const route = routes.get(key);
      return route ? [[offerer, route] as const] : [];
    })
    .toSorted(([offererA, a], [offererB, b]) => Number(a.stale) - Number(b.stale) || (offererA < offererB ? -1 : 1));
}

/** Every service that anybody offers, by key: the order in which routes are shown and sent. */
export function keys(offers: Offers): readonly RouteKey[] {
  return [...new Set([...offers.values()].flatMap((routes) => routes.keys().toArray()))].toSorted();
}

/** Service -> its addresses in order of preference: what a gateway needs to reach each service. */
export function endpoints(offers: Offers): readonly ServiceEndpoints[] {
  return keys(offers).flatMap((key) => {
    const routes = candidates(offers, key).map(([, route]) => route);
    const reached = routes.map(({ url, subscriptions }) => ({ url, subscriptions }));
    return routes[0] === undefined ? [] : [{ service: routes[0].service, endpoints: reached }];
  });
}

export type ServiceEndpoints = {
  readonly service: string;
  readonly endpoints: readonly Pick<Route, "url" | "subscriptions">[];
};

function sameRoute(a: Route, b: Route): boolean {
  const sameSubscriptions =
    a.subscriptions.protocol === b.subscriptions.protocol && a.subscriptions.url === b.subscriptions.url;
  return (
    a.protocol === b.protocol && a.url === b.url && sameSubscriptions && a.export === b.export && a.stale === b.stale
  );
}
