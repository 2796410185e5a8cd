import { formatProblem } from "../model/index.ts";
import { type Attempt, beginSearch, learnAttempt, nextAttempt, type Outcome, outcomeOf } from "../supergraph/index.ts";
import { allAsked } from "./desired.ts";
import { backoff, type Effect } from "./effects.ts";
import { tell } from "./services.ts";
import { type Change, type Composing, type Node, unchanged } from "./state.ts";

/** A service alone composes in milliseconds; one that takes this long when all together died is the one. */
const aloneMs = 3_000;

/**
 * When the composer died it may have been killed by a schema, or by a machine that had no time for it. So nobody is
 * condemned for ever: after this long it is tried again, each time later. In milliseconds.
 */
const againMs = { first: 15_000, most: 30 * 60_000 };

export const nothingComposed: Composing = {
  ticket: 0,
  run: undefined,
  result: undefined,
  fatal: new Map(),
  proven: new Map(),
  deferred: undefined,
  deaths: 0,
};

/** Composes when the schemas are others than those composed last, or being composed. */
export function compose(node: Node): Change {
  if (!allAsked(node) && !node.settleElapsed) return unchanged(node);
  const known = node.services
    .values()
    .flatMap(({ config, schema }) => (schema ? [{ name: config.name, ...schema }] : []));
  const subgraphs = known.toArray();
  const inputs = subgraphs.map(({ name, sha256 }) => `${name}:${sha256}`).join(" ");
  if (inputs === (node.composing.run ?? node.composing.result)?.inputs) return unchanged(node);
  if (inputs === node.composing.deferred) return unchanged(node);
  const poisonous = subgraphs.flatMap(({ name, sha256 }) => {
    const fatal = node.composing.fatal.get(name);
    return fatal?.sha256 === sha256 ? [[name, fatal.verdict] as const] : [];
  });
  const search = beginSearch(
    subgraphs.map(({ name }) => name),
    new Map(poisonous),
  );
  return proceed(node, { ...node.composing, run: { inputs, search }, deferred: undefined });
}

/** The time has come to try again what the composer died of. */
export function composeAgain(node: Node): Change {
  const { result, run } = node.composing;
  if (run !== undefined) return unchanged(node);
  // What was composed last is composed anew, the condemned with it.
  const forgotten = result && { ...result, inputs: undefined };
  return unchanged({
    ...node,
    composing: { ...node.composing, result: forgotten, fatal: new Map(), deferred: undefined },
  });
}

/** Learns from one attempt; tries the next set, or takes the outcome. */
export function composed(node: Node, ticket: number, attempt: Attempt): Change {
  const { run } = node.composing;
  if (run === undefined || ticket !== node.composing.ticket) return unchanged(node);
  if (attempt.kind === "died" && hasComposed(node, nextAttempt(run.search) ?? [])) return deferred(node, run.inputs);
  return proceed(node, { ...node.composing, run: { ...run, search: learnAttempt(run.search, attempt) } });
}

/** The composer has composed all of them before, as they are. */
function hasComposed({ services, composing }: Node, names: readonly string[]): boolean {
  return names.every((name) => {
    const sha256 = composing.proven.get(name);
    return sha256 !== undefined && sha256 === services.get(name)?.schema?.sha256;
  });
}

/** It is nobody's fault: what serves goes on, and all is tried again later. */
function deferred(node: Node, inputs: string): Change {
  const deaths = node.composing.deaths + 1;
  const { ms, timer } = again(deaths);
  const why = `the composer died of services that it has composed before; the last schema goes on, next try in ${ms / 1_000} s`;
  return {
    node: { ...node, composing: { ...node.composing, run: undefined, deferred: inputs, deaths } },
    effects: [tell("warn", "schema.deferred", "schema", why), timer],
  };
}

function again(deaths: number): { readonly ms: number; readonly timer: Effect } {
  const ms = backoff(deaths, againMs.first, againMs.most);
  return { ms, timer: { kind: "startTimer", id: "compose", ms, spread: 0.2 } };
}

function proceed(node: Node, composing: Composing): Change {
  const { run } = composing;
  if (run === undefined) return unchanged(node);
  const outcome = outcomeOf(run.search);
  if (outcome !== undefined) return concluded(node, composing, run.inputs, outcome);
  const names = nextAttempt(run.search) ?? [];
  const ticket = composing.ticket + 1;
  const { timeout } = node.config.composition;
  const timeoutMs = run.search.stage.kind === "alone" ? Math.min(aloneMs, timeout) : timeout;
  const subgraphs = names.map((name) => ({ name, sdl: node.services.get(name)?.schema?.sdl ?? "" }));
  return {
    node: { ...node, composing: { ...composing, ticket } },
    effects: [{ kind: "compose", ticket, subgraphs, timeoutMs }],
  };
}

function concluded(node: Node, composing: Composing, inputs: string, outcome: Outcome): Change {
  const before = node.composing.result?.outcome;
  const fatal = outcome.quarantined.entries().flatMap(([name, verdict]) => {
    const sha256 = node.services.get(name)?.schema?.sha256;
    return verdict.kind === "fatal" && sha256 !== undefined ? [[name, { sha256, verdict }] as const] : [];
  });
  const proven = outcome.services.flatMap((name) => {
    const sha256 = node.services.get(name)?.schema?.sha256;
    return sha256 === undefined ? [] : [[name, sha256] as const];
  });
  const dead = outcome.quarantined
    .entries()
    .flatMap(([name, { problems }]) => (problems.some(({ code }) => code === died) ? [name] : []))
    .toArray();
  // For those who were left alone from the start the time runs already.
  const killed = dead.some((name) => !composing.fatal.has(name));
  const deaths = killed ? composing.deaths + 1 : dead.length > 0 ? composing.deaths : 0;
  return {
    node: {
      ...node,
      composing: {
        ...nothingComposed,
        ticket: composing.ticket,
        result: { inputs, outcome },
        fatal: new Map(fatal),
        proven: new Map(proven),
        deaths,
      },
    },
    effects: [
      ...tellQuarantine(before, outcome),
      ...tellComposed(before, outcome),
      ...(killed ? [again(deaths).timer] : []),
      ...(deaths === 0 && composing.deaths > 0 ? [{ kind: "cancelTimer", id: "compose" } as const] : []),
    ],
  };
}

/** Why a service is left out of which the composer died, alone or in too large a crowd. */
const died = "CAT-SUPERGRAPH-005";

function tellComposed(before: Outcome | undefined, { supergraph, services }: Outcome): readonly Effect[] {
  if (before !== undefined && before.supergraph?.digest === supergraph?.digest) return [];
  const what = supergraph === undefined ? "the empty set of services" : services.join(", ");
  return [tell("info", "schema.composed", "schema", `composed of ${what}`)];
}

function tellQuarantine(before: Outcome | undefined, { quarantined, services }: Outcome): readonly Effect[] {
  const entered = quarantined.entries().flatMap(([name, { problems }]) => {
    const told = before?.quarantined.get(name)?.problems[0];
    const [problem] = problems;
    if (problem === undefined || (told?.code === problem.code && told.message === problem.message)) return [];
    return [tell("warn", "service.quarantined", name, formatProblem(problem))];
  });
  const left = services.filter((name) => before?.quarantined.has(name));
  return [...entered, ...left.map((name) => tell("info", "service.released", name, "it composes again"))];
}
