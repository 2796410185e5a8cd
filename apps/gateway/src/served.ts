import type { EndpointSettings, HttpBackend } from "@catalyst-node/adapters/http";
import {
  defaultLimits,
  type GatewayLimits,
  noPersistedOperations,
  type PersistedOperations,
  type Problem,
} from "@catalyst-node/core/model";
import { Changes } from "@catalyst-node/adapters/process";
import type { Generation } from "./generation.ts";
import { notReadyReasons } from "./not-ready.ts";
import type { ServedIdentity } from "./sections.ts";

/** With so many former schemas may subscriptions go on; each is memory that nobody else needs. */
const maxFormer = 8;

/**
 * What this process serves at this moment: each part is one reference that is swapped. A request takes the references
 * when it begins and keeps them.
 */
export class Served implements AsyncDisposable {
  /** Wakes whoever watches the status or the health. */
  readonly changes = new Changes();
  readonly #alive = new Set<Generation>();
  /** Replaced ones, the oldest first: subscriptions may go on with their schemas. */
  readonly #former: Generation[] = [];
  #retiredRestarts = 0;
  #identity: ServedIdentity | undefined;
  #limits = defaultLimits.requests;
  #operations = noPersistedOperations;
  /** Made anew with each change of what it is of, so that nothing judged by a former one is kept. */
  #settings: EndpointSettings | undefined;
  #generation: Generation | undefined;
  #hasEndpoints = false;
  #lacksKey = false;
  #stopping = false;

  get identity(): ServedIdentity | undefined {
    return this.#identity;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Schemas held: the one that serves and older ones that operations still use. */
  get generations(): number {
    return this.#alive.size;
  }

  /** Planner processes that died since the start of this process. */
  get plannerRestarts(): number {
    return [...this.#alive].reduce((sum, { plannerRestarts }) => sum + plannerRestarts, this.#retiredRestarts);
  }

  setIdentity(identity: ServedIdentity): void {
    this.#identity = identity;
    this.#settle();
    this.changes.notify();
  }

  setLimits(limits: GatewayLimits): void {
    this.#limits = limits;
    this.#settle();
  }

  setOperations(operations: PersistedOperations): void {
    this.#operations = operations;
    this.#settle();
  }

  /** Whether nobody can be let in. */
  setLacksKey(lacksKey: boolean): void {
    this.#lacksKey = lacksKey;
    this.changes.notify();
  }

  endpointsApplied(): void {
    this.#hasEndpoints = true;
    this.changes.notify();
  }

  /** Swaps the schema. The former one lives until its last operation has ended; `gone` is called then. */
  swap(generation: Generation, gone: (error?: unknown) => void): void {
    const former = this.#generation;
    this.#generation = generation;
    this.#alive.add(generation);
    this.changes.notify();
    if (former === undefined) return;
    void this.#retire(former).then(gone, gone);
    this.#former.push(former);
    if (this.#former.length > maxFormer) this.#former.shift()?.expire();
  }

  stop(): void {
    this.#stopping = true;
    this.changes.notify();
  }

  readonly notReady = (): readonly Problem[] =>
    notReadyReasons({
      isStopping: this.#stopping,
      hasIdentity: this.#identity !== undefined,
      hasSchema: this.#generation !== undefined,
      hasEndpoints: this.#hasEndpoints,
      lacksKey: this.#lacksKey,
    });

  /** While it stops too: whoever is still connected is answered. */
  readonly acquire: HttpBackend["acquire"] = () => {
    const settings = this.#settings;
    return this.#hasEndpoints && !this.#lacksKey && settings !== undefined
      ? this.#generation?.acquire(settings)
      : undefined;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#alive].map((generation) => generation[Symbol.asyncDispose]()));
  }

  #settle(): void {
    if (this.#identity !== undefined)
      this.#settings = { ...this.#identity, limits: this.#limits, operations: this.#operations };
  }

  async #retire(generation: Generation): Promise<void> {
    try {
      await generation.retire();
    } finally {
      this.#alive.delete(generation);
      this.#retiredRestarts += generation.plannerRestarts;
    }
  }
}
