import type { QueryPlan } from "@catalyst-node/core/execution";
import type { ExecutionResult } from "graphql";
import { type Model, objectsOf } from "./model.ts";
import type { OperationCase } from "./operation.ts";

/** Everything that a run must have met at least once; one at zero fails it. */
export const features = [
  ...["Fetch", "entity Fetch", "BatchFetch", "Sequence", "Parallel", "Flatten", "Condition"].map(
    (kind) => `plan: ${kind}`,
  ),
  ...["type condition in a path", "list in a path"].map((part) => `plan: ${part}`),
  // An input KeyRenamer is never made by this planner: src/planner/fetch/optimize/type_mismatches.rs alone makes one.
  ...["input ValueSetter", "output KeyRenamer"].map((kind) => `rewrite: ${kind}`),
  ...["@key", "@key, several", "@key, compound", "@key, nested", "@key, not resolvable", "@shareable", "@external"].map(
    (name) => `model: ${name}`,
  ),
  ...[
    "@requires",
    "@requires, nested",
    "@requires, fragments",
    "@provides",
    "@override",
    "@override, labelled",
    "@inaccessible",
  ].map((name) => `model: ${name}`),
  ...["@interfaceObject", "entity interface", "@tag", "interface", "union", "list of lists"].map(
    (name) => `model: ${name}`,
  ),
  ...["mutation", "introspection", "__typename", "named fragment", "inline fragment", "alias", "@skip", "@include"].map(
    (name) => `operation: ${name}`,
  ),
  ...["variable", "variable with default", "input object", "null argument"].map((name) => `operation: ${name}`),
  ...["thrown", "null for non-null", "not an Int", "not a Float", "not a String", "not a Boolean", "not an ID"].map(
    (kind) => `error: ${kind}`,
  ),
  ...["unknown enum value", "not a list", "variables", "service down", "lifted", "data is null"].map(
    (kind) => `error: ${kind}`,
  ),
  // The executor answers these in two ways, and the same.
  "answered: the direct way",
] as const;

export function featuresOfPlan(plan: QueryPlan | undefined): readonly string[] {
  const text = JSON.stringify(plan ?? {});
  const found: string[] = [];
  for (const kind of ["BatchFetch", "Sequence", "Parallel", "Flatten", "Condition"])
    if (text.includes(`"kind":"${kind}"`)) found.push(`plan: ${kind}`);
  if (text.includes(`"kind":"Fetch"`)) found.push("plan: Fetch");
  if (/"requires":\[/.test(text)) found.push("plan: entity Fetch");
  if (text.includes(`{"TypeCondition":`)) found.push("plan: type condition in a path");
  if (text.includes(`"@"`)) found.push("plan: list in a path");
  for (const side of ["input", "output"]) {
    for (const kind of ["ValueSetter", "KeyRenamer"])
      if (new RegExp(`"${side}Rewrites":\\[[^\\]]*"${kind}"`).test(text)) found.push(`rewrite: ${side} ${kind}`);
  }
  return found;
}

export function featuresOfModel(model: Model): readonly string[] {
  const types = objectsOf(model);
  const fields = types.flatMap((type) => type.fields);
  const texts = [
    ...[...types, ...fields].flatMap((declared) => Object.values(declared.in)),
    ...fields.map(({ type }) => type),
    ...types.map(({ kind, home }) => (home === undefined ? kind : "entity interface")),
  ];
  const isThere = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  const patterns: Readonly<Record<string, RegExp>> = {
    "@key": /@key/,
    "@key, several": /@key.*@key/,
    "@key, compound": /@key\(fields: "\w+ \w+"/,
    "@key, nested": /@key\(fields: "[^"]*\{/,
    "@key, not resolvable": /resolvable: false/,
    "@shareable": /@shareable/,
    "@external": /@external/,
    "@requires": /@requires/,
    "@requires, nested": /@requires\(fields: "[^)]*\{/,
    "@requires, fragments": /@requires\(fields: "[^)]*\.\.\. on/,
    "@provides": /@provides/,
    "@override": /@override\(from: "\w"\)/,
    "@override, labelled": /@override\(.*label/,
    "@inaccessible": /@inaccessible/,
    "@interfaceObject": /@interfaceObject/,
    "@tag": /@tag/,
    "entity interface": /^entity interface$/,
    interface: /^interface$/,
    "list of lists": /^\[\[/,
  };
  const found = Object.entries(patterns).flatMap(([name, pattern]) => (isThere(pattern) ? [`model: ${name}`] : []));
  return model.types.some(({ kind }) => kind === "union") ? [...found, "model: union"] : found;
}

export function featuresOfOperation({ query }: OperationCase): readonly string[] {
  const patterns: Readonly<Record<string, RegExp>> = {
    mutation: /^mutation/,
    introspection: /introspected:/,
    __typename: /__typename/,
    "named fragment": /\nfragment/,
    "inline fragment": /\.\.\. ?(?:on|@|\{)/,
    alias: /\w+: \w+[ ({]/,
    "@skip": /@skip/,
    "@include": /@include/,
    variable: /\$/,
    "variable with default": /\$\w+: [^,)]* = /,
    "input object": /: \{/,
    "null argument": /: null/,
  };
  return Object.entries(patterns).flatMap(([name, pattern]) => (pattern.test(query) ? [`operation: ${name}`] : []));
}

export function featuresOfAnswers({ data, errors = [] }: ExecutionResult): readonly string[] {
  const patterns: Readonly<Record<string, RegExp>> = {
    thrown: / broke$/,
    "null for non-null": /^Cannot return null/,
    "not an Int": /^Int cannot/,
    "not a Float": /^Float cannot/,
    "not a String": /^String cannot/,
    "not a Boolean": /^Boolean cannot/,
    "not an ID": /^ID cannot/,
    "unknown enum value": /^Enum/,
    "not a list": /^Expected Iterable/,
    variables: /^Variable/,
    "service down": /^\w is down$/,
  };
  const found = Object.entries(patterns).flatMap(([name, pattern]) =>
    errors.some(({ message }) => pattern.test(message)) ? [`error: ${name}`] : [],
  );
  if (errors.some(({ path }) => isLifted(data, path ?? []))) found.push("error: lifted");
  if (data === null) found.push("error: data is null");
  return found;
}

/** Whether the null stands above the field that failed. */
function isLifted(data: unknown, path: readonly (string | number)[]): boolean {
  let value = data;
  for (const part of path) {
    if (value === null || value === undefined) return true;
    value = Object.getOwnPropertyDescriptor(value, part)?.value;
  }
  return false;
}
