import { type ASTNode, type DocumentNode, Kind } from "graphql";
import type { GatewayLimits, Problem } from "../model/index.ts";
import { documentSize, mostLevels, type OperationSize } from "./operation-size.ts";
import type { ExecutionProblemCode } from "./problems.ts";

/** What bounds an operation before any schema is looked at. */
export type OperationLimits = Pick<
  GatewayLimits,
  "maxDepth" | "maxAliases" | "maxDirectives" | "maxRootFields" | "maxFields" | "maxNesting"
>;

/** Why an operation is not looked at any further. */
export type Objection = {
  readonly problem: Problem & { readonly code: ExecutionProblemCode };
  /** `extensions.code` of the client's error. */
  readonly clientCode: LimitCode;
  /** Where in the document. */
  readonly node: ASTNode | undefined;
};

export type LimitCode = (typeof limitCodes)[keyof typeof limitCodes] | "GRAPHQL_VALIDATION_FAILED";

/** What clients are told for a limit's problem. */
export const limitCodes = {
  "CAT-EXEC-004": "FIELD_LIMIT_EXCEEDED",
  "CAT-EXEC-018": "TOKEN_LIMIT_EXCEEDED",
  "CAT-EXEC-019": "DEPTH_LIMIT_EXCEEDED",
  "CAT-EXEC-020": "ALIAS_LIMIT_EXCEEDED",
  "CAT-EXEC-021": "DIRECTIVE_LIMIT_EXCEEDED",
  "CAT-EXEC-022": "ROOT_FIELD_LIMIT_EXCEEDED",
  "CAT-EXEC-023": "COST_LIMIT_EXCEEDED",
  "CAT-EXEC-024": "NESTING_LIMIT_EXCEEDED",
} as const satisfies Partial<Record<ExecutionProblemCode, string>>;

/**
 * Levels below `__schema` and `__type`, itself included, where `maxDepth` is less. They are answered here, from a schema
 * that bounds the answer, and what tools ask is 15 levels deep.
 */
const introspectionDepth = 20;

/**
 * Selection sets within each other that every part of the way keeps its stack for, inline fragments and spreads
 * included; the planner itself follows 50 levels of fields.
 */
const nestedSelections = 128;

/**
 * Judges each operation of a document as if its fragments were written out, in the time that its text takes. To be asked
 * before graphql-js validates and before anything is planned: both write fragments out, and a cycle overflows the
 * planner's stack. Answers everything that is too much.
 */
export function checkOperationLimits(document: DocumentNode, limits: OperationLimits): readonly Objection[] {
  const sizes = documentSize(document);
  if (typeof sizes === "string") {
    const node = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === sizes,
    );
    const problem = {
      code: "CAT-EXEC-003",
      path: "",
      message: `The fragment "${sizes.slice(0, nameChars)}" spreads itself.`,
    } as const;
    return [{ problem, clientCode: "GRAPHQL_VALIDATION_FAILED", node }];
  }
  const objections = [...sizes].flatMap(([definition, size]) => {
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION;
    const what = definition.name ? ` of "${definition.name.value.slice(0, nameChars)}"` : "";
    const all = [...nestings(size, limits), ...(isOperation ? counts(size, limits) : [])];
    return all.flatMap(([code, measure, measured, limit]) => {
      const node = measure === "depth" ? size.deepest : definition;
      return measured > limit ? [{ isOperation, ...objection(code, `${measure}${what}`, measured, limit, node) }] : [];
    });
  });
  // Fragments are judged for what nothing spreads; else they would only repeat what is said of the operation.
  const ofOperations = objections.filter(({ isOperation }) => isOperation);
  return ofOperations.length > 0 ? ofOperations : objections.slice(0, 1);
}

/** The objection that something measured is over its limit. */
export function objection(
  code: keyof typeof limitCodes,
  what: string,
  measured: number,
  limit: number,
  node: ASTNode | undefined,
): Objection {
  const message = `The ${what} is ${shown(measured)}; the limit is ${limit}.`;
  return { problem: { code, path: "", message }, clientCode: limitCodes[code], node };
}

/** A client's name that is told back; it may be as long as a document. */
export const nameChars = 64;

type Measure = readonly [code: keyof typeof limitCodes, what: string, measured: number, limit: number];

/** What whoever follows the selections has to bear. */
function nestings(size: OperationSize, { maxFields, maxNesting }: OperationLimits): readonly Measure[] {
  return [
    ["CAT-EXEC-004", "number of fields", size.fields, maxFields],
    ["CAT-EXEC-024", "nesting of selections", size.nestedSelections, nestedSelections],
    ["CAT-EXEC-024", "nesting of values", size.nestedValues, maxNesting],
  ];
}

function counts(size: OperationSize, limits: OperationLimits): readonly Measure[] {
  const { maxDepth, maxAliases, maxDirectives, maxRootFields } = limits;
  const maxIntrospection = maxDepth && Math.max(maxDepth, introspectionDepth);
  return [
    ["CAT-EXEC-019", "depth", size.depth, orNone(maxDepth)],
    ["CAT-EXEC-019", "depth of introspection", size.introspectionDepth, orNone(maxIntrospection)],
    ["CAT-EXEC-020", "number of aliases", size.aliases, orNone(maxAliases)],
    ["CAT-EXEC-021", "number of directives", size.directives, orNone(maxDirectives)],
    ["CAT-EXEC-022", "number of root fields", size.rootFields, orNone(maxRootFields)],
  ];
}

function orNone(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}

/** Fragments make numbers that nobody wants to read; what is nested too deep is not followed to its end. */
function shown(measured: number): string {
  if (measured === Number.POSITIVE_INFINITY) return `more than ${mostLevels}`;
  return measured > Number.MAX_SAFE_INTEGER ? `more than ${Number.MAX_SAFE_INTEGER}` : String(measured);
}
