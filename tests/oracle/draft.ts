import { baseOf, type FieldModel, type Model, type ObjectModel, type TextModel, type UnionModel } from "./model.ts";
import type { Random } from "./random.ts";

type Changing<Value> = { -readonly [Key in keyof Value]: Value[Key] };
export type DraftObject = Omit<Changing<ObjectModel>, "in" | "interfaces" | "fields" | "keys"> & {
  in: Record<string, string>;
  interfaces: Record<string, string[]>;
  fields: DraftField[];
  keys?: readonly string[];
};
export type DraftField = Omit<Changing<FieldModel>, "in"> & { in: Record<string, string> };

const leaves = ["Int", "Float", "String", "Boolean", "ID", "Color", "Json"];
const names = ["name", "size", "kind", "price", "owner", "link", "title", "code", "x", "y"];
const argumentTypes = ["Int", "String", "Boolean", "ID", "Color", "Filter", "[Int!]", "[[ID]]", "Json", "[Filter!]"];
const defaults: Readonly<Record<string, string>> = {
  Int: "7",
  String: `"d"`,
  Boolean: "true",
  Color: "GREEN",
  Filter: `{ text: "t", n: 5 }`,
  "[Int!]": "[1, 2]",
};

/** A model in the making: what it adds is declared wherever it has to be. */
export class Draft {
  readonly random: Random;
  readonly subgraphs: readonly string[];
  readonly #texts: TextModel[] = [];
  readonly #objects: DraftObject[] = [];
  readonly #unions: UnionModel[] = [];

  constructor(random: Random, subgraphs: readonly string[]) {
    this.random = random;
    this.subgraphs = subgraphs;
  }

  model(): Model {
    return { subgraphs: this.subgraphs, types: [...this.#texts, ...this.#unions, ...this.#objects] };
  }

  text(name: string, text: string, plain = text): void {
    this.#texts.push({ kind: "text", name, text, plain });
  }

  union(name: string, members: Readonly<Record<string, readonly string[]>>): void {
    if (Object.keys(members).length > 0) this.#unions.push({ kind: "union", name, in: members });
  }

  object(
    name: string,
    places: readonly string[],
    directives: (place: string) => string,
    kind: ObjectModel["kind"] = "object",
  ): DraftObject {
    const type: DraftObject = {
      kind,
      name,
      in: Object.fromEntries(places.map((place) => [place, directives(place)])),
      interfaces: {},
      fields: [],
    };
    this.#objects.push(type);
    return type;
  }

  /** The entities and value types that a subgraph declares as object types. */
  objectsIn(place: string): readonly DraftObject[] {
    return this.#objects.filter(
      ({ kind, name, in: declared }) => kind === "object" && /^[EVM]\d/.test(name) && declared[place] !== undefined,
    );
  }

  add(type: DraftObject, field: DraftField): DraftField {
    type.fields.push(field);
    return field;
  }

  /** A field of a random type that all the given subgraphs know. */
  field(
    type: DraftObject,
    places: readonly string[],
    { composite = false, args = true }: { readonly composite?: boolean; readonly args?: boolean } = {},
  ): DraftField {
    const { random } = this;
    const composites = this.#compositesIn(places);
    const base =
      composites.length > 0 && random.chance(composite ? 0.85 : 0.4) ? random.pick(composites) : random.pick(leaves);
    const shareable = places.length > 1 && type.in[places[0] ?? ""] !== "@shareable" ? "@shareable" : "";
    return this.add(type, {
      name: this.#freeName(type),
      type: random.pick(["T", "T", "T", "T!", "[T]", "[T!]!", "[T!]", "[[T]]", "[[T!]!]"]).replace("T", base),
      args: args && random.chance(0.3) ? this.args() : [],
      in: Object.fromEntries(places.map((place) => [place, shareable])),
      possible: this.#possible(base, places),
    });
  }

  leafType(): { readonly type: string; readonly args: readonly string[] } {
    const type = this.random.pick(["T", "T!", "[T]"]).replace("T", this.random.pick(leaves));
    return { type, args: this.random.chance(0.3) ? this.args() : [] };
  }

  args(): readonly string[] {
    return ["p", "q"].slice(0, 1 + this.random.below(2)).map((name) => {
      const type = this.random.pick(argumentTypes);
      const byDefault = defaults[type];
      if (byDefault !== undefined && this.random.chance(0.4))
        return `${name}: ${type}${this.random.chance(0.5) ? "!" : ""} = ${byDefault}`;
      return `${name}: ${type}${this.random.chance(0.3) ? "!" : ""}`;
    });
  }

  /** Those that a subgraph can give fields to: a stub can only be pointed at. */
  resolvableIn(place: string): readonly DraftObject[] {
    return this.objectsIn(place).filter((type) => type.in[place]?.includes("resolvable: false") !== true);
  }

  implement(type: DraftObject, name: string, place: string): void {
    (type.interfaces[place] ??= []).push(name);
  }

  /** Declares an interface's field in one more subgraph of a type; value types are the same everywhere. */
  share(type: DraftObject, common: Omit<DraftField, "in">, place: string): void {
    const field = type.fields.find(({ name }) => name === common.name) ?? this.add(type, { ...common, in: {} });
    const isValue = type.keys === undefined;
    for (const each of isValue ? Object.keys(type.in) : [place])
      field.in[each] = type.in[each] === "@shareable" ? "" : "@shareable";
  }

  /** The object types that a type may be in all the given subgraphs. Undefined for what is not abstract. */
  #possible(base: string, places: readonly string[]): readonly string[] {
    const union = this.#unions.find(({ name }) => name === base);
    const type = this.#objects.find(({ name }) => name === base);
    if (union) return intersection(places.map((place) => union.in[place] ?? []));
    if (type?.kind !== "interface") return [];
    if (type.home !== undefined) return this.#objects.filter(({ of }) => of === base).map(({ name }) => name);
    return intersection(
      places.map((place) =>
        this.#objects.filter(({ interfaces }) => interfaces[place]?.includes(base)).map(({ name }) => name),
      ),
    );
  }

