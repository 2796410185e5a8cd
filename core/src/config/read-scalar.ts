import { quote } from "../model/index.ts";
import type { Located } from "./place.ts";
import { type Position, type Reading, kindName, problemHere } from "./reading.ts";
import type { ScalarShape } from "./shape.ts";
import { didYouMean } from "./suggest.ts";

/** Reads one value: first its type, then its form. The schema decides what a word of a flag means. */
export function readScalar(shape: ScalarShape, node: Located, position: Position): Reading {
  const value = typedValue(shape, node);
  if (value === undefined) {
    const message = `${expected(shape)} is expected, not ${described(node)}`;
    return problemHere("CAT-CONFIG-006", position, node.place, message);
  }
  const message = formProblem(shape, value);
  if (message !== undefined) return problemHere("CAT-CONFIG-007", position, node.place, message);
  if (position.path === undefined) return { settings: [], problems: [] };
  return { settings: [{ path: position.path, shape, value, place: node.place }], problems: [] };
}

function typedValue({ type, numbers }: ScalarShape, { value }: Located): string | boolean | undefined {
  if (value.kind === "scalar") {
    if (numbers && typeof value.value === "number") return String(value.value);
    if (type === "text") return typeof value.value === "string" ? value.value : undefined;
    return typeof value.value === "boolean" ? value.value : undefined;
  }
  if (value.kind !== "word") return undefined;
  if (type === "text") return value.text;
  return value.text === "true" ? true : value.text === "false" ? false : undefined;
}

function formProblem({ schema, words }: ScalarShape, value: string | boolean): string | undefined {
  if (typeof value === "string" && words.length > 0) {
    if (words.includes(value)) return undefined;
    return `${quote(value)} is none of ${words.join(", ")}${didYouMean(value, words)}`;
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

function expected({ type, words, title, examples, default: fallback }: ScalarShape): string {
  if (type === "boolean") return "true or false";
  if (words.length > 0) return `one of ${words.join(", ")}`;
  const example = examples[0] ?? fallback;
  return `text (${title})${example === undefined ? "" : `, such as "${example}",`}`;
}

function described(node: Located): string {
  const { value } = node;
  const text = value.kind === "word" ? value.text : value.kind === "scalar" ? value.value : undefined;
  return typeof text === "string" ? quote(text) : kindName(node);
}
