import type { Problem } from "../model/index.ts";
import { type Attempt, blame, type Supergraph } from "./attempt.ts";
import { supergraphProblem } from "./problems.ts";

/**
 * The search for the largest set of services that composes. It only says which set to try next and
 * learns what came of it; it holds no SDL and does nothing. One broken service among n costs about
 * log2(n) attempts, none broken costs one.
 */
export type Search = {
  /** Every service, in order. */
  readonly order: readonly string[];
  /** Left out so far, with the reason. */
  readonly out: ReadonlyMap<string, Verdict>;
  /** `known`: the composer died of many together, though of none alone; `again`: also after one left for it. */
  readonly crowd: "none" | "known" | "again";
  readonly stage: Stage;
};

/** `final`: not worth another attempt in this search. `fatal`: it killed the composer; leave it alone until its SDL changes. */
export type Verdict = { readonly problems: readonly Problem[]; readonly kind: "conflict" | "final" | "fatal" };

type Stage =
  /** All that is not out, at once. */
  | { readonly kind: "all" }
  /** The first `good` of those not out compose, the first `bad` do not. */
  | { readonly kind: "narrow"; readonly good: number; readonly bad: number; readonly why: Attempt }
  /** The composer died of all; which one kills it alone? `left` are to be tried. */
  | { readonly kind: "alone"; readonly left: readonly string[] }
  /** What is not out composes; `left` of the conflicting are tried once more with it. */
  | { readonly kind: "again"; readonly found: Supergraph | undefined; readonly left: readonly string[] }
  | { readonly kind: "done"; readonly found: Supergraph | undefined };

/** Begins with everything but those that `excluded` already condemns. */
export function beginSearch(order: readonly string[], excluded: ReadonlyMap<string, Verdict> = new Map()): Search {
  return settle({ order, out: excluded, crowd: "none", stage: { kind: "all" } });
}

/** The set to try next, in order; undefined when the search is done. */
export function nextAttempt(search: Search): readonly string[] | undefined {
  const { stage } = search;
  switch (stage.kind) {
    case "all":
      return inside(search);
    case "narrow":
      return inside(search).slice(0, middle(stage.good, stage.bad));
    case "alone":
      return stage.left.slice(0, 1);
    case "again":
      return withOneMore(search, stage.left[0]);
    case "done":
      return undefined;
  }
}

/** Learns what came of the attempt that `nextAttempt` asked for. */
export function learnAttempt(search: Search, attempt: Attempt): Search {
  const { stage } = search;
  switch (stage.kind) {
    case "all":
      return settle(learnAll(search, attempt));
    case "narrow": {
      const tried = middle(stage.good, stage.bad);
      const next = attempt.kind === "composed" ? { ...stage, good: tried } : { ...stage, bad: tried, why: attempt };
      return settle(narrowed({ ...search, stage: next }));
    }
    case "alone":
      return settle(learnAlone(search, stage.left, attempt));
    case "again":
      return settle(learnAgain(search, stage.found, stage.left, attempt));
    case "done":
      return search;
  }
}

/** What the search came to; undefined while it runs. `services` are those inside, in order. */
export function outcomeOf(search: Search): Outcome | undefined {
  if (search.stage.kind !== "done") return undefined;
  return { supergraph: search.stage.found, services: inside(search), quarantined: search.out };
}

/** No supergraph: no service is inside, the empty set. */
export type Outcome = {
  readonly supergraph: Supergraph | undefined;
  readonly services: readonly string[];
  readonly quarantined: ReadonlyMap<string, Verdict>;
};

function learnAll(search: Search, attempt: Attempt): Search {
  if (attempt.kind === "composed") return retrying(search, attempt.supergraph);
  if (attempt.kind === "died")
    return search.crowd === "none" ? { ...search, stage: { kind: "alone", left: inside(search) } } : together(search);
  const tried = new Set(inside(search));
  const wrong = Map.groupBy(
    attempt.wrong.filter(({ path }) => tried.has(path)),
    ({ path }) => path,
  );
  if (wrong.size > 0) return { ...leave(search, wrong), stage: { kind: "all" } };
  return narrowed({ ...search, stage: { kind: "narrow", good: 0, bad: inside(search).length, why: attempt } });
}

