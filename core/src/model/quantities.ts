import { quote } from "./quote.ts";

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const bytes = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** The longest a timer of the runtime can wait (2^31 - 1 ms, 24.8 days): a longer duration would fire at once. */
export const longestDuration = 2_147_483_647;

/** A whole number and its unit, never a bare number: a reader must not have to guess seconds or milliseconds. */
export const durationPattern = /^[1-9][0-9]{0,14}(ms|s|m|h)$/;

/** A whole number and its binary unit. `MB` is refused because half of all readers take it for 1000 * 1000. */
export const sizePattern = /^[1-9][0-9]{0,14}(B|KiB|MiB|GiB)$/;

/** Reads "250ms", "5s", "2m" or "1h" as milliseconds; a string is what is wrong with the text. */
export function parseDuration(text: string): number | string {
  if (!durationPattern.test(text)) {
    return `${quote(text)} is not a duration, such as "250ms", "5s", "2m" or "1h"`;
  }
  const duration = parseQuantity(text, milliseconds);
  return duration > longestDuration ? "longer than the 24 days that a timer can wait" : duration;
}

/** The shortest text that `parseDuration` reads back as the same number. */
export function formatDuration(value: number): string {
  return formatQuantity(value, milliseconds);
}

/** Reads "512B", "64KiB", "4MiB" or "1GiB" as bytes; a string is what is wrong with the text. */
export function parseSize(text: string): number | string {
  if (!sizePattern.test(text)) {
    return `${quote(text)} is not a size, such as "512B", "64KiB", "4MiB" or "1GiB"`;
  }
  const size = parseQuantity(text, bytes);
  return Number.isSafeInteger(size) ? size : "too large a size";
}

/** The shortest text that `parseSize` reads back as the same number. */
export function formatSize(value: number): string {
  return formatQuantity(value, bytes);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number {
  const number = Number.parseInt(text, 10);
  return number * (units[text.slice(String(number).length)] ?? Number.NaN);
}

function formatQuantity(value: number, units: Readonly<Record<string, number>>): string {
  const [unit, factor] = Object.entries(units).findLast(([, factor]) => value % factor === 0) ?? ["", 1];
  return `${value / factor}${unit}`;
}
