import type { Asker, Vetting } from "./authenticate.ts";

/** In milliseconds: who may not be answered any more is for no longer than two of these. */
const lookMs = 400;

/** Those who are answered for long, and have to be looked at again: tokens expire, and are taken back. */
export class Standings {
  readonly #vetting: Pick<Vetting, "isStanding">;
  readonly #ends = new Map<() => void, Asker>();
  #looking: NodeJS.Timeout | undefined;

  constructor(vetting: Pick<Vetting, "isStanding">) {
    this.#vetting = vetting;
  }

  /** Calls `end` once when this one may be answered no more; what it returns gives that up. */
  watch(who: Asker, end: () => void): () => void {
    this.#ends.set(end, who);
    this.#looking ??= setInterval(() => this.look(), lookMs).unref();
    return () => this.#forget(end);
  }

  /** Looks at all now: what is believed has changed. */
  look(): void {
    for (const [end, who] of this.#ends) {
      if (this.#vetting.isStanding(who)) continue;
      this.#forget(end);
      end();
    }
  }

  #forget(end: () => void): void {
    this.#ends.delete(end);
    if (this.#ends.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }
}
