import { type Leaf, type Merged, itemNames, placeOfKey } from "./merge.ts";
import { namedKeys } from "./names.ts";
import { formatPath, isItemName } from "./path.ts";
import { type ConfigProblem, problemAt } from "./problems.ts";
import { didYouMean } from "./suggest.ts";

/** The problem of a required key that no source sets; `noFile` says why there is no file, when there is none. */
export function missingKey({ path, shape }: Leaf, merged: Merged, noFile: string | undefined): ConfigProblem {
  const key = formatPath(path);
  const index = path.findLastIndex((segment) => typeof segment === "object");
  const item = path[index];
  if (typeof item === "object") {
    const place = placeOfKey(merged, path.slice(0, index + 1));
    const others = itemNames(merged, path.slice(0, index)).filter((name) => name !== item.item);
    // A mistyped name in --set addresses an item that nobody has.
    const meant = place?.label === "--set" ? didYouMean(item.item, others) : "";
    return problemAt("CAT-CONFIG-008", place, key, `missing (${shape.title})${meant}`, key);
  }
  const named = namedKeys.find((named) => named.shape.key === key);
  const ways = `set it in a file, by ${named?.flag} or by ${named?.variable}${noFile === undefined ? "" : ` (${noFile})`}`;
  const place = placeOfKey(merged, path.slice(0, -1));
  const whole = path.length === 1 ? undefined : place;
  return problemAt("CAT-CONFIG-008", whole, key, `missing (${shape.title}); ${ways}`, key);
}

/** Whether a key must be set and is not. */
export function isMissing({ shape, setting, path }: Leaf): boolean {
  return shape.required && setting === undefined && !isItemName(path);
}
