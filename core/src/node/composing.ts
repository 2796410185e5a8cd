import { formatProblem } from "../model/index.ts";
import { type Attempt, beginSearch, learnAttempt, nextAttempt, type Outcome, outcomeOf } from "../supergraph/index.ts";
import { allAsked } from "./desired.ts";
import type { Effect } from "./effects.ts";
import { tell } from "./services.ts";
import { type Change, type Composing, type Node, unchanged } from "./state.ts";

/** A service alone composes in milliseconds; one that takes this long when all together died is the one. */
const aloneMs = 3_000;

/** Composes when the schemas are others than those composed last, or being composed. */
export function compose(node: Node): Change {
  if (!allAsked(node) && !node.settleElapsed) return unchanged(node);
  const known = node.services
    .values()
    .flatMap(({ config, schema }) => (schema ? [{ name: config.name, ...schema }] : []));
  const subgraphs = known.toArray();
  const inputs = subgraphs.map(({ name, sha256 }) => `${name}:${sha256}`).join(" ");
  if (inputs === (node.composing.run ?? node.composing.result)?.inputs) return unchanged(node);
  const poisonous = subgraphs.flatMap(({ name, sha256 }) => {
    const fatal = node.composing.fatal.get(name);
    return fatal?.sha256 === sha256 ? [[name, fatal.verdict] as const] : [];
  });
  const search = beginSearch(
    subgraphs.map(({ name }) => name),
    new Map(poisonous),
  );
  return proceed(node, { ...node.composing, run: { inputs, search } });
}

/** Learns from one attempt; tries the next set, or takes the outcome. */
export function composed(node: Node, ticket: number, attempt: Attempt): Change {
  const { run } = node.composing;
  if (run === undefined || ticket !== node.composing.ticket) return unchanged(node);
  return proceed(node, { ...node.composing, run: { ...run, search: learnAttempt(run.search, attempt) } });
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
  return {
    node: {
      ...node,
      composing: { ticket: composing.ticket, run: undefined, result: { inputs, outcome }, fatal: new Map(fatal) },
    },
    effects: [...tellQuarantine(before, outcome), ...tellComposed(before, outcome)],
  };
}

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
