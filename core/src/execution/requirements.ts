import { type DefinitionNode, type DirectiveNode, Kind, parse, type SelectionSetNode } from "graphql";

/**
 * What `@requires` demands for the fields of each service, as the supergraph tells it. Plans do not tell: a fetch asks
 * for what needs more than a key beside what does not. Read when first asked for, which is when something has failed.
 */
export class Requirements {
  readonly #supergraphSdl: string;
  #byField: ReadonlyMap<string, SelectionSetNode> | undefined;

  constructor(supergraphSdl: string) {
    this.#supergraphSdl = supergraphSdl;
  }

  /** What the service has to be given of the entity. Undefined when a key is enough. */
  of(service: string, typeName: string, field: string): SelectionSetNode | undefined {
    this.#byField ??= readRequirements(this.#supergraphSdl);
    return this.#byField.get(`${service} ${typeName}.${field}`);
  }
}

function readRequirements(sdl: string): ReadonlyMap<string, SelectionSetNode> {
  const definitions = relevantDefinitions(sdl);
  const services = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.ENUM_TYPE_DEFINITION
        ? (node.values ?? []).map(({ name, directives }) => [name.value, textIn(directives?.[0], "name")] as const)
        : [],
    ),
  );
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

/**
 * Of a large supergraph few types require anything, and only those are parsed. A description may look like the start of
 * a type, and what is cut there is no GraphQL: then all of it is parsed.
 */
function relevantDefinitions(sdl: string): readonly DefinitionNode[] {
  const parts = sdl.match(/^(?:type|interface|enum join__Graph)\b[\s\S]*?^\}/gm) ?? [];
  const relevant = parts.filter((part) => part.startsWith("enum") || part.includes("requires:"));
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