  #compositesIn(places: readonly string[]): readonly string[] {
    const isIn = (declared: Readonly<Record<string, unknown>>) =>
      places.every((place) => declared[place] !== undefined);
    const objects = this.#objects.filter(
      ({ kind, name, in: declared }) =>
        isIn(declared) &&
        /^(?:[EVMI]\d|M$)/.test(name) &&
        (kind === "object" || this.#possible(name, places).length > 0),
    );
    const unions = this.#unions.filter(
      ({ name, in: declared }) => isIn(declared) && this.#possible(name, places).length > 0,
    );
    return [...objects, ...unions].map(({ name }) => name);
  }

  #freeName(type: DraftObject): string {
    const name = this.random.pick(names);
    const taken = (candidate: string) =>
      this.#objects.some(
        (other) =>
          (other === type || other.of === type.name || other.name === type.of) &&
          other.fields.some((field) => field.name === candidate),
      );
    if (!taken(name)) return name;
    for (let count = 2; ; count++) if (!taken(`${name}${count}`)) return `${name}${count}`;
  }

  entities(): readonly DraftObject[] {
    return this.#objects.filter(({ name }) => /^E\d/.test(name));
  }

  /** The interfaces and unions that all the given subgraphs know, with the types that they are in all of them. */
  abstractIn(places: readonly string[]): readonly { readonly name: string; readonly possible: readonly string[] }[] {
    const names = [...this.#unions, ...this.#objects.filter(({ name }) => /^I\d/.test(name))]
      .filter(({ in: declared }) => places.every((place) => declared[place] !== undefined))
      .map(({ name }) => name);
    return names.flatMap((name) => {
      const possible = this.#possible(name, places);
      return possible.length > 0 ? [{ name, possible }] : [];
    });
  }

  named(name: string): DraftObject | undefined {
    return this.#objects.find((type) => type.name === name);
  }

  typeOf(field: DraftField): DraftObject | undefined {
    return this.#objects.find(({ name }) => name === baseOf(field.type));
  }
}

function intersection(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = lists;
  return first.filter((item) => rest.every((list) => list.includes(item)));
}
