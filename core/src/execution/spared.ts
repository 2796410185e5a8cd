import { type DirectiveNode, type GraphQLSchema, Kind, parse, type SelectionSetNode } from "graphql";
import { Failure, isJsonObject, type JsonObject } from "./failure.ts";
import { failInto, own, wholly } from "./merge.ts";
import type { RequiresSelection, Rewrite } from "./plan.ts";
import { compileRepresentation, type Represent } from "./representation.ts";
import type { Shape } from "./shape.ts";
import type { SupergraphFacts } from "./supergraph-facts.ts";
import { typeNames } from "./type-names.ts";

/** An entity that is asked for although a value which some of its fields require has failed. */
export type Spared = {
  /** Its representation, null in the place of what failed. */
  readonly text: string;
  /** The fields that required it, by key, and why they have no value: what the service makes of null is not theirs. */
  readonly failed: ReadonlyMap<string, Failure>;
};

/** Undefined where nothing can be spared: a key failed, or all fields need what did. */
type Spare = (object: JsonObject, variables: JsonObject) => Spared | undefined;

/** Lets each field tell its own reason when none is left to ask for. Else says so, and does nothing. */
export function failEach(object: JsonObject, { failed }: Spared, shape: Shape): boolean {
  if (shape.some(({ key }) => !failed.has(key))) return false;
  for (const field of shape) {
    const failure = failed.get(field.key);
    if (failure) failInto(object, failure, [field]);
  }
  return true;
}

/** Puts in the failures of a spared entity, when what the service answered has been: where nothing stood before. */
export function failing(object: JsonObject, spared: Spared | undefined): () => void {
  if (spared === undefined) return nothing;
  const free = [...spared.failed].filter(([key]) => isFree(own(object, key)));
  return () => {
    for (const [key, failure] of free) object[key] = failure;
  };
}

/** The planner may ask for the same twice, under different conditions. */
function isFree(had: unknown): boolean {
  return had === undefined || had instanceof Failure;
}

const nothing = (): void => undefined;

export type Sparing = {
  readonly spare: Spare;
  /**
   * The representation without what only fields require that are not asked for under these variables, where that is all it
   * lacks: the planner may fetch a value under the condition of the field that requires it, and require it always.
   */
  readonly unasked: (object: JsonObject, variables: JsonObject) => string | undefined;
};

export type SparingInput = {
  readonly service: string;
  /** `_entities` or its alias in `operation`. */
  readonly key: string;
  readonly operation: string;
  readonly requires: readonly RequiresSelection[];
  readonly inputRewrites: readonly Rewrite[];
};

/**
 * The planner asks a service for all it wants of an entity at once, what `@requires` beside what does not. When a
 * required value failed, the fields that need it fail with it, and the others stand. Compiled when first needed.
 */
export function compileSparing(input: SparingInput, schema: GraphQLSchema, facts: SupergraphFacts): Sparing {
  let found: readonly Dependent[] | undefined;
  const dependents = () => (found ??= dependentsOf(input, schema, facts));
  /** The last that was made: it depends on the variables alone. */
  let shorter: { readonly names: string; readonly write: Represent } | undefined;
  const represent = compileRepresentation(input.requires, input.inputRewrites, schema);
  const without = (names: ReadonlySet<string>, rewrites: readonly Rewrite[]): Represent =>
    compileRepresentation(withoutKeys(input.requires, names), rewrites, schema);
  return {
    spare: (object, variables) => {
      const failed = new Map<string, Failure>();
      const covered = new Set<string>();
      for (const { key, types, names, write } of dependents()) {
        const reason = types.has(String(object["__typename"])) ? write(object, variables) : undefined;
        if (!(reason instanceof Failure)) continue;
        failed.set(key, wholly(reason));
        for (const name of names) covered.add(name);
      }
      if (failed.size === 0) return undefined;
      if (without(covered, [])(object, variables) instanceof Failure) return undefined;
      const text = represent(nulled(object, input.requires), variables);
      return typeof text === "string" ? { text, failed } : undefined;
    },
    unasked: (object, variables) => {
      if (!dependents().some(({ conditions }) => conditions.length > 0)) return undefined;
      const [asked, others] = [new Set<string>(), new Set<string>()];
      for (const { names, conditions } of dependents())
        for (const name of names) (areMet(conditions, variables) ? asked : others).add(name);
      const dropped = others.difference(asked);
      if (dropped.size === 0) return undefined;
      const names = [...dropped].join();
      if (shorter?.names !== names) shorter = { names, write: without(dropped, input.inputRewrites) };
      const text = shorter.write(object, variables);
      return typeof text === "string" ? text : undefined;
    },
  };
}

