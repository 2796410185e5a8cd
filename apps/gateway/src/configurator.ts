import type { Limits, Problem, Result } from "@catalyst-node/core/model";
import type { Changes } from "@catalyst-node/adapters/process";
import {
  apply,
  compareRevisions,
  emptyLedger,
  judge,
  type Ledger,
  refuse,
  type Revision,
  see,
  type Verdict,
} from "./ledger.ts";
import { gatewayProblem } from "./problems.ts";
import { makeSwap } from "./make-swap.ts";
import type { LimitsSent } from "./read-limits.ts";
import type { OperationsTold } from "./read-operations.ts";
import { nobodyTrusted, type TrustTold } from "./read-trust.ts";
import { type EndpointTable, type readEndpoints, readIdentity, type ServedIdentity } from "./sections.ts";

/** The sections, in the order in which they are answered (enum Section). */
export const sectionNames = ["identity", "schema", "endpoints", "limits", "operations", "trust"] as const;
export type SectionName = (typeof sectionNames)[number];

/** In which they are taken: nothing new is served to anybody who may not ask for it. */
const takingOrder = ["identity", "trust", "schema", "endpoints", "limits", "operations"] as const;

/** A push in our own words: sections that are absent keep what they have. */
export type Desired = {
  readonly revision: Revision;
  readonly identity?: ServedIdentity & { readonly digest: string };
  readonly schema?: { readonly digest: string; readonly sdl: string };
  readonly endpoints?: {
    readonly digest: string;
    readonly services: Parameters<typeof readEndpoints>[0];
  };
  readonly limits?: LimitsSent & { readonly digest: string };
  readonly operations?: OperationsTold & { readonly digest: string };
  readonly trust?: TrustTold & { readonly digest: string };
};

export type Outcome = {
  readonly section: SectionName;
  readonly outcome: "applied" | "unchanged" | "refused" | "superseded";
  readonly problems: readonly Problem[];
};

