import { z } from "zod";
import { nodeConfigSchema } from "./schema.ts";

/** What the schema says of one place in the configuration, in the form that the sources need. */
export type Shape = ObjectShape | ListShape | ScalarShape;

export type ObjectShape = About & { readonly kind: "object"; readonly keys: ReadonlyMap<string, Shape> };

/** A list whose items are addressed by their `name`, so that sources can be merged item by item. */
export type ListShape = About & { readonly kind: "list"; readonly item: ObjectShape };

export type ScalarShape = About & {
  readonly kind: "scalar";
  readonly type: "text" | "boolean";
  /** The allowed words when there are few. */
  readonly words: readonly string[];
  /** What its value is called where one is asked for: `host:port`, `duration`. */
  readonly title: string;
  /** In the form of a file; undefined when there is none. */
  readonly default: string | boolean | undefined;
  readonly examples: readonly string[];
  /** Whether a file may write its value as a number, too; it is read as the text of it. */
  readonly numbers: boolean;
  readonly schema: z.ZodType;
};

type About = {
  /** `services[].schema.from`: items of lists are written as `[]`. Empty for the whole. */
  readonly key: string;
  readonly description: string;
  /** Whether what contains it cannot do without it. */
  readonly required: boolean;
};

/** The whole configuration. */
export const configShape: ObjectShape = objectShape(nodeConfigSchema, { key: "", description: "", required: true });

/** Every scalar beneath a shape, in the order of the schema. */
export function scalarsOf(shape: Shape): readonly ScalarShape[] {
  switch (shape.kind) {
    case "scalar":
      return [shape];
    case "list":
      return scalarsOf(shape.item);
    case "object":
      return [...shape.keys.values()].flatMap(scalarsOf);
  }
}

function objectShape(schema: z.ZodObject, about: About): ObjectShape {
  const keys = Object.entries(schema.shape).map(
    ([name, inner]) => [name, shapeOf(inner, about.key === "" ? name : `${about.key}.${name}`)] as const,
  );
  return { ...about, kind: "object", keys: new Map(keys) };
}

function shapeOf(schema: z.core.$ZodType, key: string): Shape {
  const { core, fallback, optional } = unwrap(schema);
  const meta = z.globalRegistry.get(schema) ?? {};
  const about = { key, description: meta.description ?? "", required: !optional && fallback === undefined };
  if (core instanceof z.ZodObject) return objectShape(core, about);
  if (core instanceof z.ZodArray && core.element instanceof z.ZodObject) {
    return { ...about, kind: "list", item: objectShape(core.element, { ...about, key: `${key}[]` }) };
  }
  if (!(core instanceof z.ZodType)) throw new TypeError(`the schema of ${key} is of no known kind`);
  const words = core instanceof z.ZodEnum ? core.options.map(String) : [];
  return {
    ...about,
    kind: "scalar",
    type: core instanceof z.ZodBoolean ? "boolean" : "text",
    words,
    title: meta.title ?? words.join("|"),
    default: typeof fallback === "string" || typeof fallback === "boolean" ? fallback : undefined,
    examples: z.array(z.string()).catch([]).parse(meta["examples"]),
    numbers: core.safeParse(1).success,
    schema: core,
  };
}

type Unwrapped = { readonly core: z.core.$ZodType; readonly fallback: unknown; readonly optional: boolean };

function unwrap(schema: z.core.$ZodType): Unwrapped {
  if (schema instanceof z.ZodOptional) return { ...unwrap(schema.unwrap()), optional: true };
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return { ...unwrap(schema.unwrap()), fallback: schema.def.defaultValue };
  }
  return { core: schema, fallback: undefined, optional: false };
}
