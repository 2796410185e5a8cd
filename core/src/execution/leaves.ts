import { type GraphQLLeafType, isEnumType } from "graphql";

/** The value to answer for what a service sent, or `refused`. */
export type ReadLeaf = (value: unknown) => unknown;

/** Told apart from every value that JSON has. */
export const refused: unique symbol = Symbol("refused");

/**
 * Checks what a service sends for a scalar or an enum. graphql-js would check what a resolver
 * returns; here the resolver is somebody else's process, and no client code is ready for a list
 * where the schema promises a string.
 */
export function leafReader(type: GraphQLLeafType): ReadLeaf {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => (typeof value === "string" && names.has(value) ? value : refused);
  }
  return builtIn[type.name] ?? customScalar;
}

const builtIn: Readonly<Record<string, ReadLeaf>> = {
  Int: (value) =>
    typeof value === "number" && Number.isInteger(value) && Math.abs(value + 0.5) <= 2_147_483_647.5 ? value : refused,
  Float: (value) => (typeof value === "number" && Number.isFinite(value) ? value : refused),
  String: (value) => (typeof value === "string" ? value : refused),
  Boolean: (value) => (typeof value === "boolean" ? value : refused),
  // Many servers write numeric ids as numbers; the specification lets the executor write them as strings.
  ID: (value) => {
    if (typeof value === "string") return value;
    return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : refused;
  },
};

/** Deeper JSON than this could overflow the stack of whoever writes or reads it. */
const maxDepth = 64;

function customScalar(value: unknown): unknown {
  return isShallow(value, maxDepth) ? value : refused;
}

function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return left > 0 && Object.values(value).every((item) => isShallow(item, left - 1));
}

/** About how many characters a leaf takes in the answer's text. */
export function charsOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  return Object.entries(value).reduce((sum, [key, item]) => sum + key.length + 4 + charsOf(item), 2);
}