/** What carries a decision out. `Built` is a schema beside the one that serves: it is served, or disposed. */
export type ConfiguratorPorts<Built extends AsyncDisposable> = {
  readonly served: {
    readonly identity: ServedIdentity | undefined;
    readonly setIdentity: (identity: ServedIdentity) => void;
    readonly changes: Changes;
  };
  readonly build: (sdl: string, signal: AbortSignal) => Promise<Result<Built>>;
  readonly serveSchema: (built: Built) => void;
  /** `schemaRefused`: the schema that serves is older than this table, and may need what the table no longer names. */
  readonly serveEndpoints: (table: EndpointTable, schemaRefused: boolean) => void;
  readonly serveLimits: (limits: Limits) => void;
  readonly serveOperations: (operations: OperationsTold) => void;
  readonly serveTrust: (trust: TrustTold) => void;
  /** Settles when all that was handed over is served everywhere. Default: it is as soon as it is handed over. */
  readonly settle?: () => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** Takes pushes as they come, also at the same time: per section the greatest revision wins, whoever finishes last. */
export class Configurator<Built extends AsyncDisposable = AsyncDisposable> {
  readonly #ports: ConfiguratorPorts<Built>;
  readonly #ledgers: Record<SectionName, Ledger> = {
    identity: emptyLedger,
    schema: emptyLedger,
    endpoints: emptyLedger,
    limits: emptyLedger,
    operations: emptyLedger,
    trust: emptyLedger,
  };
  #building = new AbortController();
  #applied = 0;
  #refused = 0;

  constructor(ports: ConfiguratorPorts<Built>) {
    this.#ports = ports;
  }

  get ledgers(): Readonly<Record<SectionName, Ledger>> {
    return this.#ledgers;
  }

  get counters(): { readonly applied: number; readonly refused: number } {
    return { applied: this.#applied, refused: this.#refused };
  }

  /** Applies what can be applied, each section apart, and answers what became of each. */
  async configure(desired: Desired): Promise<readonly Outcome[]> {
    const stranger = this.#strangersProblem(desired);
    const sections = sectionNames.filter((section) => desired[section] !== undefined);
    // Its revision is not noted: another node's orchestrator must not lock ours out by a great epoch.
    if (stranger !== undefined) return sections.map((section) => this.#refuse(section, desired, [stranger]));
    // All at once, before anything is built: else the endpoints of an older push, whose schema this one has outdated,
    // would be served while this one's schema is built.
    const verdicts = new Map(sections.map((section) => [section, this.#judge(section, desired)]));
    const outcomes = new Map<SectionName, Outcome>();
    for (const section of takingOrder) {
      const verdict = verdicts.get(section);
      if (verdict !== undefined) outcomes.set(section, await this.#take(section, desired, verdict));
    }
    await this.#ports.settle?.();
    this.#ports.served.changes.notify();
    return sections.flatMap((section) => outcomes.get(section) ?? []);
  }

  /** Gives up what is being built, for the end of the process. */
  stop(): void {
    this.#building.abort();
  }

  #strangersProblem({ identity }: Desired): Problem | undefined {
    const current = this.#ports.served.identity;
    if (identity === undefined || current === undefined) return undefined;
    const read = readIdentity(identity, current);
    return read.ok ? undefined : read.problems.find(({ code }) => code === "CAT-GATEWAY-021");
  }

  #judge(section: SectionName, desired: Desired): Verdict {
    const ledger = this.#ledgers[section];
    const verdict = judge(ledger, desired.revision, desired[section]?.digest ?? "");
    this.#ledgers[section] = see(ledger, desired.revision);
    // Whatever is being built is older than this, or the same.
    if (section === "schema" && verdict !== "superseded") this.#building.abort();
    return verdict;
  }

  async #take(section: SectionName, desired: Desired, verdict: Verdict): Promise<Outcome> {
    const { revision } = desired;
    const digest = desired[section]?.digest ?? "";
    const ledger = this.#ledgers[section];
    // Also by a push that came while an earlier section of this one was built.
    if (verdict === "superseded" || compareRevisions(ledger.seen, revision) > 0) {
      return { section, outcome: "superseded", problems: [] };
    }
    switch (verdict) {
      case "conflict":
        return this.#refuse(section, desired, [gatewayProblem("CAT-GATEWAY-011", section)]);
      case "unchanged":
        this.#ledgers[section] = apply(this.#ledgers[section], {
          revision,
          digest,
          at: ledger.applied?.at ?? this.#ports.now(),
        });
        return { section, outcome: "unchanged", problems: [] };
      case "build":
        return await this.#build(section, desired, digest);
    }
  }

  async #build(section: SectionName, desired: Desired, digest: string): Promise<Outcome> {
    const { revision } = desired;
    const built = await this.#make(section, desired);
    if (built === "superseded" || compareRevisions(this.#ledgers[section].seen, revision) > 0) {
      if (built !== "superseded" && built.ok) await built.value.discard?.();
      return { section, outcome: "superseded", problems: [] };
    }
    if (!built.ok) {
      // There is no last good one to keep to: before anybody who should not be answered is, nobody is.
      if (section === "trust" && this.#ledgers.trust.applied === undefined) this.#ports.serveTrust(nobodyTrusted);
      return this.#refuse(section, desired, built.problems);
    }
    built.value.serve();
    this.#ledgers[section] = apply(this.#ledgers[section], { revision, digest, at: this.#ports.now() });
    this.#applied += 1;
    return { section, outcome: "applied", problems: [] };
  }

  async #make(section: SectionName, desired: Desired): Promise<Result<Made> | "superseded"> {
    const { schema } = desired;
    const swap = makeSwap(section, desired, this.#ports, this.#ledgers.schema.refused !== undefined);
    if (swap !== undefined) return swap.ok ? { ok: true, value: { serve: swap.value } } : swap;
    const { build, serveSchema } = this.#ports;
    const building = new AbortController();
    this.#building = building;
    const built = await build(schema?.sdl ?? "", building.signal);
    if (!built.ok) return building.signal.aborted ? "superseded" : built;
    const { value } = built;
    const made: Made = { serve: () => serveSchema(value), discard: () => value[Symbol.asyncDispose]() };
    if (!building.signal.aborted) return { ok: true, value: made };
    await made.discard?.();
    return "superseded";
  }

  #refuse(section: SectionName, desired: Desired, problems: readonly Problem[]): Outcome {
    const entry = { revision: desired.revision, digest: desired[section]?.digest ?? "", at: this.#ports.now() };
    this.#ledgers[section] = refuse(this.#ledgers[section], entry, problems);
    this.#refused += 1;
    return { section, outcome: "refused", problems };
  }
}

/** Something ready to be served by one swap, or to be thrown away. */
type Made = { readonly serve: () => void; readonly discard?: () => PromiseLike<void> };
