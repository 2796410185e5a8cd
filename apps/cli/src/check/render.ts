import { type Style, plain } from "../table.ts";
import { paintState } from "../views/state.ts";
import type { Check } from "./checks.ts";

const indent = " ".repeat(12);

/** The checks by category, each failure with its reason and what to do, then the sum of all; `short` shows failures only. */
export function renderChecks(all: readonly Check[], short: boolean, style: Style): string {
  const list = short ? all.filter(({ outcome }) => outcome !== "ok") : all;
  const lines = list.flatMap((check, at) => {
    const head = list[at - 1]?.category === check.category ? [] : [`${at === 0 ? "" : "\n"}${check.category}`];
    return head.concat(checkLines(check, style));
  });
  return `${[...lines, ...(lines.length > 0 ? [""] : []), sum(all)].join("\n")}\n`;
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
