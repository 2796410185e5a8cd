import { readFileSync } from "node:fs";
import { asksTooMuch, type Outcome } from "./evaluate.ts";
import type { PlanCase } from "./plan-case.ts";
import { signature } from "./shrink.ts";

/**
 * What the composer or the planner cannot do, so that there is nothing to execute. Ends without an answer are
 * excused, and of answers that differ only those of a plan that is shown to ask too much (asked-too-much.ts): their data
 * may differ too. Each has its minimal case in docs/composition-gaps.md, which a test runs, so that a gap that was closed
 * is noticed.
 */
export type Gap = { readonly name: string; readonly says: RegExp };

export const gaps: readonly Gap[] = [
  { name: "mutation-under-several-conditions", says: /^prepare: CAT-EXEC-009/ },
  { name: "planner-never-comes-back", says: /^crashed: no plan within 5 s/ },
  {
    name: "planner-overlooks-a-conflict",
    says: /^execute: Error: \w was sent an invalid operation: Fields … conflict because /,
  },
  { name: "planner-panics-in-mismatch-finder", says: /^crashed: lib\/query-planner\/src\/ast\/mismatch_finder\.rs/ },
  {
    name: "planner-loses-a-path",
    says: /^plan: .*failed to build fetch graph: Path … cannot be found in selection set/,
  },
  { name: "planner-finds-no-path", says: /^plan: .*walker failed to locate path: No paths found for selection item/ },
  { name: "composer-overlooks-a-labelled-override", says: /^compose: (Error: )?overlooks labelled overrides/ },
  { name: "planner-asks-another-type", says: new RegExp(`^different: ${asksTooMuch}`) },
  { name: "composer-requires-no-interface-object", says: /^compose: Error: Expected \S+ to be an interface type/ },
  {
    name: "planner-selects-nothing-of-an-object",
    says: /^execute: Error: \w was sent an invalid operation: Field … of type … must have a selection of subfields/,
  },
  { name: "planner-wants-a-single-parent", says: /^plan: .*Expected a single parent, but the FetchStep/ },
];

export function gapOf(outcome: Outcome): Gap | undefined {
  return gaps.find(({ says }) => says.test(signature(outcome)));
}

/** The minimal case of a gap, as docs/composition-gaps.md shows it. */
export function gapCase({ name }: Gap): PlanCase {
  const page = readFileSync(new URL("../../docs/composition-gaps.md", import.meta.url), "utf8");
  const section = page.split("\n## ").find((each) => each.startsWith(`${name}\n`)) ?? "";
  const blocks = [...section.matchAll(/```graphql\n# (service (\w+)|operation)\n([^`]*)```/g)];
  const services = blocks.flatMap(([, , service, sdl]) =>
    service === undefined || sdl === undefined ? [] : [[service, sdl] as const],
  );
  const operation = blocks.find(([, kind]) => kind === "operation")?.[3];
  if (operation === undefined || services.length === 0)
    throw new Error(`docs/composition-gaps.md has no case of ${name}`);
  return { services: Object.fromEntries(services), query: operation };
}
