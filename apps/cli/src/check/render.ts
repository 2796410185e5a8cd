import { type Style, plain } from "../table.ts";
import { paintState } from "../views/state.ts";
import type { Check } from "./checks.ts";

const indent = " ".repeat(12);

/** The checks by category, each failure with its reason and what to do, then the sum. */
export function renderChecks(list: readonly Check[], style: Style): string {
  const lines = list.flatMap((check, at) => {
    const head = list[at - 1]?.category === check.category ? [] : [`${at === 0 ? "" : "\n"}${check.category}`];
    return head.concat(checkLines(check, style));
  });
  return `${[...lines, ...(lines.length > 0 ? [""] : []), sum(list)].join("\n")}\n`;
}

function checkLines({ outcome, name, reason, hint }: Check, { color }: Style): readonly string[] {
  const word = outcome.padEnd(8);
  return [
    `  ${color ? paintState(word, outcome) : word}  ${plain(name)}`,
    ...[reason, hint].filter((text) => text !== "").map((text) => indent + plain(text)),
  ];
}

function sum(list: readonly Check[]): string {
  const count = (outcome: Check["outcome"]): number => list.filter((check) => check.outcome === outcome).length;
  return `${count("ok")} ok, ${plural(count("warning"), "warning")}, ${plural(count("error"), "error")}`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
