import { getNamedType, GraphQLID, type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";
import { Failure, isJsonObject, type JsonObject } from "./failure.ts";
import { LongNumber, parseJson } from "./long-number.ts";
import { own } from "./merge.ts";
import type { RequiresSelection, Rewrite } from "./plan.ts";
import { compileRewrite } from "./rewrite.ts";
import { typeNames } from "./type-names.ts";

/**
 * Writes the representation of an entity as JSON text, which is also its identity when equal ones
 * are sent once. Undefined when the object is of no type that this fetch is for, or lacks a value;
 * a Failure when a value that is needed failed.
 */
export type Represent = (object: JsonObject, variables: JsonObject) => string | Failure | undefined;

export function compileRepresentation(
  requires: readonly RequiresSelection[],
  rewrites: readonly Rewrite[],
  schema: GraphQLSchema,
): Represent {
  const write = compileSelections(requires, schema);
  const represent: Represent = (object, variables) => {
    const name = object["__typename"];
    if (typeof name === "string") return write(object, variables);
    return name instanceof Failure ? name : undefined;
  };
  if (rewrites.length === 0) return represent;
  const changes = rewrites.map((rewrite) => compileRewrite(rewrite, schema));
  return (object, variables) => {
    const text = represent(object, variables);
    if (typeof text !== "string") return text;
    const representation: unknown = parseJson(text);
    for (const change of changes) change(representation);
    return JSON.stringify(representation);
  };
}

type Member = { readonly from: string; readonly label: string; readonly write: WriteValue };
type WriteValue = (value: unknown, variables: JsonObject) => string | Failure | undefined;

/** The members to write depend on the object's type alone, so they are worked out once for each. */
function compileSelections(
  selections: readonly RequiresSelection[],
  schema: GraphQLSchema,
  isAbstract = false,
): Represent {
  const byType = new Map<string, readonly Member[]>();
  const isConditional = hasConditions(selections);
  return (object, variables) => {
    const name = typeof object["__typename"] === "string" ? object["__typename"] : "";
    let members = byType.get(name);
    if (members === undefined) {
      const found = new Map<string, Wanted>();
      // Which type it is says what is in it: plans ask for the name of an abstract type's value, but do not send it.
      if (isAbstract && name !== "") found.set("__typename", { from: "__typename", below: [] });
      collectWanted(selections, name, variables, schema, found);
      members = [...found].map(([key, { from, below }]) => member(key, name, from, below, schema));
      // A service chooses the names it answers; what is kept for them is bounded.
      if (!isConditional && byType.size < 1_000) byType.set(name, members);
    }
    return writeObject(object, members, variables);
  };
}

function writeObject(
  object: JsonObject,
  members: readonly Member[],
  variables: JsonObject,
): string | Failure | undefined {
  let text = "";
  for (const { from, label, write } of members) {
    const value = write(own(object, from), variables);
    if (typeof value !== "string") return value;
    text += text === "" ? `{${label}${value}` : `,${label}${value}`;
  }
  return text === "" ? undefined : `${text}}`;
}

type Wanted = { readonly from: string; readonly below: RequiresSelection[] };

function collectWanted(
  selections: readonly RequiresSelection[],
  typeName: string,
  variables: JsonObject,
  schema: GraphQLSchema,
  found: Map<string, Wanted>,
): void {
  for (const selection of selections) {
    if (selection.kind === "InlineFragment") {
      const { typeCondition, skipIf, includeIf } = selection;
      if (skipIf && variables[skipIf] === true) continue;
      if (includeIf && variables[includeIf] !== true) continue;
      if (typeName !== "" && !typeNames(schema, [typeCondition]).has(typeName)) continue;
      collectWanted(selection.selections, typeName, variables, schema, found);
    } else if (selection.kind === "Field") {
      const key = selection.alias ?? selection.name;
      const known = found.get(key);
      if (known) known.below.push(...(selection.selections ?? []));
      else found.set(key, { from: selection.name, below: [...(selection.selections ?? [])] });
    }
  }
}

function member(
  key: string,
  typeName: string,
  from: string,
  below: readonly RequiresSelection[],
  schema: GraphQLSchema,
): Member {
  const leaf = isId(schema, typeName, from) ? writeId : writeLeaf;
  const write = below.length > 0 ? writeNested(compileSelections(below, schema, hasFragment(below))) : leaf;
  return { from, label: `${JSON.stringify(key)}:`, write };
}

const writeLeaf: WriteValue = (value) => {
  if (value instanceof Failure || value === undefined) return value;
  return (Array.isArray(value) ? failureIn(value) : undefined) ?? JSON.stringify(value);
};

function hasFragment(selections: readonly RequiresSelection[]): boolean {
  return selections.some(({ kind }) => kind === "InlineFragment");
}

/** A representation is an `_Any`, whose numbers few services read digit by digit; an ID may be told as text. */
const writeId: WriteValue = (value, variables) =>
  value instanceof LongNumber && value.isInteger ? `"${value.source}"` : writeLeaf(value, variables);

function isId(schema: GraphQLSchema, typeName: string, field: string): boolean {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const named = type.getFields()[field]?.type;
  return named !== undefined && getNamedType(named) === GraphQLID;
}

/** A list of which an element failed is no value to require: the service would be told something that never was. */
function failureIn(list: readonly unknown[]): Failure | undefined {
  for (const item of list) {
    const failure = Array.isArray(item) ? failureIn(item) : item;
    if (failure instanceof Failure) return failure;
  }
  return undefined;
}

function writeNested(write: Represent): WriteValue {
  const writeValue: WriteValue = (value, variables) => {
    if (value === null) return "null";
    if (isJsonObject(value)) return write(value, variables);
    if (!Array.isArray(value)) return value instanceof Failure ? value : undefined;
    const texts: string[] = [];
    for (const item of value) {
      const text = writeValue(item, variables);
      if (typeof text !== "string") return text;
      texts.push(text);
    }
    return `[${texts.join()}]`;
  };
  return writeValue;
}

function hasConditions(selections: readonly RequiresSelection[]): boolean {
  return selections.some(
    (selection) =>
      selection.kind !== "FragmentSpread" &&
      ((selection.kind === "InlineFragment" && Boolean(selection.skipIf ?? selection.includeIf)) ||
        hasConditions(selection.selections ?? [])),
  );
}
