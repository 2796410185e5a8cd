import { leaveDirectWay } from "./not-direct.ts";

const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;

/** Deeper JSON than this is not looked at; core's leaf writer draws the same line. */
const maxDepth = 64;
/** Longer numbers may be more, or less, than a double. */
const maxNumberBytes = 20;

/**
 * Reads JSON (RFC 8259) where it is known what has to come; whatever else comes leaves the direct way. The bytes have to be
 * UTF-8. Each method begins at `at`, behind white space, and moves behind what it read.
 */
export class Scanner {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next byte that is no white space; zero at the end. */
  peek(): number {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return 0;
      if (byte > 0x20) return byte;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) leaveDirectWay();
      this.at += 1;
    }
  }

  /** Takes the byte when it is the next one. */
  takes(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  expect(byte: number): void {
    if (!this.takes(byte)) leaveDirectWay();
  }

  /** The very bytes. */
  literal(expected: Uint8Array): void {
    this.peek();
    if (!this.matches(expected, this.at)) leaveDirectWay();
    this.at += expected.length;
  }

  /** `{"key":` or `,"key":`, with white space or without. */
  label(expected: Uint8Array): void {
    if (this.matches(expected, this.at)) {
      this.at += expected.length;
      return;
    }
    this.expect(expected[0] ?? 0);
    this.key(expected.subarray(1));
  }

  /** `"key":`, with white space or without. */
  key(expected: Uint8Array): void {
    this.literal(expected.subarray(0, -1));
    this.expect(0x3a);
  }

  matches(expected: Uint8Array, start: number): boolean {
    for (let index = 0; index < expected.length; index += 1)
      if (this.bytes[start + index] !== expected[index]) return false;
    return true;
  }

  takesNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.literal(nullBytes);
    return true;
  }

  boolean(): void {
    this.literal(this.peek() === 0x74 ? trueBytes : falseBytes);
  }

  string(): void {
    this.expect(quote);
    const { bytes } = this;
    const end = bytes.length;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        this.at = at + 1;
        return;
      }
      if (byte < 0x20) leaveDirectWay();
      at = byte === backslash ? this.#escape(at + 1) : at + 1;
    }
    leaveDirectWay();
  }

  /** An integer of 32 bits, written as such. */
  int(): void {
    const isNegative = this.takes(minus);
    const first = this.at;
    this.#digits();
    const size = this.at - first;
    if (size > 10 || this.bytes[this.at] === point) leaveDirectWay();
    let value = 0;
    for (let at = first; at < this.at; at += 1) value = value * 10 + ((this.bytes[at] ?? 0) - zero);
    if (value > (isNegative ? 2_147_483_648 : 2_147_483_647) || (isNegative && value === 0)) leaveDirectWay();
  }

  /** A number without an exponent, and no negative zero: as a client would be answered it. */
  number(): void {
    const isNegative = this.takes(minus);
    const first = this.at;
    this.#digits();
    if (this.bytes[this.at] === point) {
      this.at += 1;
      if (!isDigit(this.bytes[this.at])) leaveDirectWay();
      while (isDigit(this.bytes[this.at])) this.at += 1;
    }
    if (this.at - first > maxNumberBytes) leaveDirectWay();
    if (isNegative && !this.#isNonZero(first)) leaveDirectWay();
  }

  /** Any value at all. */
  value(depth = 0): void {
    const first = this.peek();
    if (first === quote) return this.string();
    if (first === 0x74 || first === 0x66) return this.boolean();
    if (first === 0x6e) return this.literal(nullBytes);
    if (first === 0x5b || first === 0x7b) return this.#container(first, depth);
    this.number();
  }

  #container(open: number, depth: number): void {
    if (depth >= maxDepth) leaveDirectWay();
    this.at += 1;
    const close = open + 2;
    if (this.takes(close)) return;
    do {
      if (open === 0x7b) {
        this.string();
        this.expect(0x3a);
      }
      this.value(depth + 1);
    } while (this.takes(0x2c));
    this.expect(close);
  }

  /** Without zeros in front. */
  #digits(): void {
    const first = this.bytes[this.at];
    if (!isDigit(first)) leaveDirectWay();
    this.at += 1;
    if (first === zero) return;
    while (isDigit(this.bytes[this.at])) this.at += 1;
  }

  #isNonZero(from: number): boolean {
    for (let at = from; at < this.at; at += 1) {
      const byte = this.bytes[at] ?? 0;
      if (byte !== zero && byte !== point) return true;
    }
    return false;
  }

  /** Behind the escape whose backslash stands before `at`. */
  #escape(at: number): number {
    const byte = this.bytes[at] ?? 0;
    if (simpleEscapes.has(byte)) return at + 1;
    if (byte !== 0x75) leaveDirectWay();
    for (let index = 1; index <= 4; index += 1) if (!isHex(this.bytes[at + index] ?? 0)) leaveDirectWay();
    return at + 5;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isHex(byte: number): boolean {
  return (byte >= zero && byte <= nine) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const nullBytes = ascii("null");
const trueBytes = ascii("true");
const falseBytes = ascii("false");
/** What may stand behind a backslash, `u` apart. */
const simpleEscapes: ReadonlySet<number> = new Set(ascii('"\\/bfnrt'));
