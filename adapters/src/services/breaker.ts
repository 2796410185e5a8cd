import type { UpstreamLimits } from "@catalyst-node/core/model";

/** `open`: nobody asks this endpoint; `halfOpen`: one request may find out whether it is well again. */
export type BreakerState = "closed" | "open" | "halfOpen";

/** How it stands with one endpoint of one service. */
export type BreakerStatus = {
  readonly service: string;
  readonly url: string;
  readonly state: BreakerState;
  /** Since when it is so, in ms since 1970. */
  readonly since: number;
  /** In a row, up to now. */
  readonly failures: number;
};

/** Whose breaker it is, and who hears of each change. */
export type BreakerOwner = {
  readonly service: string;
  readonly url: string;
  readonly limits: () => UpstreamLimits;
  readonly onChange: (status: BreakerStatus) => void;
};

/** Keeps requests from an endpoint that has failed again and again: they would only wait, and keep it down. */
export class Breaker {
  readonly #owner: BreakerOwner;
  #failures = 0;
  /** Of `performance.now()`; 0: closed. */
  #openUntil = 0;
  #isProbed = false;
  #lostAt = 0;
  #since = Date.now();

  constructor(owner: BreakerOwner) {
    this.#owner = owner;
  }

  get status(): BreakerStatus {
    const { service, url } = this.#owner;
    return { service, url, state: this.#state, since: this.#since, failures: this.#failures };
  }

  /** Whether a request may go there; of each that may, one of `succeeded`, `failed` and `released` is told. */
  admits(): boolean {
    return this.#openUntil === 0 || this.#admitsProbe();
  }

  /** It answered: whatever was before, it lives. */
  succeeded(): void {
    if (this.#failures > 0) this.#close();
  }

  /** Whether it opened by this. Until when: `openUntil`. */
  failed(): boolean {
    const { breakerFailures, breakerPause } = this.#owner.limits();
    this.#failures += 1;
    if (breakerFailures === 0) return false;
    // What began before it opened tells nothing new.
    if (this.#state === "open" || (this.#openUntil === 0 && this.#failures < breakerFailures)) return false;
    this.#openUntil = performance.now() + breakerPause;
    this.#change();
    return true;
  }

  /**
   * The connection broke off, of a request that began at this time of `performance.now()`. All that a service has in
   * flight breaks off together when it is restarted: that is one failure, and no reason not to wait for it. True for
   * those after the first.
   */
  lost(startedAt: number): boolean {
    const isAlongside = startedAt < this.#lostAt;
    if (isAlongside) this.released();
    else {
      this.#lostAt = performance.now();
      this.failed();
    }
    return isAlongside;
  }

  /** It ended without telling anything of the endpoint. */
  released(): void {
    this.#isProbed = false;
  }

  get openUntil(): number {
    return this.#openUntil;
  }

  /** It could not be connected to, and now can: the probe that counts has been made. */
  readonly connected = (): void => {
    if (this.#openUntil !== 0) this.#close();
  };

  get #state(): BreakerState {
    if (this.#openUntil === 0) return "closed";
    return performance.now() < this.#openUntil ? "open" : "halfOpen";
  }

  #admitsProbe(): boolean {
    if (this.#owner.limits().breakerFailures === 0) this.#close();
    else if (this.#isProbed || this.#state === "open") return false;
    else {
      this.#change();
      this.#isProbed = true;
    }
    return true;
  }

  #close(): void {
    const wasClosed = this.#openUntil === 0;
    this.#failures = 0;
    this.#openUntil = 0;
    if (!wasClosed) this.#change();
  }

  #change(): void {
    this.#isProbed = false;
    this.#since = Date.now();
    this.#owner.onChange(this.status);
  }
}
