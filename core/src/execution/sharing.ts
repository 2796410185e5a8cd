import type { FlattenPath } from "./plan.ts";
import type { Shape } from "./shape.ts";

/** Where a fetch writes, and what. The root is the empty path. */
export type Write = { readonly paths: readonly FlattenPath[]; readonly shape: Shape };

/**
 * Whether objects with equal representations may share what their entity brought. They may as long
 * as whatever is written into the shared objects later is the same for all of them: by fetches that
 * reach them through the very same path. Else each gets a copy.
 */
export function adoptionFor(write: Write, all: readonly Write[]): "share" | "copy" {
  const nested = write.shape.filter(({ shape }) => shape !== undefined);
  if (nested.length === 0) return "share";
  const safe = all.every((other) => {
    if (other === write) return true;
    return other.paths.every((path) => write.paths.every((own) => isHarmless(path, other.shape, own, write)));
  });
  return safe ? "share" : "copy";
}

function isHarmless(path: FlattenPath, shape: Shape, own: FlattenPath, write: Write): boolean {
  const keys = fieldsOf(path);
  const ownKeys = fieldsOf(own);
  if (keys.length > ownKeys.length && startsWith(keys, ownKeys)) {
    const inside = write.shape.some((field) => field.key === keys[ownKeys.length] && field.shape !== undefined);
    return !inside || (write.paths.length === 1 && isLiteralPrefix(own, path));
  }
  if (!startsWith(ownKeys, keys)) return true;
  // It writes at this place or above: harmful where it brings objects under the same keys.
  let below: Shape | undefined = shape;
  for (const key of ownKeys.slice(keys.length)) below = below?.find((field) => field.key === key)?.shape;
  return !(below ?? []).some(
    ({ key, shape: nested }) => nested && write.shape.some((field) => field.key === key && field.shape),
  );
}

function fieldsOf(path: FlattenPath): readonly string[] {
  return path.flatMap((segment) => (typeof segment === "object" && "Field" in segment ? [segment.Field] : []));
}

function startsWith(keys: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= keys.length && prefix.every((key, index) => keys[index] === key);
}

/** A type condition right after it would part the objects that share: a representation does not always tell types apart. */
function isLiteralPrefix(prefix: FlattenPath, path: FlattenPath): boolean {
  const next = path[prefix.length];
  if (typeof next === "object" && "TypeCondition" in next) return false;
  return prefix.every((segment, index) => JSON.stringify(segment) === JSON.stringify(path[index]));
}
