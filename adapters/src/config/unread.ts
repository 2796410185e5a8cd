import { type ConfigProblem, problemAt } from "@catalyst-node/core/config";
import type { TextRead } from "./read-text.ts";

/** Why a file gave no text, as a problem at whatever names the file. */
export function unread({ failure, message }: Exclude<TextRead, { text: string }>, path: string): ConfigProblem {
  const code =
    failure === "too large" ? "CAT-CONFIG-002" : failure === "not text" ? "CAT-CONFIG-003" : "CAT-CONFIG-001";
  return problemAt(code, undefined, path, message);
}
