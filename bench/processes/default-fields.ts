import {
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

/** Lets every field of a schema that has no resolver answer something of its type. */
export function defaultFieldsOf(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve ??= (source) => source?.[field.name] ?? somethingOf(field.type);
    }
  }
  return schema;
}

function somethingOf(type: GraphQLOutputType): unknown {
  if (isNonNullType(type)) return somethingOf(type.ofType);
  if (isListType(type)) return [somethingOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.value;
  return isObjectType(type) ? {} : "1";
}
