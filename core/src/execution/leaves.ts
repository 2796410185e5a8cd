import { type GraphQLLeafType, isEnumType } from "graphql";
import { LongNumber } from "./long-number.ts";

/** The JSON text to answer for what a service sent, or `refused`. */
export type WriteLeaf = (value: unknown) => string | typeof refused;

/** Told apart from every value that JSON has. */
export const refused: unique symbol = Symbol("refused");

/**
 * Checks what a service sends for a scalar or an enum. graphql-js would check what a resolver
 * returns; here the resolver is somebody else's process, and no client code is ready for a list
 * where the schema promises a string.
 */
export function leafWriter(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, `"${name}"`]));
    return (value) => texts.get(value) ?? refused;
  }
  return builtIn[type.name] ?? customScalar;
}

const builtIn: Readonly<Record<string, WriteLeaf>> = {
  Int: (value) => {
    const number = double(value);
    return typeof number === "number" && Number.isInteger(number) && Math.abs(number + 0.5) <= 2_147_483_647.5
      ? numberText(number)
      : refused;
  },
  // A double by specification, however many digits it is written with.
  Float: (value) => {
    const number = double(value);
    return typeof number === "number" && Number.isFinite(number) ? numberText(number) : refused;
  },
  String: (value) => (typeof value === "string" ? stringText(value) : refused),
  Boolean: (value) => (typeof value === "boolean" ? String(value) : refused),
  // Many servers write numeric ids as numbers; the specification lets the executor write them as strings.
  ID: (value) => {
    if (typeof value === "string") return stringText(value);
    if (typeof value === "number" && Number.isSafeInteger(value)) return `"${value}"`;
    return value instanceof LongNumber && value.isInteger ? `"${value.source}"` : refused;
  },
};

function double(value: unknown): unknown {
  return value instanceof LongNumber ? Number(value.source) : value;
}

/** JSON has no -0, as JSON.stringify has it; `String` agrees. */
function numberText(value: number): string {
  return String(value);
}

/** Up to here looking at each character takes less time than a call of JSON.stringify. */
const shortChars = 40;

/** A string as JSON, the well-formed way of JSON.stringify. */
function stringText(value: string): string {
  if (value.length > shortChars) return JSON.stringify(value);
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    const isPlain = code >= 0x20 && code !== 0x22 && code !== 0x5c && (code < 0xd800 || code > 0xdfff);
    if (!isPlain) return JSON.stringify(value);
  }
  return `"${value}"`;
}

/** Deeper JSON than this could overflow the stack of whoever writes or reads it. */
const maxDepth = 64;

const customScalar: WriteLeaf = (value) => (isWritable(value, maxDepth) ? JSON.stringify(value) : refused);

/** Not too deep, and without what JSON has no word for: `1e999` is infinite once it is parsed, and would be written as null. */
function isWritable(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "number" || Number.isFinite(value);
  return left > 0 && Object.values(value).every((item) => isWritable(item, left - 1));
}
