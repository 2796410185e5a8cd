import { Code, toConnectError } from "@catalyst-node/adapters/rpc";
import { fail, type Limits, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { Changes } from "@catalyst-node/adapters/process";
import { notReadyReasons } from "../not-ready.ts";
import { gatewayProblem } from "../problems.ts";
import type { OperationsTold } from "../read-operations.ts";
import { lacksKey, type TrustTold } from "../read-trust.ts";
import type { EndpointTable, ServedIdentity } from "../sections.ts";
import type { Fleet } from "./fleet.ts";
import type { Answer, Ask, Table } from "./messages.ts";

/** A schema that every worker has built beside the one that it serves. */
export type BuiltByAll = AsyncDisposable & { readonly build: number; readonly sdl: string };

/** How long a push waits for a worker while there is none, in milliseconds; below the orchestrator's own patience. */
const patienceMs = 20_000;
/** A schema is tried once more when no worker has survived it: somebody else may have ended them. */
const mostTries = 2;

/**
 * Makes of one decision the same in every worker: all build, and only when none refuses do all swap. Remembers what is
 * served, for the workers to come.
 */
export class Orders {
  readonly changes = new Changes();
  readonly #fleet: () => Fleet;
  readonly #building = new Map<number, string>();
  #builds = 0;
  #identity: ServedIdentity | undefined;
  #limits: Limits | undefined;
  #operations: OperationsTold | undefined;
  #trust: TrustTold | undefined;
  #schema: Pick<BuiltByAll, "build" | "sdl"> | undefined;
  /** The last table that fitted its schema, and a later one that came with a refused schema. */
  #tables: readonly Table[] = [];
  #next: { built: BuiltByAll | undefined; tables: readonly Table[] } = { built: undefined, tables: [] };
  #served: Promise<unknown> = Promise.resolve();
  #isStopping = false;

  constructor(fleet: () => Fleet) {
    this.#fleet = fleet;
  }

  get identity(): ServedIdentity | undefined {
    return this.#identity;
  }

  get stopping(): boolean {
    return this.#isStopping;
  }

  stop(): void {
    this.#isStopping = true;
    this.changes.notify();
  }

  readonly notReady = (): readonly Problem[] => [
    ...notReadyReasons({
      isStopping: this.#isStopping,
      hasIdentity: this.#identity !== undefined,
      hasSchema: this.#schema !== undefined,
      hasEndpoints: this.#tables.length > 0,
      lacksKey: lacksKey(this.#trust),
    }),
    ...(this.#fleet().live.length > 0 ? [] : [gatewayProblem("CAT-GATEWAY-050", "workers")]),
  ];

  /** What a new worker is told before it accepts connections. */
  readonly forNewcomer = (): readonly Ask[] => [
    ...(this.#identity === undefined ? [] : [{ kind: "identity", identity: this.#identity } as const]),
    ...(this.#limits === undefined ? [] : [{ kind: "limits", limits: this.#limits } as const]),
    ...(this.#operations === undefined ? [] : [{ kind: "operations", told: this.#operations } as const]),
    ...(this.#trust === undefined ? [] : [{ kind: "trust", told: this.#trust } as const]),
    ...(this.#schema === undefined ? [] : [buildOf(this.#schema)]),
    ...(this.#schema === undefined && this.#tables.length === 0
      ? []
      : [{ kind: "serve", build: this.#schema?.build, tables: this.#tables } as const]),
    ...[...this.#building].map(([build, sdl]) => buildOf({ build, sdl })),
  ];

  readonly setIdentity = (identity: ServedIdentity): void => {
    this.#identity = identity;
    this.#serve({ kind: "identity", identity });
  };

  readonly serveLimits = (limits: Limits): void => {
    this.#limits = limits;
    this.#serve({ kind: "limits", limits });
  };

  readonly serveOperations = (told: OperationsTold): void => {
    this.#operations = told;
    this.#serve({ kind: "operations", told });
  };

  readonly serveTrust = (told: TrustTold): void => {
    this.#trust = told;
    this.#serve({ kind: "trust", told });
  };

  readonly build = async (sdl: string, signal: AbortSignal): Promise<Result<BuiltByAll>> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      await this.#fleet().someLive(AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]));
      if (this.#fleet().live.length === 0 && !signal.aborted) {
        throw toConnectError(gatewayProblem("CAT-GATEWAY-050"), Code.Unavailable);
      }
      const built = await this.#buildOnce(sdl, signal);
      if (built !== undefined) return built;
    }
    return fail(gatewayProblem("CAT-GATEWAY-052", "schema"));
  };

  readonly serveSchema = (built: BuiltByAll): void => {
    this.#next = { ...this.#next, built };
  };

  readonly serveEndpoints = (table: EndpointTable, schemaRefused: boolean): void => {
    this.#next = { ...this.#next, tables: [...this.#next.tables, { table, schemaRefused }] };
  };

  /** Has all workers swap to what was handed over, schema and endpoints in one step, and waits until all have. */
  readonly settle = async (): Promise<void> => {
    const { built, tables } = this.#next;
    this.#next = { built: undefined, tables: [] };
    if (built !== undefined) this.#schema = built;
    for (const next of tables) {
      this.#tables = next.schemaRefused ? [...this.#tables.filter((table) => !table.schemaRefused), next] : [next];
    }
    if (built !== undefined || tables.length > 0) this.#serve({ kind: "serve", build: built?.build, tables });
    if (built !== undefined) this.#building.delete(built.build);
    await this.#served;
  };

  /** Undefined when all who were to build it ended. */
  async #buildOnce(sdl: string, signal: AbortSignal): Promise<Result<BuiltByAll> | undefined> {
    const build = (this.#builds += 1);
    const discard = async (): Promise<void> => {
      this.#building.delete(build);
      await this.#fleet().order({ kind: "discard", build });
    };
    const giveUp = (): void => void discard();
    this.#building.set(build, sdl);
    const ordered = this.#fleet().order(buildOf({ build, sdl }));
    signal.addEventListener("abort", giveUp);
    if (signal.aborted) giveUp();
    const answers = await ordered;
    signal.removeEventListener("abort", giveUp);
    const refusal = firstRefusal(answers);
    if (refusal === undefined && answers.length > 0) {
      return ok({ build, sdl, [Symbol.asyncDispose]: discard });
    }
    if (!signal.aborted) await discard();
    return refusal === undefined && !signal.aborted ? undefined : fail(...(refusal ?? []));
  }

  #serve(ask: Ask): void {
    this.#served = Promise.all([this.#served, this.#fleet().order(ask)]);
  }
}

function buildOf({ build, sdl }: { readonly build: number; readonly sdl: string }): Ask {
  return { kind: "build", build, sdl };
}

/** All tell the same, as a rule; what one refuses is refused. */
function firstRefusal(answers: readonly Answer[]): readonly Problem[] | undefined {
  return answers.find(({ problems }) => problems.length > 0)?.problems;
}
