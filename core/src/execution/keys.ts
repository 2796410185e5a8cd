import {
  type FieldNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  type ValueNode,
} from "graphql";

/**
 * Names the keys under which fetched values are kept. A client's alias may equal the name of a key
 * field that the plan needs beside it (`{ id: name }`), and one alias may stand for different
 * arguments in two types of a union; the planner then mixes them up or dies. So whatever has an
 * alias or arguments is planned under a key of our own, one for each (response key, field, arguments).
 */
export class InternalKeys {
  readonly #prefix: string;
  readonly #byNode = new Map<FieldNode, string>();
  readonly #byCall = new Map<string, string>();
  readonly #clientKeys = new Map<string, string>();

  constructor(schema: GraphQLSchema) {
    this.#prefix = unusedPrefix(schema);
  }

  /** `atRoot`: no plan needs a root field of its own, so arguments alone do not ask for an alias there. */
  assign(node: FieldNode, atRoot: boolean): string {
    const key = this.#keyFor(node, atRoot);
    this.#byNode.set(node, key);
    return key;
  }

  /** The key of a field of the client's document. */
  of(node: FieldNode): string {
    return this.#byNode.get(node) ?? node.name.value;
  }

  /** The client's word for a key in a service's error path. */
  clientKey(key: string): string {
    return this.#clientKeys.get(key) ?? key;
  }

  #keyFor(node: FieldNode, atRoot: boolean): string {
    const name = node.name.value;
    const responseKey = node.alias?.value ?? name;
    const hasArguments = node.arguments !== undefined && node.arguments.length > 0;
    if (responseKey === name && (!hasArguments || atRoot)) return name;
    const call = `${responseKey}:${name}${argumentsText(node)}`;
    const known = this.#byCall.get(call);
    if (known !== undefined) return known;
    const plain = `${this.#prefix}_${responseKey}`;
    const key = this.#clientKeys.has(plain) ? `${this.#prefix}${this.#byCall.size}_${responseKey}` : plain;
    this.#byCall.set(call, key);
    this.#clientKeys.set(key, responseKey);
    return key;
  }
}

/** Equal for arguments that GraphQL calls equal: neither their order nor that of input fields counts. */
function argumentsText(node: FieldNode): string {
  const texts = (node.arguments ?? []).map((argument) => `${argument.name.value}:${valueText(argument.value)}`);
  return `(${texts.toSorted().join()})`;
}

function valueText(value: ValueNode): string {
  if (value.kind === Kind.LIST) return `[${value.values.map(valueText).join()}]`;
  if (value.kind !== Kind.OBJECT) return print(value);
  const texts = value.fields.map((field) => `${field.name.value}:${valueText(field.value)}`);
  return `{${texts.toSorted().join()}}`;
}

const prefixes = new WeakMap<GraphQLSchema, string>();

function unusedPrefix(schema: GraphQLSchema): string {
  const known = prefixes.get(schema);
  if (known !== undefined) return known;
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
  );
  let prefix = "_c";
  while (names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  prefixes.set(schema, prefix);
  return prefix;
}