function narrowed(search: Search): Search {
  const { stage } = search;
  if (stage.kind !== "narrow" || stage.bad - stage.good > 1) return search;
  const before = inside(search).slice(0, stage.good);
  const [breaking, ...after] = inside(search).slice(stage.good);
  if (breaking === undefined) return { ...search, stage: { kind: "all" } };
  const died = stage.why.kind === "died";
  // More than one is too many: to find each by a search of its own would take hours, at a deadline for each attempt.
  if (search.crowd === "again" && died) {
    const why = `the composer does not end with more than ${before.length} services like these`;
    const problems = (name: string) => [supergraphProblem("CAT-SUPERGRAPH-005", name, why)];
    const beyond = [breaking, ...after].map((name) => [name, { kind: "final", problems: problems(name) }] as const);
    return { ...search, out: new Map([...search.out, ...beyond]), stage: { kind: "all" } };
  }
  return {
    ...search,
    crowd: died ? "again" : search.crowd,
    out: new Map(search.out).set(breaking, verdict(breaking, before, stage.why)),
    stage: { kind: "all" },
  };
}

function learnAlone(search: Search, left: readonly string[], attempt: Attempt): Search {
  const [tried = "", ...rest] = left;
  if (attempt.kind === "died") {
    return { ...search, out: new Map(search.out).set(tried, verdict(tried, [], attempt)), stage: { kind: "all" } };
  }
  if (rest.length > 0) return { ...search, stage: { kind: "alone", left: rest } };
  return together(search);
}

/** None kills it alone, so it is their number or what they are together: the last of the order leaves first. */
function together(search: Search): Search {
  const why: Attempt = { kind: "died", reason: "the composer did not end with all of them together" };
  const crowd = search.crowd === "none" ? "known" : search.crowd;
  return narrowed({ ...search, crowd, stage: { kind: "narrow", good: 0, bad: inside(search).length, why } });
}

function learnAgain(search: Search, found: Supergraph | undefined, left: readonly string[], attempt: Attempt): Search {
  const [tried = "", ...rest] = left;
  const out = new Map(search.out);
  if (attempt.kind === "composed") {
    out.delete(tried);
    // What came in may be what another one needed.
    return retrying({ ...search, out }, attempt.supergraph);
  }
  out.set(tried, verdict(tried, inside(search), attempt));
  return { ...search, out, stage: { kind: "again", found, left: rest } };
}

function retrying(search: Search, found: Supergraph | undefined): Search {
  const left = search.order.filter((name) => search.out.get(name)?.kind === "conflict");
  return { ...search, stage: { kind: "again", found, left } };
}

/** Steps over stages in which nothing is left to try. */
function settle(search: Search): Search {
  const { stage } = search;
  if (stage.kind === "all" && inside(search).length === 0) return settle(retrying(search, undefined));
  if (stage.kind === "again" && stage.left.length === 0)
    return { ...search, stage: { kind: "done", found: stage.found } };
  return search;
}

function leave(search: Search, wrong: ReadonlyMap<string, readonly Problem[]>): Search {
  const out = new Map(search.out);
  for (const [name, problems] of wrong) out.set(name, { kind: "final", problems });
  return { ...search, out };
}

function verdict(service: string, others: readonly string[], attempt: Attempt): Verdict {
  switch (attempt.kind) {
    case "died":
      return { kind: "fatal", problems: [supergraphProblem("CAT-SUPERGRAPH-005", service, attempt.reason)] };
    case "rejected": {
      const own = attempt.wrong.filter(({ path }) => path === service);
      if (own.length > 0) return { kind: "final", problems: own };
      return { kind: "conflict", problems: blame(service, others, attempt.conflicts) };
    }
    case "composed":
      return { kind: "conflict", problems: [] };
  }
}

function inside({ order, out }: Pick<Search, "order" | "out">): readonly string[] {
  return order.filter((name) => !out.has(name));
}

function withOneMore(search: Search, more: string | undefined): readonly string[] {
  return search.order.filter((name) => name === more || !search.out.has(name));
}

function middle(good: number, bad: number): number {
  return good + Math.max(1, (bad - good) >> 1);
}
