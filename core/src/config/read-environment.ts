import { parseDocument } from "./document.ts";
import { fileVariable, namedKeys, reservedVariables } from "./names.ts";
import { placeOf } from "./place.ts";
import { problemAt } from "./problems.ts";
import { readTree } from "./read-tree.ts";
import { type Reading, joinReadings, nothingRead } from "./reading.ts";
import { didYouMean } from "./suggest.ts";

/** The variables of a process. One that is empty counts as not set, as `NAME=` in container files means it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads every CATALYST_ variable: scalars by their own, lists as JSON; an unknown one is a problem. */
export function readEnvironment(env: Environment): Reading {
  const known = new Set([fileVariable, ...reservedVariables, ...namedKeys.map(({ variable }) => variable)]);
  const unknown = Object.keys(env)
    .filter((variable) => variable.startsWith("CATALYST_") && !known.has(variable))
    .toSorted();
  return joinReadings([
    ...namedKeys.map(({ shape, variable }) => readVariable(shape, variable, env[variable] ?? "")),
    ...unknown.map((variable) => unknownVariable(variable, known)),
  ]);
}

function readVariable(shape: (typeof namedKeys)[number]["shape"], variable: string, text: string): Reading {
  if (text === "") return nothingRead;
  const origin = { kind: "environment", variable } as const;
  if (shape.kind === "scalar") {
    const node = { place: placeOf(origin), value: { kind: "word", text } } as const;
    return readTree(shape, node, { path: shape.key.split("."), shown: "" });
  }
  const parsed = parseDocument({ label: variable, text, origin: () => origin });
  if (!parsed.ok) return { settings: [], problems: parsed.problems };
  return readTree(shape, parsed.value, { path: shape.key.split("."), shown: shape.key });
}

function unknownVariable(variable: string, known: ReadonlySet<string>): Reading {
  const message = `unknown variable${didYouMean(variable, known)}`;
  const place = placeOf({ kind: "environment", variable });
  return { settings: [], problems: [problemAt("CAT-CONFIG-012", place, "", message)] };
}
