/** What stands in data where a value should be, and is no object of the data: it has no keys to read or to merge. */
export abstract class StandIn {
  /** Never a key: what an object of JSON has of its own is text. */
  declare readonly isStandIn: never;
}

/**
 * A number of JSON of which a double would lose digits, as it was written. No JSON that is parsed makes one, so none can be
 * forged; written as JSON again, by itself or within a value, it is the very same digits.
 */
export class LongNumber extends StandIn {
  readonly source: string;

  constructor(source: string) {
    super();
    this.source = source;
  }

  get isInteger(): boolean {
    return /^-?\d+$/.test(this.source);
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.source);
  }
}

/** Whether a number, as it is written, has more digits than every double keeps. */
export function isLong(source: string): boolean {
  if (source.length < longDigits) return false;
  const [mantissa = ""] = source.split(/e/i, 1);
  return mantissa.replace(/^-?[0.]*/, "").replace(".", "").length >= longDigits;
}

/** Parses JSON and loses no digit of its numbers. Throws as JSON.parse does. */
export function parseJson(text: string): unknown {
  return mayHoldLong(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

/** Every decimal number with fewer is told apart from all others by its double. */
const longDigits = 16;

/** The reviver that keeps digits, for those who have no say in how JSON is parsed. */
export function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  if (typeof value !== "number" || source === undefined) return value;
  const isKept = Number.isFinite(value) && (!isLong(source) || String(value) === source);
  return isKept ? value : new LongNumber(source);
}

/**
 * Looks at each sixteenth character only, since no run of sixteen digits lies between two of them: a small part of the
 * time that parsing takes. Runs in strings, such as long ids, are mostly told by the quote before them.
 */
export function mayHoldLong(text: string): boolean {
  for (let index = longDigits - 1; index < text.length; index += longDigits) {
    if (!isDigit(text, index)) continue;
    let start = index;
    while (start > 0 && isDigit(text, start - 1)) start -= 1;
    let end = index + 1;
    while (isDigit(text, end)) end += 1;
    if (end - start >= longDigits && !(text[start - 1] === '"' && text[end] === '"')) return true;
    index = Math.max(index, end - longDigits);
  }
  return false;
}

/** A digit or the point between digits. */
function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

declare global {
  interface JSON {
    /** ECMAScript 2026: what JSON.stringify writes as it stands. */
    rawJSON(text: string): unknown;
  }
}
