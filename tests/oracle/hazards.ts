import { type FieldModel, fieldsOf, type Model, objectsOf } from "./model.ts";

/** The field through which an operation came to where it is, and that field's type. */
export type CameBy = { readonly owner: string; readonly field: string; readonly type: string };

/** Whether a field had better be asked rarely, here: for what it would end in is known already (docs/composition-gaps.md). */
export type IsHazard = (typeName: string, fieldName: string, by: CameBy | undefined) => boolean;

export function hazardsOf(model: Model): IsHazard {
  const types = new Map(objectsOf(model).map((type) => [type.name, type]));
  const fields = new Map<string, FieldModel>();
  for (const type of types.values())
    for (const field of fieldsOf(model, type)) fields.set(`${type.name}.${field.name}`, field);
  return (typeName, fieldName, by) => {
    if (by === undefined) return false;
    const field = fields.get(`${typeName}.${fieldName}`);
    const places = Object.keys(fields.get(`${by.owner}.${by.field}`)?.in ?? {});
    // planner-loses-a-path, planner-wants-a-single-parent
    const isRoot = by.owner === "Query" || by.owner === "Mutation";
    const requirer = Object.entries(field?.in ?? {}).find(([, text]) => text.includes("@requires"))?.[0];
    if (requirer !== undefined && !isRoot && places.includes(requirer)) return true;
    // planner-finds-no-path
    const { home, fields: common } = types.get(by.type) ?? { fields: [] };
    const isForeign = home !== undefined && places.some((place) => place !== home);
    return isForeign && common.every(({ name }) => name !== fieldName);
  };
}
