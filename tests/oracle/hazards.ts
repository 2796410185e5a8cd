import { type FieldModel, fieldsOf, type Model, objectsOf } from "./model.ts";

/** The field through which an operation came to where it is, and that field's type. */
export type CameBy = { readonly owner: string; readonly field: string; readonly type: string };

/** Whether a field had better be asked rarely, here: for what it would end in is known already (docs/composition-gaps.md). */
export type IsHazard = (typeName: string, fieldName: string, by: CameBy | undefined) => boolean;

export function hazardsOf(model: Model): IsHazard {
  const types = new Map(objectsOf(model).map((type) => [type.name, type]));
  const fieldOf = (typeName: string, name: string): FieldModel | undefined => {
    const type = types.get(typeName);
    return type && fieldsOf(model, type).find((field) => field.name === name);
  };
  return (typeName, fieldName, by) => {
    if (by === undefined) return false;
    const field = fieldOf(typeName, fieldName);
    const places = Object.keys(fieldOf(by.owner, by.field)?.in ?? {});
    // planner-loses-a-path, planner-wants-a-single-parent
    const isRoot = by.owner === "Query" || by.owner === "Mutation";
    const requirer = Object.entries(field?.in ?? {}).find(([, text]) => text.includes("@requires"))?.[0];
    if (requirer !== undefined && !isRoot && places.includes(requirer)) return true;
    // planner-finds-no-path
    const { home, fields } = types.get(by.type) ?? { fields: [] };
    const isForeign = home !== undefined && places.some((place) => place !== home);
    return isForeign && fields.every(({ name }) => name !== fieldName);
  };
}
