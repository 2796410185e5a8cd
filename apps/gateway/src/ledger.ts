import type { Problem } from "@catalyst-node/core/model";

/** Orders configurations: by the orchestrator's instance, then by its count (gateway.proto). */
export type Revision = { readonly epoch: bigint; readonly number: bigint };

/** What is known of one section: the greatest revision seen, what is served, and the last word that was refused. */
export type Ledger = {
  readonly seen: Revision;
  readonly applied?: Entry;
  /** Only while nothing has been applied after it. */
  readonly refused?: Entry & { readonly problems: readonly Problem[] };
};

/** `at` in milliseconds since the epoch. */
export type Entry = { readonly revision: Revision; readonly digest: string; readonly at: number };

export const emptyLedger: Ledger = { seen: { epoch: 0n, number: 0n } };

/** What to do with a section that has just arrived. */
export type Verdict = "build" | "unchanged" | "superseded" | "conflict";

/** Judges a section by revision and digest alone; the greater revision wins, an equal digest means nothing to do. */
export function judge({ seen, applied }: Ledger, revision: Revision, digest: string): Verdict {
  const order = compareRevisions(revision, seen);
  if (order < 0) return "superseded";
  const sameContent = applied !== undefined && digest !== "" && digest === applied.digest;
  if (sameContent) return "unchanged";
  // A retry of what was refused, or of what was sent without a digest, is tried again.
  const contradicts =
    order === 0 && applied !== undefined && digest !== applied.digest && sameRevision(applied, revision);
  return contradicts ? "conflict" : "build";
}

/** Notes that a revision has arrived, so that nothing older can win any more. */
export function see(ledger: Ledger, revision: Revision): Ledger {
  return compareRevisions(revision, ledger.seen) > 0 ? { ...ledger, seen: revision } : ledger;
}

/** Notes what is served now; a refusal before it is history. */
export function apply({ seen }: Ledger, applied: Entry): Ledger {
  return { seen, applied };
}

/** Notes a refusal; what was applied stays. */
export function refuse(ledger: Ledger, refused: Entry, problems: readonly Problem[]): Ledger {
  return { ...ledger, refused: { ...refused, problems } };
}

export function compareRevisions(a: Revision, b: Revision): number {
  return a.epoch === b.epoch ? sign(a.number - b.number) : sign(a.epoch - b.epoch);
}

function sameRevision({ revision }: Entry, other: Revision): boolean {
  return compareRevisions(revision, other) === 0;
}

function sign(value: bigint): number {
  return value === 0n ? 0 : value < 0n ? -1 : 1;
}
