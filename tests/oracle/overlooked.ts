import { type DocumentNode, Kind } from "graphql";

/**
 * What the composer says of schemas that it does not compose. It says apart (docs/composition-gaps.md) when all that it does
 * not find are fields that a service has by a labelled `@override`.
 */
export function composerWords(errors: readonly Error[], schemas: readonly DocumentNode[]): string {
  const message = errors.map((error) => error.message).join("\n");
  const reasons = message.split(/^- from subgraph /m).slice(1);
  const labelled = labelledOverrides(schemas);
  const areOverlooked = reasons.every((reason) => {
    const fields = [...reason.matchAll(/cannot find field "(\w+\.\w+)"/g)].map(([, field]) => field);
    return fields.length > 0 && fields.every((field) => field !== undefined && labelled.has(field));
  });
  return areOverlooked && reasons.length > 0 ? `overlooks labelled overrides\n${message}` : message;
}

function labelledOverrides(schemas: readonly DocumentNode[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of schemas.flatMap(({ definitions }) => definitions)) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const { name, directives = [] } of type.fields ?? []) {
      const isLabelled = directives.some(
        (directive) =>
          directive.name.value === "override" && directive.arguments?.some((given) => given.name.value === "label"),
      );
      if (isLabelled) found.add(`${type.name.value}.${name.value}`);
    }
  }
  return found;
}
