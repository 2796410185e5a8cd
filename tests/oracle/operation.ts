import {
  type DocumentNode,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
} from "graphql";
import type { CameBy, IsHazard } from "./hazards.ts";
import type { Random } from "./random.ts";

export type OperationCase = {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** A service that answers nothing meanwhile. */
  readonly down?: string | undefined;
};

/** A random valid operation. Those that graphql-js does not validate are thrown away, and the next is tried. */
export function generateOperation(schema: GraphQLSchema, random: Random, isHazard: IsHazard): OperationCase {
  for (let size = 4; ; size = Math.max(1, size - 0.1)) {
    const writer = new Writer(schema, random, size, isHazard);
    const made = writer.operation();
    if (validate(schema, asDocument(made.query)).length === 0) return made;
  }
}

function asDocument(query: string): DocumentNode {
  return parse(query);
}

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #size: number;
  readonly #isHazard: IsHazard;
  readonly #fragments: string[] = [];
  readonly #variables = new Map<string, { readonly definition: string; readonly value: unknown }>();
  readonly #aliases: readonly string[];
  #left = 60;

  constructor(schema: GraphQLSchema, random: Random, size: number, isHazard: IsHazard) {
    this.#isHazard = isHazard;
    this.#schema = schema;
    this.#random = random;
    this.#size = size;
    const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith("__") ? Object.keys(type.getFields()) : [],
    );
    // What collides with fields and keys of the plan, and with what JavaScript's objects have.
    this.#aliases = [...new Set([...fields, "id", "sku", "org", "a", "b", "__proto__", "constructor", "toString"])];
  }

  operation(): OperationCase {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation !== undefined && mutation !== null && this.#random.chance(0.2);
    const root = isMutation ? mutation : this.#schema.getQueryType();
    if (!root) throw new Error("a schema has a Query type");
    const body = this.#selection(root, 5, undefined, !isMutation && this.#random.chance(0.06));
    const definitions = [...this.#variables.values()].map(({ definition }) => definition);
    const head = `${isMutation ? "mutation" : "query"}${definitions.length > 0 ? ` (${definitions.join(", ")})` : ""}`;
    const given = [...this.#variables].filter(([, { value }]) => value !== undefined);
    return {
      query: [`${head} ${body}`, ...this.#fragments].join("\n"),
      variables: Object.fromEntries(given.map(([name, { value }]) => [name, value])),
    };
  }

  #selection(type: GraphQLNamedType, depth: number, by: CameBy | undefined, introspects = false): string {
    const random = this.#random;
    const selections: string[] = introspects ? [this.#introspection()] : [];
    for (let count = 1 + random.below(this.#size); count > 0 && this.#left > 0; count--) {
      this.#left -= 1;
      if (random.chance(0.08)) selections.push(`${this.#alias(0.3)}__typename${this.#conditions()}`);
      else if (depth > 0 && (random.chance(0.12) || (isAbstractType(type) && random.chance(0.65))))
        selections.push(this.#fragment(type, depth, by));
      else if (isObjectType(type) || isInterfaceType(type))
        selections.push(this.#field(type, depth, by) ?? "__typename");
    }
    return `{ ${selections.length > 0 ? selections.join(" ") : "__typename"} }`;
  }

  #field(type: GraphQLObjectType | GraphQLInterfaceType, depth: number, by: CameBy | undefined): string | undefined {
    const random = this.#random;
    const fields = Object.values(type.getFields());
    const possible = fields.filter(
      (field) =>
        (depth > 0 || isLeafType(getNamedType(field.type))) &&
        (!this.#isHazard(type.name, field.name, by) || random.chance(0.02)),
    );
    const deeper = possible.filter((field) => !isLeafType(getNamedType(field.type)));
    if (possible.length === 0) return undefined;
    const field = random.pick(deeper.length > 0 && random.chance(0.5) ? deeper : possible);
    const named = getNamedType(field.type);
    const args = field.args.flatMap((argument) => this.#argument(argument) ?? []);
    const text = `${this.#alias(0.25)}${field.name}${args.length > 0 ? `(${args.join(", ")})` : ""}${this.#conditions()}`;
    if (isLeafType(named)) return text;
    return `${text} ${this.#selection(named, depth - 1, { owner: type.name, field: field.name, type: named.name })}`;
  }

  #fragment(type: GraphQLNamedType, depth: number, by: CameBy | undefined): string {
    const random = this.#random;
    const around = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
    const inside = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    const related = isAbstractType(type)
      ? Object.values(this.#schema.getTypeMap()).filter(
          (other) =>
            isAbstractType(other) && this.#schema.getPossibleTypes(other).some((each) => inside.includes(each)),
        )
      : Object.values(this.#schema.getTypeMap()).filter(
          (other) => isAbstractType(other) && isObjectType(type) && this.#schema.isSubType(other, type),
        );
    const on = random.pick([type, ...around, ...inside, ...inside, ...related]);
    const body = this.#selection(on, depth - 1, by);
    const conditions = this.#conditions();
    if (random.chance(0.3)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${on.name} ${body}`);
      return `...${name}${conditions}${random.chance(0.2) ? ` ...${name}` : ""}`;
    }
    return `...${on === type && random.chance(0.5) ? "" : ` on ${on.name}`}${conditions} ${body}`;
  }

  #introspection(): string {
    const name = this.#random.pick(Object.keys(this.#schema.getTypeMap()));
    return this.#random.pick([
      "introspected: __schema { queryType { name } mutationType { name } types { name kind } }",
      `introspected: __type(name: "${name}") { name kind fields { name args { name defaultValue } type { name kind } } possibleTypes { name } enumValues { name } inputFields { name } }`,
      `introspected: __type(name: ${this.#variable("String!", name)}) { __typename name }`,
      `introspected: __type(name: "Nope") { name }`,
    ]);
  }

  #alias(probability: number): string {
    return this.#random.chance(probability) ? `${this.#random.pick(this.#aliases)}: ` : "";
  }

  #conditions(): string {
    const random = this.#random;
    if (!random.chance(0.14)) return "";
    const directives = random.some(["skip", "include"], 0.5, 1);
    return directives
      .map((name) => {
        const value = name === "include" ? random.chance(0.7) : random.chance(0.3);
        return ` @${name}(if: ${random.chance(0.3) ? String(value) : this.#variable("Boolean!", value)})`;
      })
      .join("");
  }

  #argument(argument: GraphQLArgument): string | undefined {
    const isOptional = !isNonNullType(argument.type) || argument.defaultValue !== undefined;
    if (isOptional && this.#random.chance(0.4)) return undefined;
    if (this.#random.chance(0.4)) {
      return `${argument.name}: ${this.#variable(String(argument.type), this.#json(argument.type, 3))}`;
    }
    return `${argument.name}: ${this.#literal(argument.type, 3)}`;
  }

  /** `$name`, defined at most once for each type: with a default or without, given or not. */
  #variable(type: string, value: unknown): string {
    const random = this.#random;
    const name = `${type.replace(/\W/g, "")}${type.length}${random.below(3)}${type === "Boolean!" && value === true ? "t" : ""}`;
    if (!this.#variables.has(name)) {
      const nullable = type.replace(/!$/, "");
      const byDefault = value !== undefined && random.chance(0.25) ? ` = ${literalOf(value, nullable)}` : "";
      const isGiven = type.endsWith("!") && byDefault === "" ? !random.chance(0.01) : random.chance(0.75);
      const declared = byDefault !== "" && random.chance(0.3) ? nullable : type;
      this.#variables.set(name, {
        definition: `$${name}: ${declared}${byDefault}`,
        value: isGiven ? (random.chance(0.01) ? { not: "this" } : value) : undefined,
      });
    }
    return `$${name}`;
  }

  #json(type: GraphQLInputType, depth: number): unknown {
    const random = this.#random;
    if (!isNonNullType(type) && random.chance(0.15)) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      // A single value stands for a list of one (GraphQL, 3.11).
      if (random.chance(0.1)) return this.#json(nullable.ofType, depth);
      return Array.from({ length: random.below(3) }, () => this.#json(nullable.ofType, depth));
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter(({ type: of, defaultValue }) => {
        const isNeeded = isNonNullType(of) && defaultValue === undefined;
        return isNeeded || (random.chance(0.4) && (depth > 0 || isLeafType(getNamedType(of))));
      });
      return Object.fromEntries(fields.map((field) => [field.name, this.#json(field.type, depth - 1)]));
    }
    if (isEnumType(nullable)) return random.pick(nullable.getValues()).name;
    return random.pick(samples[nullable.name] ?? [null]);
  }

  #literal(type: GraphQLInputType, depth: number): string {
    const nullable = getNullableType(type);
    if (depth > 0 && !isListType(nullable) && this.#random.chance(0.1) && isLeafType(nullable)) {
      return this.#variable(String(type), this.#json(type, 0));
    }
    if (!isNonNullType(type) && this.#random.chance(0.1)) return "null";
    if (isListType(nullable)) {
      return `[${Array.from({ length: this.#random.below(3) }, () => this.#literal(nullable.ofType, depth)).join(", ")}]`;
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields()).filter((field) => {
        const isNeeded = isNonNullType(field.type) && field.defaultValue === undefined;
        return isNeeded || (this.#random.chance(0.4) && (depth > 0 || isLeafType(getNamedType(field.type))));
      });
      return `{ ${fields.map((field) => `${field.name}: ${this.#literal(field.type, depth - 1)}`).join(", ")} }`;
    }
    return literalOf(this.#json(nullable, 0) ?? samples[nullable.name]?.[0] ?? "RED", nullable.name);
  }
}

const samples: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, -1, 2_147_483_647],
  String: ["s", "", '"quoted"\n\\ \u{1f600}'],
  Boolean: [true, false],
  ID: ["i1", 7],
  Json: [1, "j", true],
};

/** A JSON value as GraphQL text; the names of enums stand bare. */
function literalOf(value: unknown, type: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => literalOf(item, type)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, item]) => `${name}: ${literalOf(item, name === "color" ? "Color" : "")}`)
      .join(", ")} }`;
  }
  return typeof value === "string" && /Color/.test(type) ? value : JSON.stringify(value);
}
