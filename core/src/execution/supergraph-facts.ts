import {
  type DefinitionNode,
  type DirectiveNode,
  type GraphQLNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from "graphql";
import { type Protection, unprotected } from "./protection.ts";

/**
 * What the supergraph tells beyond the schema that clients see and the plans made of it. Read when first asked for,
 * which is rare.
 */
export class SupergraphFacts {
  readonly #supergraphSdl: string;
  #requirements: ReadonlyMap<string, SelectionSetNode> | undefined;
  #interfaceObjects: ReadonlyMap<string, InterfaceObject> | undefined;

  /** What nobody is answered: who asks is known, and not yet judged by what the schema demands. */
  readonly protection: Protection;

  constructor(supergraphSdl: string, protection: Protection = unprotected) {
    this.#supergraphSdl = supergraphSdl;
    this.protection = protection;
  }

  /**
   * What `@requires` demands that a service is given of an entity for a field. Undefined when a key is enough. Plans do
   * not tell: a fetch asks for what needs more beside what does not.
   */
  requirement(service: string, typeName: string, field: string): SelectionSetNode | undefined {
    this.#requirements ??= readRequirements(this.#supergraphSdl);
    return this.#requirements.get(`${service} ${typeName}.${field}`);
  }

  /** Of an interface that some service knows as one type of its own (`@interfaceObject`). */
  interfaceObject(typeName: string): InterfaceObject | undefined {
    this.#interfaceObjects ??= readInterfaceObjects(this.#supergraphSdl);
    return this.#interfaceObjects.get(typeName);
  }

  /** Whether a service knows the objects of a type from the others of its interfaces. */
  tellsApart(service: string, type: GraphQLNamedType | undefined): boolean {
    const interfaces = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
    return !interfaces.some(({ name }) => this.interfaceObject(name)?.services.has(service));
  }
}

/** What services have of an interface that they know as one type. */
export type InterfaceObject = {
  /** Fields that such a service brings. */
  readonly brought: ReadonlySet<string>;
  /** Fields that every service has, the key's for one. */
  readonly everywhere: ReadonlySet<string>;
  /** The services that know it so; they cannot tell its types apart. */
  readonly services: ReadonlySet<string>;
};

function readInterfaceObjects(sdl: string): ReadonlyMap<string, InterfaceObject> {
  const found = new Map<string, InterfaceObject>();
  const definitions = definitionsWith("isInterfaceObject: true", sdl);
  const services = servicesIn(definitions);
  for (const node of definitions) {
    if (node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const graphs = (node.directives ?? []).filter(tellsInterfaceObject).map((directive) => textIn(directive, "graph"));
    if (graphs.length === 0) continue;
    const fields = (node.fields ?? []).map(({ name, directives = [] }) => ({
      name: name.value,
      graphs: directives.flatMap((directive) => textIn(directive, "graph") ?? []),
    }));
    found.set(node.name.value, {
      brought: new Set(
        fields.flatMap((field) => (field.graphs.some((graph) => graphs.includes(graph)) ? [field.name] : [])),
      ),
      everywhere: new Set(fields.flatMap((field) => (field.graphs.length === 0 ? [field.name] : []))),
      services: new Set(graphs.flatMap((graph) => services.get(graph ?? "") ?? [])),
    });
  }
  return found;
}

function tellsInterfaceObject({ arguments: given = [] }: DirectiveNode): boolean {
  return given.some(
    ({ name, value }) => name.value === "isInterfaceObject" && value.kind === Kind.BOOLEAN && value.value,
  );
}

function readRequirements(sdl: string): ReadonlyMap<string, SelectionSetNode> {
  const definitions = definitionsWith("requires:", sdl);
  const services = servicesIn(definitions);
  const found = new Map<string, SelectionSetNode>();
  for (const node of definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of node.fields ?? []) {
      for (const directive of field.directives ?? []) {
        const requires = textIn(directive, "requires");
        const selection =
          requires === undefined ? undefined : parse(`{${requires}}`, { noLocation: true }).definitions[0];
        const service = services.get(textIn(directive, "graph") ?? "");
        if (selection?.kind === Kind.OPERATION_DEFINITION && service !== undefined)
          found.set(`${service} ${node.name.value}.${field.name.value}`, selection.selectionSet);
      }
    }
  }
  return found;
}

/** `join__Graph`: its values' names for services, and the services' own. */
function servicesIn(definitions: readonly DefinitionNode[]): ReadonlyMap<string, string | undefined> {
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.ENUM_TYPE_DEFINITION
        ? (node.values ?? []).map(({ name, directives }) => [name.value, textIn(directives?.[0], "name")] as const)
        : [],
    ),
  );
}

/**
 * Of a large supergraph few types say what is looked for, and only those are parsed. A description may look like the start of
 * a type, and what is cut there is no GraphQL: then all of it is parsed.
 */
function definitionsWith(text: string, sdl: string): readonly DefinitionNode[] {
  if (!sdl.includes(text)) return [];
  const parts = sdl.match(/^(?:type|interface|enum join__Graph)\b[\s\S]*?^\}/gm) ?? [];
  const relevant = parts.filter((part) => part.startsWith("enum") || part.includes(text));
  try {
    return parse(relevant.join("\n"), { noLocation: true }).definitions;
  } catch {
    return parse(sdl, { noLocation: true }).definitions;
  }
}

function textIn(directive: DirectiveNode | undefined, name: string): string | undefined {
  const value = directive?.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
