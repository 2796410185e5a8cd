import { type ASTNode, type DocumentNode, Kind, parse, print, type SelectionNode, visit } from "graphql";
import type { Case, Outcome } from "./evaluate.ts";
import { type FieldModel, type Model, type ObjectModel, objectsOf, type TypeModel } from "./model.ts";

/**
 * The smallest case that still ends as the given one: parts of operation and model are taken out, one at a time, as long
 * as the outcome stays alike. Greedy, and bounded by `tries`.
 */
export async function shrink(start: Case, alike: (candidate: Case) => Promise<boolean>, tries = 1_500): Promise<Case> {
  let best = start;
  let left = tries;
  for (let improved = true; improved && left > 0;) {
    improved = false;
    for (let index = 0; left > 0;) {
      const candidate = nth(smaller(best), index);
      if (candidate === undefined) break;
      left -= 1;
      if (await alike(candidate)) {
        best = candidate;
        improved = true;
      } else index += 1;
    }
  }
  return best;
}

/** Ends alike what ends for the same reason, whatever names and places it tells. */
export function signature(outcome: Outcome): string {
  switch (outcome.kind) {
    case "same":
    case "invalid":
      return outcome.kind;
    case "different":
      return `different: ${outcome.what.split(":")[0] ?? ""}`;
    case "stopped": {
      const code = /CAT-[A-Z]+-\d+/.exec(outcome.message)?.[0];
      if (code !== undefined) return `${outcome.stage}: ${code}`;
      return `${outcome.stage}: ${(outcome.message.split("\n")[0] ?? "").replace(/"[^"]*"|[`'][^`']*[`']|\b[A-Z]\w*\d(?:\.\w+)?|\d+/g, "…").slice(0, 120)}`;
    }
    case "crashed":
      return `crashed: ${outcome.message.slice(0, 120)}`;
  }
}

function nth<Item>(items: Iterable<Item>, index: number): Item | undefined {
  let position = 0;
  for (const item of items) if (position++ === index) return item;
  return undefined;
}

function* smaller(of: Case): Generator<Case> {
  for (const query of smallerQueries(of.operation.query)) yield { ...of, operation: { ...of.operation, query } };
  for (const name of Object.keys(of.operation.variables)) {
    const { [name]: _, ...variables } = of.operation.variables;
    yield { ...of, operation: { ...of.operation, variables } };
  }
  if (of.operation.down !== undefined) yield { ...of, operation: { ...of.operation, down: undefined } };
  for (const model of smallerModels(of.model)) yield { ...of, model };
}

function* smallerQueries(query: string): Generator<string> {
  const document = parse(query, { noLocation: true });
  for (const node of nodesOf(document)) {
    if (node.kind === Kind.SELECTION_SET) {
      for (let index = 0; index < node.selections.length; index++) {
        if (node.selections.length === 1) break;
        yield replaced(document, node, { ...node, selections: node.selections.toSpliced(index, 1) });
      }
      for (const [index, selection] of node.selections.entries()) {
        const inner = innerOf(document, selection);
        if (inner)
          yield replaced(document, node, { ...node, selections: node.selections.toSpliced(index, 1, ...inner) });
      }
    } else if (node.kind === Kind.FIELD) {
      const { alias, ...unaliased } = node;
      if (alias) yield replaced(document, node, unaliased);
      const given = node.arguments ?? [];
      for (let index = 0; index < given.length; index++)
        yield replaced(document, node, { ...node, arguments: given.toSpliced(index, 1) });
    }
    if ("directives" in node && node.directives && node.directives.length > 0)
      yield replaced(document, node, { ...node, directives: [] });
    if (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue) {
      const { defaultValue: _, ...plain } = node;
      yield replaced(document, node, plain);
    }
  }
}

/** What a fragment selects, in its place. */
function innerOf(document: DocumentNode, selection: SelectionNode): readonly SelectionNode[] | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections;
  if (selection.kind !== Kind.FRAGMENT_SPREAD) return undefined;
  const fragment = document.definitions.find(
    (node) => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value,
  );
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return undefined;
  const { typeCondition, selectionSet } = fragment;
  return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }];
}

function nodesOf(document: DocumentNode): readonly ASTNode[] {
  const nodes: ASTNode[] = [];
  visit(document, { enter: (node) => void nodes.push(node) });
  return nodes;
}

/** Written anew, without the fragments and variables that nothing uses any more. */
function replaced(document: DocumentNode, old: ASTNode, by: ASTNode): string {
  const changed: DocumentNode = visit(document, { enter: (node) => (node === old ? by : undefined) });
  const text = print(changed);
  return print(
    visit(changed, {
      FragmentDefinition: (node) => (text.includes(`...${node.name.value}`) ? undefined : null),
      VariableDefinition: (node) => (text.split(`$${node.variable.name.value}`).length > 2 ? undefined : null),
    }),
  );
}

function* smallerModels(model: Model): Generator<Model> {
  for (const name of model.subgraphs) {
    if (model.subgraphs.length < 2) break;
    yield {
      subgraphs: model.subgraphs.filter((each) => each !== name),
      types: model.types.map((type) => withoutSubgraph(type, name)),
    };
  }
  for (const type of model.types) yield { ...model, types: model.types.filter((each) => each !== type) };
  for (const type of objectsOf(model)) {
    for (const place of Object.keys(type.in)) yield withType(model, type, withoutSubgraph(type, place));
    if (Object.keys(type.interfaces).length > 0 && type.of === undefined)
      yield withType(model, type, { ...type, interfaces: {} });
    for (const field of type.fields) {
      const others = type.fields.filter((each) => each !== field);
      yield withType(model, type, { ...type, fields: others });
      for (const change of smallerFields(field)) {
        yield withType(model, type, { ...type, fields: type.fields.map((each) => (each === field ? change : each)) });
      }
    }
  }
}

function* smallerFields(field: FieldModel): Generator<FieldModel> {
  const places = Object.keys(field.in);
  if (places.length > 1) for (const place of places) yield { ...field, in: without(field.in, place) };
  if (field.args.length > 0) yield { ...field, args: [] };
  if (/[![]/.test(field.type) && field.isKey !== true)
    yield { ...field, type: field.type.replace(/^\[(.*)\]!?$|^(.*)!$/, "$1$2") };
}

function withType(model: Model, type: ObjectModel, by: TypeModel): Model {
  return { ...model, types: model.types.map((each) => (each === type ? by : each)) };
}

function withoutSubgraph(type: TypeModel, place: string): TypeModel {
  if (type.kind === "text") return type;
  if (type.kind === "union") return { ...type, in: without(type.in, place) };
  return {
    ...type,
    in: without(type.in, place),
    interfaces: without(type.interfaces, place),
    fields: type.fields.map((field) => ({ ...field, in: without(field.in, place) })),
  };
}

function without<Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> {
  const { [key]: _, ...rest } = record;
  return rest;
}
