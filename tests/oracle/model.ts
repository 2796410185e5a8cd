/** A federated graph as data: what each subgraph declares, and what the one plain schema is. */
export type Model = { readonly subgraphs: readonly string[]; readonly types: readonly TypeModel[] };

type PerSubgraph<Value> = Readonly<Record<string, Value>>;

export type TypeModel = ObjectModel | UnionModel | TextModel;

/** An object type or an interface. `in` holds its directives for each subgraph that declares it. */
export type ObjectModel = {
  readonly kind: "object" | "interface";
  readonly name: string;
  readonly in: PerSubgraph<string>;
  /** Which interfaces it implements in which subgraph. */
  readonly interfaces: PerSubgraph<readonly string[]>;
  readonly fields: readonly FieldModel[];
  /** Of entities: the selections of their keys. */
  readonly keys?: readonly string[];
  /** The entity interface that it implements: its subgraphs' fields are this type's too. */
  readonly of?: string;
  /** Of an entity interface: the only subgraph that knows its types. */
  readonly home?: string;
};

export type UnionModel = { readonly kind: "union"; readonly name: string; readonly in: PerSubgraph<readonly string[]> };

/** Enums, scalars and inputs: the same text everywhere. `plain` is it without what is inaccessible. */
export type TextModel = { readonly kind: "text"; readonly name: string; readonly text: string; readonly plain: string };

export type FieldModel = {
  readonly name: string;
  readonly type: string;
  readonly args: readonly string[];
  /** Its directives for each subgraph that declares it. */
  readonly in: PerSubgraph<string>;
  /** The object types that its abstract type may stand for: those that all its subgraphs know. */
  readonly possible?: readonly string[];
  readonly requires?: string;
  readonly isInaccessible?: true;
  /** Keys identify: they are never null and never fail. */
  readonly isKey?: true;
  /** What others require must not fail where it takes its parent along (docs/oracle.md, "Not generated"). */
  readonly isSteady?: true;
};

const imports = [
  "@key",
  "@shareable",
  "@requires",
  "@provides",
  "@external",
  "@override",
  "@tag",
  "@inaccessible",
  "@interfaceObject",
]
  .map((name) => JSON.stringify(name))
  .join(", ");

export const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${imports}])`;

/** The SDL of one subgraph, federation directives included, without the `@link`. */
export function subgraphSdl(model: Model, subgraph: string): string {
  return lines(
    model.types.map((type) => {
      switch (type.kind) {
        case "text":
          return type.text;
        case "union": {
          const members = type.in[subgraph];
          return members && `union ${type.name} = ${members.join(" | ")}`;
        }
        case "object":
        case "interface":
          return objectSdl(model, type, subgraph);
      }
    }),
  );
}

function objectSdl(model: Model, type: ObjectModel, subgraph: string): string | undefined {
  const directives = type.in[subgraph];
  const fields = fieldsOf(model, type).filter((field) => field.in[subgraph] !== undefined);
  if (directives === undefined || fields.length === 0) return undefined;
  const keyword = type.kind === "interface" && !directives.includes("@interfaceObject") ? "interface" : "type";
  const texts = fields.map((field) => `  ${fieldSdl(field)} ${field.in[subgraph] ?? ""}`.trimEnd());
  const head = `${keyword} ${type.name}${implementing(type.interfaces[subgraph] ?? [])} ${directives}`.trimEnd();
  return `${head} {\n${texts.join("\n")}\n}`;
}

/** The one schema without federation: what clients are to see, or all that there is. */
export function plainSdl(
  model: Model,
  of: "what clients see" | "with what is inaccessible" = "what clients see",
): string {
  return lines(
    model.types.map((type) => {
      switch (type.kind) {
        case "text":
          return of === "what clients see" ? type.plain : type.text.replace(" @inaccessible", "");
        case "union": {
          const members = new Set(Object.values(type.in).flat());
          return members.size > 0 ? `union ${type.name} = ${[...members].join(" | ")}` : undefined;
        }
        case "object":
        case "interface": {
          const fields = fieldsOf(model, type).filter(
            ({ isInaccessible }) => isInaccessible !== true || of !== "what clients see",
          );
          const keyword = type.kind === "object" ? "type" : "interface";
          const interfaces = [...new Set(Object.values(type.interfaces).flat())];
          if (fields.length === 0) return undefined;
          return `${keyword} ${type.name}${implementing(interfaces)} {\n${fields.map((field) => `  ${fieldSdl(field)}`).join("\n")}\n}`;
        }
      }
    }),
  );
}

/** All fields of a type, those that it has from its entity interface included. */
export function fieldsOf(model: Model, type: ObjectModel): readonly FieldModel[] {
  const owner = objectsOf(model).find(({ name }) => name === type.of);
  const inherited = owner?.fields.filter(({ name }) => type.fields.every((field) => field.name !== name)) ?? [];
  return [...type.fields, ...inherited].filter((field) => Object.keys(field.in).length > 0);
}

export function objectsOf({ types }: Model): readonly ObjectModel[] {
  let objects = objectsOfTypes.get(types);
  if (objects === undefined) {
    objects = types.flatMap((type) => (type.kind === "object" || type.kind === "interface" ? [type] : []));
    objectsOfTypes.set(types, objects);
  }
  return objects;
}

const objectsOfTypes = new WeakMap<Model["types"], readonly ObjectModel[]>();

/** `[E0!]!` -> `E0`. */
export function baseOf(type: string): string {
  return type.replace(/[[\]!]/g, "");
}

function fieldSdl({ name, args, type }: FieldModel): string {
  return `${name}${args.length > 0 ? `(${args.join(", ")})` : ""}: ${type}`;
}

function implementing(interfaces: readonly string[]): string {
  return interfaces.length > 0 ? ` implements ${interfaces.join(" & ")}` : "";
}

function lines(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n");
}
