import { namedKeys } from "./names.ts";
import { escapePair } from "./pairs.ts";
import { type Path, formatPath } from "./path.ts";
import type { LoadedConfig } from "./load.ts";
import type { ConfigValue } from "./values.ts";

/**
 * The command line that gives the same configuration without a file. Defaults are left out; what any source
 * set is spelled out even where it equals the default, so that the variables of the environment cannot change it.
 */
export function toFlags({ values }: Pick<LoadedConfig, "values">): readonly string[] {
  const set = values.filter(({ origin }) => origin.kind !== "default");
  const items = new Map<string, ConfigValue[]>();
  const scalars = set.filter((value) => {
    const item = itemOf(value.path);
    if (item === undefined) return true;
    items.set(item, [...(items.get(item) ?? []), value]);
    return false;
  });
  return [...scalars.map(scalarFlag), ...[...items.values()].map(itemFlag)];
}

function scalarFlag({ key, value }: ConfigValue): string {
  return `${flagOf(key)}=${value}`;
}

function itemFlag(values: readonly ConfigValue[]): string {
  const item = indexOfItem(values[0]?.path ?? []);
  const list = formatPath(values[0]?.path.slice(0, item) ?? []);
  const pairs = values.map(({ path, value }) => `${formatPath(path.slice(item + 1))}=${escapePair(String(value))}`);
  return `${flagOf(list)}=${pairs.join(",")}`;
}

function itemOf(path: Path): string | undefined {
  const item = indexOfItem(path);
  return item === -1 ? undefined : formatPath(path.slice(0, item + 1));
}

function indexOfItem(path: Path): number {
  return path.findIndex((segment) => typeof segment === "object");
}

function flagOf(key: string): string {
  const named = namedKeys.find(({ shape }) => shape.key === key);
  if (!named) throw new TypeError(`${key} has no flag`);
  return named.flag;
}
