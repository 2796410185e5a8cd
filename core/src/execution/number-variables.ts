import {
  getNullableType,
  GraphQLID,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isSpecifiedScalarType,
  isScalarType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";
import { isJsonObject, type JsonObject } from "./failure.ts";
import { LongNumber } from "./long-number.ts";

/**
 * Makes each long number that a client sent what its type reads: an ID its digits, any other built-in scalar a double, as
 * if it had been parsed without keeping digits. Custom scalars get it as it is. What holds none is not copied.
 */
export function readLongNumbers(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<JsonObject>,
): Readonly<JsonObject> {
  const read = variableDefinitions.flatMap(({ variable, type: node }) => {
    const { value: name } = variable.name;
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof given !== "object" || given === null) return [];
    const type = typeFromAST(schema, node);
    return isInputType(type) ? changed(name, given, readAs(type, given)) : [];
  });
  return read.length === 0 ? variables : { ...variables, ...Object.fromEntries(read) };
}

function changed(key: string, given: unknown, read: unknown): readonly (readonly [string, unknown])[] {
  return read === given ? [] : [[key, read]];
}

function readAs(type: GraphQLInputType, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return readList(nullable.ofType, value);
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields();
    if (isJsonObject(value))
      return readObject((key) => (Object.hasOwn(fields, key) ? fields[key]?.type : undefined), value);
  } else if (isScalarType(nullable) && !isSpecifiedScalarType(nullable)) return value;
  if (!(value instanceof LongNumber)) return value;
  return nullable === GraphQLID && value.isInteger ? value.source : Number(value.source);
}

/** GraphQL takes one item for a list of it (3.11). */
function readList(item: GraphQLInputType, value: object): unknown {
  if (!Array.isArray(value)) return readAs(item, value);
  const read = value.map((each: unknown) => readAs(item, each));
  return read.every((each, index) => each === value[index]) ? value : read;
}

function readObject(typeOf: (key: string) => GraphQLInputType | undefined, value: JsonObject): JsonObject {
  const read = Object.entries(value).flatMap(([key, given]) => {
    const type = typeOf(key);
    return type === undefined ? [] : changed(key, given, readAs(type, given));
  });
  return read.length === 0 ? value : { ...value, ...Object.fromEntries(read) };
}
