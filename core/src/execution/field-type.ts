import { type FieldNode, getNamedType, type GraphQLNamedType, isInterfaceType, isObjectType } from "graphql";

/** What a field of a type leads to, lists and non-null taken off. Undefined for `__typename`. */
export function fieldType(node: FieldNode, parent: GraphQLNamedType | undefined): GraphQLNamedType | undefined {
  const type = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value]?.type : undefined;
  return type && getNamedType(type);
}
