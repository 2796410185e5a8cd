import { quote } from "../model/index.ts";
import type { ObjectShape, Shape } from "./shape.ts";
import { didYouMean } from "./suggest.ts";

/** One step from the whole to a value: a key, or an item of a list by its name. */
type Segment = string | { readonly item: string };
export type Path = readonly Segment[];

/** `services[products].schema.from`, the address of a value in `--set`, `--origins` and problems. */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, segment) => (typeof segment === "string" ? joinKey(text, segment) : `${text}[${segment.item}]`),
    "",
  );
}

/** The path of an address that `formatPath` wrote; not for what people type, which `findTarget` reads. */
export function pathOf(key: string): Path {
  return key.split(/\.|(?=\[)/).map((token) => (token.startsWith("[") ? { item: token.slice(1, -1) } : token));
}

/** Whether a path is that of an item's name, which is the item's address. */
export function isItemName(path: Path): boolean {
  return path.at(-1) === "name" && typeof path.at(-2) === "object";
}

/** Appends a key to a shown path; a key that is no plain word is quoted, so that it cannot mislead. */
export function joinKey(path: string, key: string): string {
  if (!/^[A-Za-z0-9_$-]{1,64}$/.test(key)) return `${path}[${quote(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Keys that would reach into the program's own objects; refused wherever they stand. */
export function isForbiddenKey(key: string): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/** What a text such as `services[products].url` addresses. */
export type Target = { readonly path: Path; readonly shape: Shape };

/** Why a text addresses nothing. */
export type NoTarget = { readonly reason: "syntax" | "forbidden" | "unknown"; readonly message: string };

/** Reads an address and finds it in the shape. `[]` stands for any item, where `anyItem` allows it. */
export function findTarget(root: ObjectShape, text: string, anyItem = false): Target | NoTarget {
  let shape: Shape = root;
  const path: Segment[] = [];
  for (const token of text.split(/\.|(?=\[)/)) {
    const item = /^\[([^\][]*)\]$/.exec(token)?.[1];
    const next: Shape | NoTarget =
      item === undefined ? stepKey(shape, token, path) : stepItem(shape, item, path, anyItem);
    if ("reason" in next) return next;
    path.push(item === undefined ? token : { item });
    shape = next;
  }
  return { path, shape };
}

function stepKey(shape: Shape, key: string, path: Path): Shape | NoTarget {
  if (isForbiddenKey(key)) return { reason: "forbidden", message: `the key ${key} is not allowed` };
  if (shape.kind === "object") {
    const found = shape.keys.get(key);
    if (found) return found;
    return { reason: "unknown", message: `unknown key ${quote(key)}${didYouMean(key, shape.keys.keys())}` };
  }
  const parent = formatPath(path);
  const message =
    shape.kind === "list"
      ? `items of ${parent} are addressed by name, as ${parent}[NAME].${key}`
      : `${parent} is one value and has no keys`;
  return { reason: "syntax", message };
}

function stepItem(shape: Shape, item: string, path: Path, anyItem: boolean): Shape | NoTarget {
  const parent = formatPath(path);
  if (shape.kind !== "list") return { reason: "syntax", message: `${parent} is not a list` };
  if (anyItem && item === "") return shape.item;
  const named = shape.item.keys.get("name");
  const isName = named?.kind === "scalar" && named.schema.safeParse(item).success;
  // A number is a legal name, but here it is surely meant as an index, which would address another item tomorrow.
  if (isName && !/^[0-9]+$/.test(item)) return shape.item;
  return {
    reason: "syntax",
    message: `items are addressed by name, as ${parent}[NAME], not by ${quote(item)}`,
  };
}
