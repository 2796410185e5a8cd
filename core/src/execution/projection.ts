import {
  type FieldNode,
  getNullableType,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";
import type { Cursor } from "./cursor.ts";
import { at, Failure, isJsonObject, type JsonObject } from "./failure.ts";
import { collectFields, type Selecting } from "./fields.ts";
import type { InternalKeys } from "./keys.ts";
import { leafWriter, refused } from "./leaves.ts";
import { fallen, own } from "./merge.ts";
import { serviceFailures } from "./service-port.ts";

/**
 * Writes fetched data as the JSON text of the answer's `data`: the client's keys and order, checked against its schema.
 * Text at once: an object for each of a large answer's, only to be written and thrown away, takes as long again.
 */
export type Project = (data: JsonObject, cursor: Cursor) => string;

export type ProjectionInput = {
  readonly selecting: Selecting;
  readonly keys: InternalKeys;
  readonly root: GraphQLObjectType;
  readonly selectionSet: SelectionSetNode;
  /** Without a plan there is nobody to blame for a field that is absent: it is null. */
  readonly isFetched: boolean;
};

/** Compiles the projection of one operation under known conditions, each part when it is first met. */
export function compileProjection({ selecting, keys, root, selectionSet, isFetched }: ProjectionInput): Project {
  const project = new Projector(selecting, keys, isFetched).object(root, [selectionSet]);
  return (data, cursor) => {
    const projected = project(data, cursor, 0);
    if (typeof projected !== "symbol") return projected;
    if (projected === propagateSilently) cursor.tell([], 0, serviceFailures.SERVICE_NULL.message, "SERVICE_NULL");
    return "null";
  };
}

/** Completes the value at `cursor.path[0 .. depth]` (GraphQL, 6.4.3). */
type Complete = (value: unknown, cursor: Cursor, depth: number) => string | Propagation;

/** Answered instead of null where the parent has to become null too; its error is told. */
const propagate: unique symbol = Symbol("propagate");

/** The same, where the value fell with another field of the parent, which is still to tell its error. */
const propagateSilently: unique symbol = Symbol("propagate silently");

type Propagation = typeof propagate | typeof propagateSilently;
type ProjectObject = (value: JsonObject, cursor: Cursor, depth: number) => string | Propagation;

type ProjectedField = {
  readonly key: string;
  /** `"key":`, after a comma for all but the first. */
  readonly label: string;
  readonly read: (object: JsonObject, cursor: Cursor) => unknown;
  readonly complete: Complete;
};

class Projector {
  readonly #selecting: Selecting;
  readonly #keys: InternalKeys;
  readonly #isFetched: boolean;

  constructor(selecting: Selecting, keys: InternalKeys, isFetched: boolean) {
    this.#selecting = selecting;
    this.#keys = keys;
    this.#isFetched = isFetched;
  }

  object(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): ProjectObject {
    let fields: readonly ProjectedField[] | undefined;
    let keyChars = 0;
    return (value, cursor, depth) => {
      if (fields === undefined) {
        fields = this.#fields(type, sets);
        keyChars = fields.reduce((sum, { key }) => sum + key.length + 4, 2);
      }
      cursor.size.spend(keyChars);
      let text = "{";
      let fell: ProjectedField | undefined;
      for (const field of fields) {
        const { key, label, read, complete } = field;
        cursor.path[depth] = key;
        const completed = complete(read(value, cursor), cursor, depth + 1);
        if (completed === propagate) return propagate;
        if (completed === propagateSilently) fell ??= field;
        else text += label + completed;
      }
      return fell ? tellReason(fell, fields, value, cursor, depth) : `${text}}`;
    };
  }

  #fields(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): readonly ProjectedField[] {
    const fields = [...collectFields(this.#selecting, type, sets)].flatMap(([key, nodes]) =>
      this.#field(type, key, nodes),
    );
    return fields.map((field, index) => Object.assign(field, { label: `${index === 0 ? "" : ","}"${field.key}":` }));
  }

  #field(
    type: GraphQLObjectType,
    key: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
  ): readonly Omit<ProjectedField, "label">[] {
    const [node] = nodes;
    const name = node.name.value;
    if (name === "__typename") return [{ key, read: () => `"${type.name}"`, complete: asIs }];
    // Schema and type are asked at the root only, and never of a service.
    if (name.startsWith("__"))
      return [{ key, read: (_, cursor) => JSON.stringify(cursor.introspected[key] ?? null), complete: asIs }];
    const field = type.getFields()[name];
    if (field === undefined) return [];
    const from = this.#keys.of(node);
    const read = this.#isFetched ? (object: JsonObject) => readField(object, from) : () => null;
    return [{ key, read, complete: this.#complete(field.type, { nodes, name: `${type.name}.${name}` }) }];
  }

  #complete(type: GraphQLOutputType, place: Place): Complete {
    const inner = this.#completeValue(getNullableType(type), place);
    if (!isNonNullType(type)) {
      return (value, cursor, depth) => {
        if (isNull(value)) return "null";
        const completed = inner(value, cursor, depth);
        return typeof completed === "symbol" ? "null" : completed;
      };
    }
    return (value, cursor, depth) => {
      if (isNull(value)) {
        if (value !== null) return propagateSilently;
        cursor.tell(place.nodes, depth, `Cannot return null for non-nullable field ${place.name}.`, "SERVICE_NULL");
        return propagate;
      }
      return inner(value, cursor, depth);
    };
  }

  #completeValue(type: GraphQLOutputType, place: Place): Complete {
    if (isNonNullType(type)) return this.#complete(type, place);
    if (isListType(type)) return completeList(this.#complete(type.ofType, place), place);
    const sets = place.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (isObjectType(type)) return completeObject(type.name, this.object(type, sets), place);
    if (isAbstractType(type)) return this.#completeAbstract(type, sets, place);
    const write = leafWriter(type);
    return (value, cursor, depth) => {
      const answer = value instanceof Failure || value === undefined ? refused : write(value);
      if (answer === refused) return refuse(value, cursor, depth, place, type.name);
      cursor.size.spend(answer.length);
      return answer;
    };
  }

  #completeAbstract(type: GraphQLAbstractType, sets: readonly SelectionSetNode[], place: Place): Complete {
    const byName = new Map<string, ProjectObject>();
    for (const possible of this.#selecting.schema.getPossibleTypes(type)) {
      byName.set(possible.name, this.object(possible, sets));
    }
    return (value, cursor, depth) => {
      if (!isJsonObject(value)) return refuse(value, cursor, depth, place, type.name);
      const name = readField(value, "__typename");
      if (name instanceof Failure) return refuse(ofObject(name), cursor, depth, place, type.name);
      const project = typeof name === "string" ? byName.get(name) : undefined;
      return project ? project(value, cursor, depth) : refuse(value, cursor, depth, place, type.name);
    };
  }
}

