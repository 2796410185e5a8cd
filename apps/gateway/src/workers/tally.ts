import { Refusals } from "../refusals.ts";
import { addUpstream, noUpstream } from "../upstream.ts";
import type { Stats } from "./messages.ts";

/** Adds up what workers have counted, those that are gone included. */
export class Tally {
  #total = 0;
  #withErrors = 0;
  #plannerRestarts = 0;
  readonly #refusals = new Refusals();
  readonly #tokenRefusals = new Refusals();
  #upstream = noUpstream;

  /** One has ended; what was in flight in it is no more. */
  add({ operations, refusals, tokenRefusals, upstream, plannerRestarts }: Stats): void {
    this.#total += operations.total;
    this.#withErrors += operations.withErrors;
    this.#plannerRestarts += plannerRestarts;
    this.#refusals.add(refusals);
    this.#tokenRefusals.add(tokenRefusals);
    this.#upstream = addUpstream(this.#upstream, { ...upstream, givenUp: [] });
  }

  /** With those that run. */
  with(running: readonly Stats[]): Stats {
    const sum = (of: (stats: Stats) => number, gone: number): number =>
      running.reduce((total, stats) => total + of(stats), gone);
    return {
      refusals: this.#refusals.with(running.map(({ refusals }) => refusals)),
      tokenRefusals: this.#tokenRefusals.with(running.map(({ tokenRefusals }) => tokenRefusals)),
      upstream: running.reduce((sum, { upstream }) => addUpstream(sum, upstream), this.#upstream),
      operations: {
        total: sum(({ operations }) => operations.total, this.#total),
        withErrors: sum(({ operations }) => operations.withErrors, this.#withErrors),
        inFlight: sum(({ operations }) => operations.inFlight, 0),
      },
      generations: Math.max(0, ...running.map(({ generations }) => generations)),
      plannerRestarts: sum(({ plannerRestarts }) => plannerRestarts, this.#plannerRestarts),
    };
  }
}
