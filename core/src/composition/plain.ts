import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from "graphql";
import type { SubgraphDocument } from "./prepare.ts";

/** The version that a plain SDL is read as; it has every directive that such an SDL can use. */
const federation = "https://specs.apollo.dev/federation/v2.3";

/** What Federation 1 knew without any import. */
const federation1 = new Set(["key", "requires", "provides", "external", "extends", "tag", "inaccessible", "shareable"]);

/** Whether the SDL says nothing of Federation 2. Then all of it would count as shareable, and merge silently. */
function isPlain(document: DocumentNode): boolean {
  return !document.definitions.some(
    (node) =>
      (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) &&
      node.directives?.some((directive) => directive.name.value === "link" && linksFederation(directive)),
  );
}

/**
 * Makes the plain ones among the subgraphs Federation 2, where what two services define is a conflict
 * unless it is said to be shareable: said here for value types that are the same everywhere.
 */
export function asFederation2(subgraphs: readonly SubgraphDocument[]): readonly SubgraphDocument[] {
  const plain = new Set(subgraphs.filter(({ document }) => isPlain(document)));
  if (plain.size === 0) return subgraphs;
  const shared = identicalValueTypes(subgraphs.map(({ document }) => document));
  return subgraphs.map((subgraph) =>
    plain.has(subgraph) ? { ...subgraph, document: linked(shareable(subgraph.document, shared)) } : subgraph,
  );
}

function linksFederation(link: ConstDirectiveNode): boolean {
  return Boolean(
    link.arguments?.some(
      ({ name, value }) =>
        name.value === "url" &&
        value.kind === Kind.STRING &&
        value.value.startsWith("https://specs.apollo.dev/federation/"),
    ),
  );
}

function linked(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, { Directive: ({ name }) => void used.add(name.value) });
  const imports = [...used].filter((name) => federation1.has(name)).toSorted();
  const text = `extend schema @link(url: "${federation}", import: ${JSON.stringify(imports.map((name) => `@${name}`))})`;
  return { ...document, definitions: [...parse(text, { noLocation: true }).definitions, ...document.definitions] };
}

/** `@federation__shareable`: its full name, which no import and no definition of the service can hide. */
const shareableDirective: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: "federation__shareable" },
};

function shareable(document: DocumentNode, shared: ReadonlySet<string>): DocumentNode {
  const definitions = document.definitions.map((node) =>
    isObject(node) && shared.has(node.name.value)
      ? { ...node, directives: [...(node.directives ?? []), shareableDirective] }
      : node,
  );
  return { ...document, definitions };
}

/** Names of the object types that several of the documents define, each with the same fields. */
function identicalValueTypes(documents: readonly DocumentNode[]): ReadonlySet<string> {
  const shapes = new Map<string, string[]>();
  for (const document of documents) {
    const roots = rootTypes(document);
    for (const node of document.definitions) {
      if (!isObject(node) || roots.has(node.name.value)) continue;
      shapes.set(node.name.value, [...(shapes.get(node.name.value) ?? []), shapeOf(node)]);
    }
  }
  const same = [...shapes].filter(([, all]) => all.length > 1 && all[0] !== "" && new Set(all).size === 1);
  return new Set(same.map(([name]) => name));
}

/** Equal texts mean equal value types; an entity, or a type that is shareable already, has none. */
function shapeOf(node: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): string {
  if (node.directives?.some(({ name }) => ["key", "shareable", "federation__shareable"].includes(name.value)))
    return "";
  const interfaces = (node.interfaces ?? []).map(({ name }) => name.value).toSorted();
  return [...interfaces, ...(node.fields ?? []).map(fieldShape).toSorted()].join("\n");
}

function fieldShape(field: FieldDefinitionNode): string {
  const args = (field.arguments ?? []).map((arg) =>
    print({
      kind: arg.kind,
      name: arg.name,
      type: arg.type,
      ...(arg.defaultValue && { defaultValue: arg.defaultValue }),
    }),
  );
  return `${field.name.value}(${args.toSorted().join(", ")}): ${print(field.type)}`;
}

function rootTypes(document: DocumentNode): ReadonlySet<string> {
  const named = document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? (node.operationTypes ?? []).map(({ type }) => type.name.value)
      : [],
  );
  return new Set([...named, "Query", "Mutation", "Subscription"]);
}

function isObject(
  node: DocumentNode["definitions"][number],
): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}
