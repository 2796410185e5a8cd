import { type DocumentNode, Kind, type SelectionSetNode } from "graphql";
import { fragmentsOf } from "./fields.ts";
import type { Rewrite } from "./plan.ts";

/**
 * The keys that a fetch may put into an object, and below them. Only these are ever copied: what
 * else a service sends (`__proto__` too) goes nowhere. Type conditions are not told apart.
 */
export type Shape = readonly ShapeField[];
type ShapeField = {
  readonly key: string;
  /** Undefined for leaves, custom scalars included. */
  readonly shape: Shape | undefined;
  /** Of `__typename`: a name that an `@interfaceObject` service has for it takes no other's place. */
  readonly yields?: ((name: unknown) => boolean) | undefined;
};

type Draft = Map<string, Draft | undefined>;

/** The shape of the whole answer to an operation that the planner wrote. */
export function shapeOf(document: DocumentNode, isAbstract: (name: unknown) => boolean): Shape {
  const fragments = fragmentsOf(document);
  const root: Draft = new Map();
  const add = (set: SelectionSetNode, draft: Draft): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet, draft);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) add(fragment.selectionSet, draft);
      } else {
        const key = selection.alias?.value ?? selection.name.value;
        const below = draft.get(key) ?? (selection.selectionSet ? new Map() : undefined);
        if (below && selection.selectionSet) add(selection.selectionSet, below);
        draft.set(key, below);
      }
    }
  };
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) add(node.selectionSet, root);
  return finish(root, isAbstract);
}

/** Adds the keys that output rewrites give: wherever the old key may stand, the new one may. */
export function withRenamedKeys(shape: Shape, rewrites: readonly Rewrite[]): Shape {
  const renames = rewrites.flatMap((rewrite) => {
    if (!("KeyRenamer" in rewrite)) return [];
    const last = rewrite.KeyRenamer.path.at(-1);
    return last && "Key" in last ? [[last.Key, rewrite.KeyRenamer.renameKeyTo] as const] : [];
  });
  const rename = (fields: Shape): Shape => {
    const own = fields.map((field) => ({ ...field, shape: field.shape && rename(field.shape) }));
    const added = own.flatMap(({ key, shape: below }) =>
      renames.flatMap(([from, to]) =>
        from === key && own.every((field) => field.key !== to) ? [{ key: to, shape: below }] : [],
      ),
    );
    return [...own, ...added];
  };
  return renames.length === 0 ? shape : rename(shape);
}

/** The shape below one key; empty where there is none. */
export function shapeBelow(shape: Shape, key: string): Shape {
  return shape.find((field) => field.key === key)?.shape ?? [];
}

function finish(draft: Draft, isAbstract: (name: unknown) => boolean): Shape {
  return [...draft].map(([key, below]) => ({
    key,
    shape: below && finish(below, isAbstract),
    yields: key === "__typename" ? isAbstract : undefined,
  }));
}
