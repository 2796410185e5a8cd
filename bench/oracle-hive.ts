/**
 * `npm run oracle:hive [-- --operations N] [--seed S] [--shrink TRIES] [--case ID]`: the Hive gateway runtime as a second opinion on the
 * oracle's generated graphs and operations, graphql-js on the plain schema as arbiter. What both gateways make of each is
 * counted and grouped, with the smallest case of each group. Exit 1 when ours is the wrong one anywhere.
 */
import { parseArgs } from "node:util";
import { parse, validate } from "graphql";
import { caseOf, casesOf, printCase } from "../tests/oracle/cases.ts";
import { asksTooMuch, type Case, type Outcome } from "../tests/oracle/evaluate.ts";
import { Evaluator } from "../tests/oracle/evaluator.ts";
import { compose } from "../tests/oracle/graph.ts";
import { referenceOf } from "../tests/oracle/reference.ts";
import { shrink } from "../tests/oracle/shrink.ts";
import { World } from "../tests/oracle/world.ts";
import { installPeers } from "./peers-install.ts";
import { Hive } from "./second-opinion/hive.ts";
import { signatureOf, verdictOn } from "./second-opinion/verdict.ts";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "1000" },
    seed: { type: "string", default: "hive" },
    shrink: { type: "string", default: "300" },
    case: { type: "string" },
  },
});

type Group = { readonly hive: string; readonly own: string; readonly id: string; readonly first: Case; count: number };
const groups = new Map<string, Group>();

installPeers();
await using stack = new AsyncDisposableStack();
const hive = stack.use(await Hive.start());
const evaluator = new Evaluator();
stack.defer(() => evaluator.stop());

let asked = 0;
let isEnough = false;
// Whoever does not want to wait is told what was found until then.
process.once("SIGINT", () => (isEnough = true)).once("SIGTERM", () => (isEnough = true));
for (const { id, asked: chosen } of chosenCases()) {
  // Whether a service is down is a matter of what we plan.
  const each = { ...chosen, operation: { ...chosen.operation, down: undefined } };
  if (isEnough || asked === Number(values.operations)) break;
  if (!composes(each)) continue;
  asked += 1;
  const own = ownSignature(await evaluator.run(each));
  const verdict = signatureOf(await opinionOn(each));
  const opinion = verdict !== "equal" && usesProto(each) ? "an alias __proto__" : verdict;
  const key = `${opinion} | ${own}`;
  const group = groups.get(key) ?? { hive: opinion, own, id, first: each, count: 0 };
  group.count += 1;
  groups.set(key, group);
}
const sorted = [...groups.values()].toSorted((a, b) => b.count - a.count);
process.stdout.write(`${asked} operations of seed ${values.seed}\n\nhive | catalyst\n`);
for (const { hive: opinion, own, count, id } of sorted) {
  process.stdout.write(`${String(count).padStart(6)}  ${opinion} | ${own}   (${id})\n`);
}
if (sorted.some(({ own }) => own.startsWith("different") && !own.startsWith(`different: ${asksTooMuch}`)))
  process.exitCode = 1;
for (const group of sorted) {
  if (!isEnough && group.hive !== "equal" && Number(values.shrink) > 0) await tellSmallest(group);
}

function chosenCases(): ReturnType<typeof casesOf> | readonly { readonly id: string; readonly asked: Case }[] {
  if (values.case === undefined) return casesOf(values.seed);
  const asked = caseOf(values.case);
  return asked === undefined ? [] : [{ id: values.case, asked }];
}

async function opinionOn(each: Case) {
  const reference = referenceOf(each.model, new World(each.model, each.seed));
  const document = parse(each.operation.query);
  const { variables } = each.operation;
  const expected = await reference.answer(document, variables);
  const possible = await reference.allErrors(document, variables);
  return verdictOn(await hive.answer(each), JSON.parse(JSON.stringify(expected)), possible);
}

function ownSignature(outcome: Outcome): string {
  if (outcome.kind === "different") return `different: ${outcome.what}`;
  return outcome.kind === "stopped" ? `stopped: ${outcome.stage}` : outcome.kind;
}

async function tellSmallest({ hive: opinion, own, first, id }: Group): Promise<void> {
  const alike = async (candidate: Case): Promise<boolean> => {
    if (!composes(candidate) || usesProto(candidate) !== (opinion === "an alias __proto__")) return false;
    try {
      const { schema } = referenceOf(candidate.model, new World(candidate.model, candidate.seed));
      const document = parse(candidate.operation.query);
      if (validate(schema, document).length > 0) return false;
      const world = new World(candidate.model, candidate.seed);
      const { errors = [] } = await referenceOf(candidate.model, world).answer(document, candidate.operation.variables);
      // A type was taken out of the model that its data still have.
      if (errors.some(({ message }) => /was resolved to a type|is not a possible type/.test(message))) return false;
      const verdict = signatureOf(await opinionOn(candidate));
      return opinion === "an alias __proto__" ? verdict !== "equal" : verdict === opinion;
    } catch {
      // What is left of the model is none.
      return false;
    }
  };
  const small = await shrink(first, alike, Number(values.shrink));
  const reference = referenceOf(small.model, new World(small.model, small.seed));
  const expected = await reference.answer(parse(small.operation.query), small.operation.variables);
  process.stdout.write(`\n## ${opinion} | ${own} (${id})\n\n${printCase(small)}\n\n`);
  process.stdout.write(`expected ${JSON.stringify(expected)}\nhive     ${JSON.stringify(await hive.answer(small))}\n`);
}

function usesProto({ operation }: Case): boolean {
  return operation.query.includes("__proto__");
}

function composes({ model }: Case): boolean {
  try {
    compose(model);
    return true;
  } catch {
    return false;
  }
}
