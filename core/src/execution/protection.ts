import {
  type ASTNode,
  type DefinitionNode,
  type GraphQLCompositeType,
  getNamedType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { fail, ok, type Result } from "../model/index.ts";
import { directiveNames, linksOf } from "./links.ts";
import { parseInSteps } from "./parse-in-steps.ts";

/**
 * What of a schema not everybody may ask: `@authenticated`, `@requiresScopes` and `@policy` of its services. Names of
 * types, and `Type.field`.
 */
export type Protection = ReadonlySet<string>;

export const unprotected: Protection = new Set();

/** The security features of the Apollo federation specification whose meaning is known here. */
const features: ReadonlySet<string> = new Set(["authenticated", "requiresScopes", "policy"]);

/**
 * Reads it from a supergraph, since the consumer schema does not tell. CAT-EXEC-017 when the supergraph has a security
 * feature (`@link(for: SECURITY)`) that is not known: the link specification forbids to serve it then.
 */
export function* protectionOf(supergraphSdl: string): Generator<undefined, Result<Protection>> {
  if (!/\bSECURITY\s*[,)]|\/(?:authenticated|requiresScopes|policy)\/v/.test(supergraphSdl)) return ok(unprotected);
  try {
    const definitions = yield* parseInSteps(supergraphSdl);
    const links = definitions.flatMap(linksOf);
    const unknown = links.filter(
      ({ feature, isSecurity }) => isSecurity && !features.has(feature) && !isHidden(feature),
    );
    if (unknown.length > 0)
      return fail(...unknown.map(({ url }) => ({ code: "CAT-EXEC-017", path: "schema", message: url }) as const));
    const names = new Set([...features].flatMap((feature) => directiveNames(definitions, feature, `@${feature}`)));
    return ok(new Set(definitions.flatMap((definition) => protectedIn(definition, names))));
  } catch (error) {
    return fail({
      code: "CAT-EXEC-010",
      path: "schema",
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/** What is `@inaccessible` is not in the clients' schema at all. */
function isHidden(feature: string): boolean {
  return feature === "inaccessible";
}

/** The first protected part that a selection may show, through an interface or a union too. */
export function protectedPart(
  nodes: readonly ASTNode[],
  schema: GraphQLSchema,
  protection: Protection,
): string | undefined {
  if (protection.size === 0) return undefined;
  const info = new TypeInfo(schema);
  let found: string | undefined;
  const look = visitWithTypeInfo(info, {
    Field() {
      found ??= shownBy(info.getParentType(), info.getFieldDef(), schema).find((part) => protection.has(part));
    },
  });
  for (const node of nodes) visit(node, look);
  return found;
}

function shownBy(
  parent: GraphQLCompositeType | null | undefined,
  field: GraphQLField<unknown, unknown> | null | undefined,
  schema: GraphQLSchema,
): readonly string[] {
  if (!parent || !field) return [];
  const parents = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  return [...parents.flatMap(({ name }) => [`${name}.${field.name}`, name]), getNamedType(field.type).name];
}

function protectedIn(definition: DefinitionNode, names: ReadonlySet<string>): readonly string[] {
  if (!("name" in definition) || definition.name === undefined) return [];
  const { value: name } = definition.name;
  const fields = "fields" in definition ? (definition.fields ?? []) : [];
  const shown = fields.filter((field) => isNamed(field, names)).map((field) => `${name}.${field.name.value}`);
  return isNamed(definition, names) ? [name, ...shown] : shown;
}

function isNamed(node: ASTNode, names: ReadonlySet<string>): boolean {
  return "directives" in node && (node.directives ?? []).some(({ name }) => names.has(name.value));
}
