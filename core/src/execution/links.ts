import { type ConstDirectiveNode, type DefinitionNode, Kind, valueFromASTUntyped } from "graphql";
import { isJsonObject, type JsonObject } from "./failure.ts";

/** One `@link` of a schema: a feature of the Apollo specifications that it uses. */
export type Link = {
  readonly url: string;
  readonly feature: string;
  readonly isSecurity: boolean;
  /** What everything of the feature is prefixed with that is not imported. */
  readonly namespace: string;
  /** Name of the specification -> name in this document. */
  readonly imports: ReadonlyMap<string, string>;
};

/** The links of one definition. */
export function linksOf(definition: DefinitionNode): readonly Link[] {
  if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) return [];
  return (definition.directives ?? []).flatMap((directive) => {
    const { url, as: alias, for: purpose, import: imports } = argumentsOf(directive);
    if (directive.name.value !== "link" || typeof url !== "string") return [];
    // The name of a feature, by the link specification, is the part of its URL before the version.
    const [, feature = ""] = /^https:\/\/specs\.apollo\.dev\/([^/]+)\/v\d+(?:\.\d+)?\/?$/.exec(url) ?? [];
    const namespace = typeof alias === "string" ? alias : feature;
    const imported = new Map((Array.isArray(imports) ? imports : []).flatMap(importOf));
    return [{ url, feature, isSecurity: purpose === "SECURITY", namespace, imports: imported }];
  });
}

/** What a directive of a feature, such as `@cost`, is called in a document: once for each link of the feature. */
export function directiveNames(
  definitions: readonly DefinitionNode[],
  feature: string,
  directive: `@${string}`,
): readonly string[] {
  const links = definitions.flatMap(linksOf).filter((link) => link.feature === feature);
  return links.flatMap((link) => namesIn(link, directive));
}

/** The directive of the feature's own name needs no prefix. */
function namesIn({ feature, namespace, imports }: Link, directive: `@${string}`): readonly string[] {
  const plain = directive.slice(1);
  const imported = imports.get(directive)?.slice(1);
  return [plain === feature ? namespace : `${namespace}__${plain}`, ...(imported === undefined ? [] : [imported])];
}

function importOf(each: unknown): readonly (readonly [string, string])[] {
  if (typeof each === "string") return [[each, each]];
  if (!isJsonObject(each) || typeof each["name"] !== "string") return [];
  const { name, as: alias } = each;
  return [[name, typeof alias === "string" ? alias : name]];
}

function argumentsOf({ arguments: given = [] }: ConstDirectiveNode): JsonObject {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)] as const));
}
