import { type GraphQLSchema, isAbstractType } from "graphql";

/**
 * The runtime types that a type condition of a plan holds for: the types named, and what they are
 * made of where abstract. A name stays in by itself: with `@interfaceObject` a service answers the
 * interface's own name.
 */
export function typeNames(schema: GraphQLSchema, names: readonly string[]): ReadonlySet<string> {
  const all = new Set(names);
  for (const name of names) {
    const type = schema.getType(name);
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) all.add(possible.name);
  }
  return all;
}
