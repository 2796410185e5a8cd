import type { Breaker } from "./breaker.ts";
import type { Connections } from "./http1/connections.ts";

/** One endpoint of a service: the first lines of every request to it, the connections there, and how it stands. */
export type Route = { readonly head: string; readonly connections: Connections; readonly breaker: Breaker };

/** The routes that one request could not be connected to. */
export class Unconnected {
  readonly #routes = new Set<Route>();

  /** The one of them that is preferred. */
  get first(): Route | undefined {
    const [first] = this.#routes;
    return first;
  }

  add(route: Route): void {
    this.#routes.add(route);
  }

  /** In the end it was connected to: it has not failed. */
  remove(route: Route): void {
    this.#routes.delete(route);
  }

  /** Nobody waited for as long as it would have taken to know. */
  release(): void {
    for (const { breaker } of this.#routes) breaker.released();
    this.#routes.clear();
  }

  /** All of them have failed; one that is not asked any more is looked after until it can be connected to. */
  fail(): void {
    for (const { breaker, connections } of this.#routes)
      if (breaker.failed()) connections.watch(breaker.connected, breaker.openUntil);
  }
}
