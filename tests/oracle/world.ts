import { baseOf, type FieldModel, fieldsOf, type Model, type ObjectModel, objectsOf } from "./model.ts";
import type { Outage } from "./outage.ts";
import { Random } from "./random.ts";

/** One object of the data. Its `uid` and the model's seed decide all of its fields. */
export type Row = {
  readonly __typename: string;
  readonly uid: string;
  /** What came with a representation: the values that `@requires` asks for. */
  readonly given?: Readonly<Record<string, unknown>>;
};

type Args = Readonly<Record<string, unknown>>;

export type Fault = "thrown" | "null for non-null" | "wrong kind" | "unknown enum value" | "no list";

/**
 * The data behind a model, and the resolvers that the plain schema and all subgraphs share. A value is a function of
 * the object, the field and the arguments; nothing else, so it does not matter who asks, how often and in which order.
 */
export class World {
  /** Counts mutations, so that their order shows. */
  #mutations = 0;
  #outage: Outage | undefined;
  readonly #seed: string;
  readonly #fields = new Map<string, FieldModel>();
  readonly #types: ReadonlyMap<string, ObjectModel>;
  /** Told of every fault that it makes. */
  readonly #onFault: (fault: Fault) => void;

  constructor(model: Model, seed: string, onFault: (fault: Fault) => void = () => undefined) {
    this.#seed = seed;
    this.#onFault = onFault;
    this.#types = new Map(objectsOf(model).map((type) => [type.name, type]));
    for (const type of this.#types.values())
      for (const field of fieldsOf(model, type)) this.#fields.set(`${type.name}.${field.name}`, field);
  }

  /** Before each operation: what it counts begins anew, and a service may be down during it. */
  reset(outage?: Outage): void {
    this.#mutations = 0;
    this.#outage = outage;
  }

  failIfDown(typeName: string, fieldName: string): void {
    if (this.#outage?.takes(typeName, fieldName) === true) throw new Error(this.#outage.message);
  }

  /** The field's value for graphql-js. Throws where the field fails. */
  resolve(typeName: string, fieldName: string, parent: unknown, args: Args): unknown {
    const field = this.#fields.get(`${typeName}.${fieldName}`);
    if (field === undefined) throw new Error(`the model has no ${typeName}.${fieldName}`);
    this.failIfDown(typeName, fieldName);
    if (typeName === "Mutation" && baseOf(field.type) === "Int" && !field.type.startsWith("["))
      return ++this.#mutations;
    const uid = isRow(parent) ? parent.uid : typeName;
    if (field.isKey) return keyValue(field, uid);
    const at = `${uid}.${fieldName}${args && Object.keys(args).length > 0 ? canonical(args) : ""}`;
    const random = new Random(`${this.#seed} ${at}`);
    const mayFail = !(field.isSteady && field.type.includes("!"));
    if (mayFail && random.chance(0.04)) {
      this.#onFault("thrown");
      throw new Error(`${at} broke`);
    }
    return this.#value(field, field.type, random, at, mayFail);
  }

  /** The entity that a representation stands for; null when it names none. */
  entity(representation: Readonly<Record<string, unknown>>): Row | null {
    const name = String(representation["__typename"]);
    const id = uidOf(representation);
    if (id === undefined) return null;
    return { __typename: name, uid: id, given: representation };
  }

  #value(field: FieldModel, type: string, random: Random, at: string, mayFail: boolean): unknown {
    if (type.endsWith("!")) {
      if (mayFail && random.chance(0.03)) return this.#faulty("null for non-null", null);
      return this.#present(field, type.slice(0, -1), random, at, mayFail);
    }
    return random.chance(0.12) ? null : this.#present(field, type, random, at, mayFail);
  }

  #present(field: FieldModel, type: string, random: Random, at: string, mayFail: boolean): unknown {
    if (type.startsWith("[")) {
      if (mayFail && random.chance(0.02)) return this.#faulty("no list", 5);
      return Array.from({ length: random.below(4) }, (_, index) =>
        this.#value(field, type.slice(1, -1), random, `${at}.${index}`, mayFail),
      );
    }
    const leaf = leaves[type];
    if (leaf !== undefined) {
      if (mayFail && type !== "Json" && random.chance(0.06))
        return this.#faulty(type === "Color" ? "unknown enum value" : "wrong kind", wrong[type]);
      return leaf(random, at);
    }
    const name = field.possible && field.possible.length > 0 ? random.pick(field.possible) : type;
    const target = this.#types.get(name);
    if (target?.keys === undefined) return { __typename: name, uid: at };
    return { __typename: name, uid: `${target.of ?? name}#${entityNumber(name, random)}` };
  }

  #faulty<Value>(fault: Fault, value: Value): Value {
    this.#onFault(fault);
    return value;
  }
}

export function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "uid" in value;
}

/** Three entities of each type. The types of an entity interface share its numbers: M0 has 1, 11, 21, M1 has 2, ... */
function entityNumber(name: string, random: Random): number {
  const member = /^M(\d)$/.exec(name)?.[1];
  return member === undefined ? random.below(3) : random.below(3) * 10 + Number(member);
}

/** The type of an entity interface's object, by its number. */
export function memberOf(uid: string): string {
  return `M${Number(uid.split("#")[1]) % 10}`;
}

function keyValue({ name, type }: FieldModel, uid: string): unknown {
  const number = Number(uid.split("#")[1]?.split(".")[0]);
  if (name === "region") return number + 100;
  if (name === "id" || name === "sku" || name === "oid") return `${name}:${uid.split(".")[0]}`;
  return { __typename: baseOf(type), uid: `${uid}.org` };
}

function uidOf({ id, sku, org }: Readonly<Record<string, unknown>>): string | undefined {
  const oid = typeof org === "object" && org !== null && "oid" in org ? org.oid : undefined;
  const key = [id, sku, oid].find((value) => typeof value === "string");
  return typeof key === "string" ? key.slice(key.indexOf(":") + 1) : undefined;
}

const leaves: Readonly<Record<string, (random: Random, at: string) => unknown>> = {
  Int: (random) => random.pick([0, 1, -1, 42, 2_147_483_647, -2_147_483_648]),
  Float: (random) => random.pick([0, 0.5, -1.25, 1e21, 3]),
  String: (random, at) => random.pick([at, "", 'ü \u{1f600} " \\ \n', "null"]),
  Boolean: (random) => random.chance(0.5),
  ID: (random, at) => random.pick([at, "1", "9007199254740993"]),
  Color: (random) => random.pick(["RED", "GREEN", "BLUE"]),
  Json: (random, at) =>
    random.pick<unknown>([1, "x", [1, [2, null]], { a: { b: [at] }, __typename: "Nope" }, true, {}]),
};

const wrong: Readonly<Record<string, unknown>> = {
  Int: "many",
  Float: "much",
  String: { an: "object" },
  Boolean: "no",
  ID: { an: "object" },
  Color: "NOPE",
};

/** JSON text with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
