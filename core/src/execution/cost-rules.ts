import { type DefinitionNode, type DirectiveNode, Kind, valueFromASTUntyped } from "graphql";
import { fail, ok, type Result } from "../model/index.ts";
import { parseInSteps } from "./parse-in-steps.ts";
import { directiveNames } from "./links.ts";

/** What services declare of their costs by `@cost` and `@listSize` (the specifications' cost v0.1). */
export type CostRules = {
  /** Of a type, or of `Type.field`: what one costs. */
  readonly weights: ReadonlyMap<string, number>;
  /** Of `Type.field`. */
  readonly listSizes: ReadonlyMap<string, ListSize>;
};

export type ListSize = {
  readonly assumedSize: number | undefined;
  readonly slicingArguments: readonly string[];
  readonly sizedFields: readonly string[];
};

/** Nothing is declared. */
export const noCostRules: CostRules = { weights: new Map(), listSizes: new Map() };

/** Reads them from a supergraph: the consumer schema does not tell. CAT-EXEC-010 when it is no GraphQL. */
export function* costRulesOf(supergraphSdl: string): Generator<undefined, Result<CostRules>> {
  if (!supergraphSdl.includes("specs.apollo.dev/cost/")) return ok(noCostRules);
  try {
    return ok(readRules(yield* parseInSteps(supergraphSdl)));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail({ code: "CAT-EXEC-010", path: "schema", message });
  }
}

function readRules(definitions: readonly DefinitionNode[]): CostRules {
  const names = {
    cost: directiveNames(definitions, "cost", "@cost"),
    listSize: directiveNames(definitions, "cost", "@listSize"),
  };
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  for (const definition of definitions) {
    if (!kinds.has(definition.kind) || !("name" in definition) || definition.name === undefined) continue;
    const { value: type } = definition.name;
    note(type, "directives" in definition ? definition.directives : undefined);
    if (!("fields" in definition)) continue;
    for (const { name, directives } of definition.fields ?? []) note(`${type}.${name.value}`, directives);
  }
  return { weights, listSizes };

  function note(what: string, directives: readonly DirectiveNode[] = []): void {
    for (const directive of directives) {
      const { value: name } = directive.name;
      if (names.cost.includes(name)) {
        const weight = Number(argumentOf(directive, "weight"));
        if (Number.isFinite(weight)) weights.set(what, Math.max(0, weight));
      } else if (names.listSize.includes(name)) {
        const assumedSize = argumentOf(directive, "assumedSize");
        listSizes.set(what, {
          assumedSize: typeof assumedSize === "number" ? Math.max(0, assumedSize) : undefined,
          slicingArguments: textsOf(argumentOf(directive, "slicingArguments")),
          sizedFields: textsOf(argumentOf(directive, "sizedFields")),
        });
      }
    }
  }
}

/** What costs may be declared of. */
const kinds: ReadonlySet<Kind> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
]);

function argumentOf(directive: DirectiveNode, name: string): unknown {
  const given = directive.arguments?.find((argument) => argument.name.value === name);
  return given && valueFromASTUntyped(given.value);
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each: unknown) => typeof each === "string") : [];
}
