/** Finds out whether a signature holds. Never rejects. */
type Work = () => Promise<boolean>;

type Job = { readonly work: Work; readonly settle: (holds: boolean) => void; readonly lane: Lane };

/** What waits for one key. */
type Lane = { readonly waiting: Job[]; failures: number; restsUntil: number };

/** How many may wait for one key; beyond, there is no room. */
const maxWaiting = 256;
/** The same of a key whose signatures keep failing. */
const maxSuspect = 32;
/** How many may wait in all. */
const maxInAll = 512;
/** So many failures make a key suspect; a signature that holds takes half of them back. */
const suspectFrom = 8;
const mostFailures = 64;
/** A suspect key's pause after each, in ms: a flood of forged tokens may take a fifth of one core, not all of it. */
const rest = 4;
const maxLanes = 256;

/**
 * Verifies one signature at a time, in turns between the keys. Whoever knows a public kid can make any number of tokens
 * that fail only here: they may cost the others little, and what has been verified before (`isRenewal`) nothing.
 */
export class VerificationQueue {
  readonly #renewals: Job[] = [];
  readonly #renewed: Lane = { waiting: this.#renewals, failures: 0, restsUntil: 0 };
  /** In the order in which they are served next. */
  readonly #lanes = new Map<string, Lane>();
  #waiting = 0;
  #isBusy = false;
  #isAlarmSet = false;

  /** How many wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Undefined when there is no room. */
  run(key: string, isRenewal: boolean, work: Work): Promise<boolean> | undefined {
    const lane = isRenewal ? this.#renewed : this.#laneOf(key);
    const most = lane.failures < suspectFrom ? maxWaiting : maxSuspect;
    if (lane.waiting.length >= most || this.#waiting >= maxInAll) return undefined;
    return new Promise((settle) => {
      lane.waiting.push({ work, settle, lane });
      this.#waiting += 1;
      this.#next();
    });
  }

  #laneOf(key: string): Lane {
    const found = this.#lanes.get(key);
    if (found !== undefined) return found;
    if (this.#lanes.size >= maxLanes) this.#forgetOne();
    const lane: Lane = { waiting: [], failures: 0, restsUntil: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }

  /** There are more lanes than may wait in all, or one of them is empty. */
  #forgetOne(): void {
    for (const [key, { waiting }] of this.#lanes) {
      if (waiting.length > 0) continue;
      this.#lanes.delete(key);
      return;
    }
  }

  #next(): void {
    if (this.#isBusy) return;
    const job = this.#renewals.shift() ?? this.#takeInTurn();
    if (job === undefined) return;
    this.#isBusy = true;
    this.#waiting -= 1;
    void this.#perform(job);
  }

  async #perform({ work, settle, lane }: Job): Promise<void> {
    const holds = await work();
    this.#isBusy = false;
    note(lane, holds);
    settle(holds);
    this.#next();
  }

  #takeInTurn(): Job | undefined {
    const now = performance.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const [key, lane] of this.#lanes) {
      if (lane.waiting.length === 0) continue;
      if (lane.restsUntil <= now) {
        this.#lanes.delete(key);
        this.#lanes.set(key, lane);
        return lane.waiting.shift();
      }
      soonest = Math.min(soonest, lane.restsUntil);
    }
    if (soonest < Number.POSITIVE_INFINITY) this.#wakeIn(soonest - now);
    return undefined;
  }

  #wakeIn(ms: number): void {
    if (this.#isAlarmSet) return;
    this.#isAlarmSet = true;
    setTimeout(() => {
      this.#isAlarmSet = false;
      this.#next();
    }, ms);
  }
}

function note(lane: Lane, holds: boolean): void {
  lane.failures = holds ? Math.floor(lane.failures / 2) : Math.min(mostFailures, lane.failures + 1);
  lane.restsUntil = lane.failures < suspectFrom ? 0 : performance.now() + rest;
}
