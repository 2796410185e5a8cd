import { namedKeys } from "./names.ts";
import { findTarget } from "./path.ts";
import { type ConfigProblem, problemAt } from "./problems.ts";
import { type ScalarShape, configShape, scalarsOf } from "./shape.ts";

/** What there is to know of one key. */
export type KeyDescription = {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  /** In the form of a file. */
  readonly default?: string | boolean;
  readonly flag: string;
  readonly variable: string;
  readonly description: string;
  readonly example: string;
};

/** Describes one key, or every key beneath it; `services[].url` and `services[products].url` are the same key. */
export function explainKey(address: string): readonly KeyDescription[] | ConfigProblem {
  const target = address === "" ? { shape: configShape } : findTarget(configShape, address, true);
  if ("reason" in target) return problemAt("CAT-CONFIG-004", undefined, address.slice(0, 64), target.message);
  return scalarsOf(target.shape).map(describe);
}

/** Every key, in the order of the schema. */
export function explainAll(): readonly KeyDescription[] {
  return scalarsOf(configShape).map(describe);
}

function describe(shape: ScalarShape): KeyDescription {
  const { key, title, type, required, description } = shape;
  const list = /^(.*)\[\]\.(.*)$/.exec(key);
  const named = namedKeys.find(({ shape }) => shape.key === (list?.[1] ?? key));
  const example = String(shape.examples[0] ?? shape.default ?? shape.words[0] ?? "");
  const flag = named?.flag ?? "";
  return {
    key,
    type: type === "boolean" ? "true|false" : title,
    required,
    ...(shape.default === undefined ? {} : { default: shape.default }),
    flag: list ? `${flag} ...,${list[2]}=${example}` : `${flag}=${example}`,
    variable: list ? `${named?.variable ?? ""} (JSON)` : (named?.variable ?? ""),
    description,
    example: type === "boolean" ? example : JSON.stringify(example),
  };
}
