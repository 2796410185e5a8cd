import {
  buildSchema,
  type DocumentNode,
  execute,
  type ExecutionResult,
  executeSync,
  GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from "graphql";
import { fieldsOf, type Model, objectsOf, plainSdl } from "./model.ts";
import type { Outage } from "./outage.ts";
import { type Resolve, withResolvers } from "./subgraph.ts";
import { canonical, isRow, type World } from "./world.ts";

/** graphql-js on one plain schema: the arbiter. */
export type Reference = {
  readonly schema: GraphQLSchema;
  readonly answer: Answer;
  /**
   * The same without null propagation: every error that any field of the operation has, also those that graphql-js
   * does not come to, because something beside them already took their parent.
   */
  readonly allErrors: Answer;
};

type Answer = (
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  outage?: Outage,
) => Promise<ExecutionResult>;

/** Resolvers over a world, with `@requires` as it is meant: from what was given, or from the graph itself. */
export function resolversOf(model: Model, world: World): Resolve {
  const requires = requiresOf(model);
  const whole = withResolvers(buildSchema(plainSdl(model, "with what is inaccessible")), (...args) => resolve(...args));
  const rooted = new Map<string, GraphQLSchema>();
  const resolve: Resolve = (typeName, fieldName, parent, args) => {
    const selection = requires.get(`${typeName}.${fieldName}`);
    if (selection === undefined) return world.resolve(typeName, fieldName, parent, args);
    const given = isRow(parent) ? parent.given : undefined;
    const data = given ?? required(typeName, parent, selection);
    world.failIfDown(typeName, fieldName);
    const suffix = Object.keys(args).length > 0 ? canonical(args) : "";
    return `${canonical(pick(data, selectionSet(selection)))}${suffix}`;
  };
  const required = (typeName: string, parent: unknown, selection: string): unknown => {
    let schema = rooted.get(typeName);
    if (schema === undefined) {
      const type = whole.getType(typeName);
      schema = new GraphQLSchema({
        query: isObjectType(type) ? type : null,
        types: Object.values(whole.getTypeMap()).filter((each) => !each.name.startsWith("__")),
        assumeValid: true,
      });
      rooted.set(typeName, schema);
    }
    const { data, errors } = executeSync({ schema, document: parse(`{ ${selection} }`), rootValue: parent });
    if (errors?.[0]) throw new AnyOf(errors.map(({ message }) => message));
    return data;
  };
  return resolve;
}

/** When several required values failed, which of them is told is not fixed. */
export class AnyOf extends Error {
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages[0]);
    this.messages = messages;
  }
}

export function referenceOf(model: Model, world: World): Reference {
  const sdl = plainSdl(model);
  const resolve = resolversOf(model, world);
  const plain = withResolvers(buildSchema(sdl), resolve);
  const nullable = withResolvers(buildSchema(withoutNonNull(sdl)), checkingNulls(model)(resolve));
  const on = (schema: GraphQLSchema): Answer => {
    return async (document, variableValues, outage) => {
      world.reset(outage);
      return execute({ schema, document, rootValue: {}, variableValues });
    };
  };
  return { schema: plain, answer: on(plain), allErrors: on(nullable) };
}

/** Only what fields answer; arguments keep what they demand. */
function withoutNonNull(sdl: string): string {
  return sdl
    .split("\n")
    .map((line) => (line.startsWith("  ") ? line.replace(/: [^:]*$/, (type) => type.replaceAll("!", "")) : line))
    .join("\n");
}

function checkingNulls(model: Model): (resolve: Resolve) => Resolve {
  const types = new Map<string, string>(
    objectsOf(model).flatMap((type) =>
      fieldsOf(model, type).map((field) => [`${type.name}.${field.name}`, field.type] as const),
    ),
  );
  return (resolve) => (typeName, fieldName, parent, args) => {
    const name: string = `${typeName}.${fieldName}`;
    const checked = check(resolve(typeName, fieldName, parent, args), types.get(name) ?? "", name);
    if (checked instanceof Error) throw checked;
    return checked;
  };
}

function check(value: unknown, type: string, name: string): unknown {
  if (type.endsWith("!")) {
    return value === null
      ? new Error(`Cannot return null for non-nullable field ${name}.`)
      : check(value, type.slice(0, -1), name);
  }
  return type.startsWith("[") && Array.isArray(value)
    ? value.map((item) => check(item, type.slice(1, -1), name))
    : value;
}

function requiresOf(model: Model): ReadonlyMap<string, string> {
  return new Map(
    objectsOf(model).flatMap((type) =>
      fieldsOf(model, type).flatMap(({ name, requires }) =>
        requires === undefined ? [] : [[`${type.name}.${name}`, requires] as const],
      ),
    ),
  );
}

function selectionSet(selection: string): SelectionSetNode {
  const [definition] = parse(`{ ${selection} }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error("a selection makes an operation");
  return definition.selectionSet;
}

/** What a selection asks of a value, and nothing else that a representation may hold. */
function pick(value: unknown, set: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, set));
  if (typeof value !== "object" || value === null) return value;
  const picked: Record<string, unknown> = {};
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      // Of which type it is, is not always told; what a fragment on another type wants is not there.
      const own = selection.selectionSet.selections.filter(
        (inner) => inner.kind !== Kind.FIELD || fields.has(inner.name.value),
      );
      Object.assign(picked, pick(value, { ...selection.selectionSet, selections: own }));
    }
    if (selection.kind !== Kind.FIELD) continue;
    const name = selection.name.value;
    if (!fields.has(name)) {
      throw new Error(`the required field ${name} was not given`);
    }
    picked[name] = selection.selectionSet ? pick(fields.get(name), selection.selectionSet) : fields.get(name);
  }
  return picked;
}