type Dependent = {
  readonly key: string;
  /** Of the field, and of the fragments around it. */
  readonly conditions: readonly DirectiveNode[];
  readonly types: ReadonlySet<string>;
  /** Of the representation. */
  readonly names: readonly string[];
  /** What it requires, as the representation holds it. */
  readonly write: Represent;
};

/** The fields of one entity in a fetch that require more than its key. */
function dependentsOf(
  { service, key: entities, operation, requires }: SparingInput,
  schema: GraphQLSchema,
  facts: SupergraphFacts,
): readonly Dependent[] {
  const found: Dependent[] = [];
  const { definitions } = parse(operation, { noLocation: true });
  const follow = (set: SelectionSetNode, typeName: string | undefined, around: readonly DirectiveNode[]): void => {
    for (const selection of set.selections) {
      const conditions = [...around, ...(selection.directives ?? [])];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        follow(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, conditions);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = definitions.find(
          (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
        );
        if (fragment?.kind === Kind.FRAGMENT_DEFINITION)
          follow(fragment.selectionSet, fragment.typeCondition.name.value, conditions);
      } else if (typeName !== undefined) {
        const required = facts.requirement(service, typeName, selection.name.value);
        if (required === undefined) continue;
        const types = typeNames(schema, [typeName]);
        const write = compileRepresentation(only(requires, required), [], schema);
        const key = selection.alias?.value ?? selection.name.value;
        found.push({ key, conditions, types, names: namesIn(required), write });
      }
    }
  };
  for (const node of definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const field of node.selectionSet.selections)
      if (field.kind === Kind.FIELD && (field.alias?.value ?? field.name.value) === entities && field.selectionSet)
        follow(field.selectionSet, undefined, []);
  }
  return found;
}

function areMet(conditions: readonly DirectiveNode[], variables: JsonObject): boolean {
  return conditions.every(({ name, arguments: given }) => {
    const value = given?.find((argument) => argument.name.value === "if")?.value;
    return value?.kind !== Kind.VARIABLE || (variables[value.name.value] === true) === (name.value === "include");
  });
}

function namesIn(set: SelectionSetNode): readonly string[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? namesIn(selection.selectionSet) : [];
  });
}

/** The part of a representation that a requirement names. */
function only(requires: readonly RequiresSelection[], required: SelectionSetNode): readonly RequiresSelection[] {
  const wanted = new Map<string, SelectionSetNode | undefined>();
  const add = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet);
      if (selection.kind !== Kind.FIELD) continue;
      const { value } = selection.name;
      const selections = [...(wanted.get(value)?.selections ?? []), ...(selection.selectionSet?.selections ?? [])];
      wanted.set(value, selection.selectionSet && { kind: Kind.SELECTION_SET, selections });
    }
  };
  add(required);
  return requires.flatMap((selection): readonly RequiresSelection[] => {
    if (selection.kind === "InlineFragment")
      return [{ ...selection, selections: only(selection.selections, required) }];
    if (selection.kind !== "Field") return [];
    const name = selection.alias ?? selection.name;
    if (name === "__typename") return [selection];
    if (!wanted.has(name)) return [];
    const below = wanted.get(name);
    return [below === undefined ? selection : { ...selection, selections: only(selection.selections ?? [], below) }];
  });
}

function withoutKeys(requires: readonly RequiresSelection[], names: ReadonlySet<string>): readonly RequiresSelection[] {
  return requires.flatMap((selection): readonly RequiresSelection[] => {
    if (selection.kind === "InlineFragment")
      return [{ ...selection, selections: withoutKeys(selection.selections, names) }];
    return selection.kind === "Field" && names.has(selection.alias ?? selection.name) ? [] : [selection];
  });
}

/** What a representation reads of an object, with null for what failed. A list falls with an element. */
function nulled(object: JsonObject, selections: readonly RequiresSelection[]): JsonObject {
  const read = new Map<string, RequiresSelection[]>();
  const add = (some: readonly RequiresSelection[]): void => {
    for (const selection of some) {
      if (selection.kind === "InlineFragment") add(selection.selections);
      else if (selection.kind === "Field")
        read.set(selection.name, [...(read.get(selection.name) ?? []), ...(selection.selections ?? [])]);
    }
  };
  add(selections);
  const copy: JsonObject = { __typename: object["__typename"] };
  for (const [name, below] of read) copy[name] = nulledValue(own(object, name), below);
  return copy;
}

function nulledValue(value: unknown, selections: readonly RequiresSelection[]): unknown {
  if (value instanceof Failure) return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => nulledValue(item, selections));
    return items.some((item, index) => item === null && value[index] !== null) ? null : items;
  }
  return isJsonObject(value) && selections.length > 0 ? nulled(value, selections) : value;
}
