import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  type ValueNode,
} from "graphql";
import { fragmentsOf } from "./fields.ts";

/** How much something selects, its fragments written out. */
export type OperationSize = {
  readonly fields: number;
  /** Those not below another field. */
  readonly rootFields: number;
  /** Levels of fields; what is below `__schema` and `__type` is not among them. */
  readonly depth: number;
  /** Levels from a `__schema` or `__type` on, itself included. */
  readonly introspectionDepth: number;
  /** Of a deepest field, whose level is `depth`. */
  readonly deepest: FieldNode | undefined;
  readonly aliases: number;
  readonly directives: number;
  /** Selection sets within each other, those of fragments too. */
  readonly nestedSelections: number;
  /** Lists and objects within each other in a literal, or lists in a variable's type. */
  readonly nestedValues: number;
};

/** Selection sets within each other that are followed: the parser's stack holds more of some than ours does. */
export const mostLevels = 1_000;

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** The size of each operation and fragment of a document; or the name of a fragment that spreads itself. */
export type DocumentSize = ReadonlyMap<Definition, OperationSize> | string;

/**
 * Sizes a document without writing its fragments out: each is sized once and remembered, so a bomb of 2^40 fields costs
 * as much as its text.
 */
export function documentSize(document: DocumentNode): DocumentSize {
  const fragments = fragmentsOf(document);
  const known = new Map<string, OperationSize | "sizing">();
  const sizes = new Map<Definition, OperationSize>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const size = node.kind === Kind.FRAGMENT_DEFINITION ? ofFragment(node.name.value, 1) : ofOperation(node);
    if (typeof size === "string") return size;
    sizes.set(node, size);
  }
  return sizes;

  function ofOperation({ selectionSet, directives, variableDefinitions = [] }: OperationDefinitionNode) {
    const size = ofSet(selectionSet, 1);
    if (typeof size === "string") return size;
    const own = variableDefinitions.reduce(
      (sum, { type, defaultValue, directives: its }) =>
        besides(besides(sum, ofDirectives(its)), ofNested(Math.max(nestedTypes(type), nestedValues(defaultValue)))),
      ofDirectives(directives),
    );
    return besides(size, own);
  }

  function ofFragment(name: string, level: number): OperationSize | string {
    const remembered = known.get(name);
    if (remembered === "sizing") return name;
    if (remembered !== undefined) return remembered;
    const fragment = fragments.get(name);
    // Validation will name it.
    if (fragment === undefined) return nothing;
    known.set(name, "sizing");
    const inner = ofSet(fragment.selectionSet, level);
    if (typeof inner === "string") return inner;
    const size = besides(inner, ofDirectives(fragment.directives));
    known.set(name, size);
    return size;
  }

  function ofSet({ selections }: SelectionSetNode, level: number): OperationSize | string {
    if (level > mostLevels) return { ...nothing, nestedSelections: Number.POSITIVE_INFINITY };
    let sum = nothing;
    for (const selection of selections) {
      const size = ofSelection(selection, level + 1);
      if (typeof size === "string") return size;
      sum = besides(sum, size);
    }
    return { ...sum, nestedSelections: sum.nestedSelections + 1 };
  }

  function ofSelection(selection: SelectionNode, level: number): OperationSize | string {
    const directives = ofDirectives(selection.directives);
    if (selection.kind !== Kind.FIELD) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value, level)
          : ofSet(selection.selectionSet, level);
      return typeof inner === "string" ? inner : besides(inner, directives);
    }
    const inner = selection.selectionSet === undefined ? nothing : ofSet(selection.selectionSet, level);
    return typeof inner === "string" ? inner : besides(ofField(selection, inner), directives);
  }
}

function ofField(field: FieldNode, inner: OperationSize): OperationSize {
  const asksSchema = field.name.value === "__schema" || field.name.value === "__type";
  return {
    ...inner,
    fields: inner.fields + 1,
    rootFields: 1,
    depth: asksSchema ? 1 : inner.depth + 1,
    introspectionDepth: asksSchema ? inner.depth + 1 : inner.introspectionDepth,
    deepest: asksSchema ? field : (inner.deepest ?? field),
    aliases: inner.aliases + (field.alias === undefined ? 0 : 1),
    nestedValues: Math.max(inner.nestedValues, nestedArguments(field.arguments)),
  };
}

const nothing: OperationSize = {
  fields: 0,
  rootFields: 0,
  depth: 0,
  introspectionDepth: 0,
  deepest: undefined,
  aliases: 0,
  directives: 0,
  nestedSelections: 0,
  nestedValues: 0,
};

function besides(a: OperationSize, b: OperationSize): OperationSize {
  if (b === nothing) return a;
  return {
    fields: a.fields + b.fields,
    rootFields: a.rootFields + b.rootFields,
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    deepest: b.depth > a.depth ? b.deepest : a.deepest,
    aliases: a.aliases + b.aliases,
    directives: a.directives + b.directives,
    nestedSelections: Math.max(a.nestedSelections, b.nestedSelections),
    nestedValues: Math.max(a.nestedValues, b.nestedValues),
  };
}

function ofDirectives(directives: readonly DirectiveNode[] = []): OperationSize {
  if (directives.length === 0) return nothing;
  const deepest = directives.reduce((most, { arguments: given }) => Math.max(most, nestedArguments(given)), 0);
  return { ...nothing, directives: directives.length, nestedValues: deepest };
}

function ofNested(levels: number): OperationSize {
  return levels === 0 ? nothing : { ...nothing, nestedValues: levels };
}

function nestedArguments(given: readonly ArgumentNode[] = []): number {
  return given.reduce((most, { value }) => Math.max(most, nestedValues(value)), 0);
}

function nestedValues(value: ValueNode | undefined): number {
  if (value?.kind === Kind.LIST) return 1 + value.values.reduce((most, item) => Math.max(most, nestedValues(item)), 0);
  if (value?.kind !== Kind.OBJECT) return 0;
  return 1 + value.fields.reduce((most, field) => Math.max(most, nestedValues(field.value)), 0);
}

function nestedTypes(type: TypeNode): number {
  let levels = 0;
  for (let inner = type; inner.kind !== Kind.NAMED_TYPE; inner = inner.type)
    levels += Number(inner.kind === Kind.LIST_TYPE);
  return levels;
}
