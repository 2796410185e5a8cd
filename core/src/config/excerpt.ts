import type { Place } from "./place.ts";

const width = 100;

/** The line of a place with a caret beneath; undefined for places that are not in a document. */
export function excerptOf(place: Place): string | undefined {
  if (!place.source) return undefined;
  const { lines, line, column } = place.source;
  const whole = printable(lines[line - 1] ?? "");
  const start = Math.max(0, Math.min(column - width / 2, whole.length - width));
  const number = String(line);
  const gutter = " ".repeat(number.length);
  return [
    `  ${number} | ${whole.slice(start, start + width)}`,
    `  ${gutter} | ${" ".repeat(column - 1 - start)}^`,
  ].join("\n");
}

/** Keeps every column where it is: control characters could drive the terminal, credentials could leak. */
function printable(line: string): string {
  return line
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, " ")
    .replaceAll(/(?<=:\/\/)[^/@\s"]+@/g, (credential) => `${"*".repeat(credential.length - 1)}@`);
}