type Place = { readonly nodes: readonly FieldNode[]; readonly name: string };

/** Why an object whose type is not known is none: the field that its type's name fell with says it. */
function ofObject(name: Failure): Failure {
  return name.faults.length === 0 && name.reason !== undefined ? new Failure([name.reason]) : name;
}

/** A value that fell with another field, whose fault is told there, is as good as null. */
function isNull(value: unknown): boolean {
  return value === null || (value instanceof Failure && value.faults.length === 0);
}

/** No field of the object told why it fell: what failed stands here under another alias, or not at all. */
function tellReason(
  { key, read }: ProjectedField,
  fields: readonly ProjectedField[],
  object: JsonObject,
  cursor: Cursor,
  depth: number,
): Propagation {
  const { reason } = failureOf(read(object, cursor)) ?? {};
  if (reason === undefined) return propagateSilently;
  // A nullable field that told it is no reason for others to fall: that is another object's, which tells it.
  const isTold = fields.some((field) => failureOf(field.read(object, cursor))?.tells(reason) === true);
  if (isTold) return propagateSilently;
  cursor.path[depth] = key;
  cursor.tellFailure([], depth + 1, new Failure([at(reason, [])]));
  return propagate;
}

function failureOf(value: unknown): Failure | undefined {
  return value instanceof Failure ? value : undefined;
}

function readField(object: JsonObject, key: string): unknown {
  const value = own(object, key);
  return value === undefined ? fallen(object, key) : value;
}

const asIs: Complete = (value) => (typeof value === "string" ? value : "null");

function completeList(item: Complete, place: Place): Complete {
  return (value, cursor, depth) => {
    if (!Array.isArray(value)) return refuse(value, cursor, depth, place, "list");
    cursor.size.spend(value.length);
    let text = "[";
    let fell = false;
    for (let index = 0; index < value.length; index += 1) {
      cursor.path[depth] = index;
      const completed = item(value[index], cursor, depth + 1);
      if (completed === propagate) return propagate;
      if (completed === propagateSilently) fell = true;
      else text += index === 0 ? completed : `,${completed}`;
    }
    return fell ? propagateSilently : `${text}]`;
  };
}

function completeObject(name: string, project: ProjectObject, place: Place): Complete {
  return (value, cursor, depth) => {
    if (!isJsonObject(value)) return refuse(value, cursor, depth, place, name);
    const told = own(value, "__typename");
    // That it could not be learned is no other type: what failed with it tells why.
    return told === undefined || told === name || told instanceof Failure
      ? project(value, cursor, depth)
      : refuse(value, cursor, depth, place, name);
  };
}

/** Tells why there is no value: a failure in its place, nothing at all, or something of the wrong kind. */
function refuse(
  value: unknown,
  cursor: Cursor,
  depth: number,
  { nodes, name }: Place,
  expected: string,
): typeof propagate {
  if (value instanceof Failure) cursor.tellFailure(nodes, depth, value);
  else if (value === undefined)
    cursor.tell(nodes, depth, `No service answered the field ${name}.`, "SERVICE_BAD_RESPONSE");
  else
    cursor.tell(
      nodes,
      depth,
      `A service answered a value for the field ${name} that is no ${expected}.`,
      "SERVICE_BAD_RESPONSE",
    );
  return propagate;
}
