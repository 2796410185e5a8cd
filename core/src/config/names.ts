import { type ListShape, type ScalarShape, type Shape, configShape } from "./shape.ts";

/** A key that has a flag and a variable of its own: a scalar outside lists, or a whole list. */
export type NamedKey = {
  readonly shape: ScalarShape | ListShape;
  /** `--gateway-listen`; for a list its items' flag, `--service`. */
  readonly flag: string;
  /** `CATALYST_GATEWAY_LISTEN`. */
  readonly variable: string;
};

/** Every key with a flag and a variable of its own, in the order of the schema. */
export const namedKeys: readonly NamedKey[] = [...configShape.keys.values()].flatMap(namedKeysOf);

/** The variable that names the file; the flag is `--config`. */
export const fileVariable = "CATALYST_CONFIG";

/** Variables beginning with CATALYST_ that other parts of the program own; none so far. */
export const reservedVariables: readonly string[] = [];

function namedKeysOf(shape: Shape): readonly NamedKey[] {
  if (shape.kind === "object") return [...shape.keys.values()].flatMap(namedKeysOf);
  const words = shape.key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(".", "-");
  // A list's flag gives one item and is repeated, so it is named for one.
  const flag = `--${shape.kind === "list" ? words.replace(/s$/, "") : words}`;
  return [{ shape, flag, variable: `CATALYST_${words.toUpperCase().replaceAll("-", "_")}` }];
}
