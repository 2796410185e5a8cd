import { leaveDirectWay } from "./not-direct.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Up to here a loop takes less time than a call of `set`. */
const shortBytes = 48;

/** What grew beyond is not held for the next use. */
const largestKept = 256 * 1_024;

/** Bytes that are written one after the other, and read as one in the end. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #capacity: number;
  readonly #most: number;

  /** More than `most` bytes are not written. */
  constructor(capacity: number, most: number) {
    this.#capacity = Math.min(capacity, most);
    this.#bytes = new Uint8Array(this.#capacity);
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  get text(): string {
    return decoder.decode(this.written);
  }

  /** Begins anew. What was read as bytes before is written over. */
  clear(): void {
    if (this.#bytes.length > largestKept) this.#bytes = new Uint8Array(this.#capacity);
    this.#length = 0;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  all(source: Uint8Array): void {
    this.part(source, 0, source.length);
  }

  part(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    let to = this.#length;
    if (to + size > this.#bytes.length) this.#grow(size);
    this.#length = to + size;
    const bytes = this.#bytes;
    if (size > shortBytes) bytes.set(source.subarray(start, end), to);
    else for (let from = start; from < end;) bytes[to++] = source[from++] ?? 0;
  }

  /** Takes back all that was written after that length. */
  rewind(length: number): void {
    this.#length = length;
  }

  /** Whether the bytes from `start` on are those at another place. */
  repeats(start: number, other: number, size: number): boolean {
    for (let index = 0; index < size; index += 1)
      if (this.#bytes[start + index] !== this.#bytes[other + index]) return false;
    return true;
  }

  /** FNV-1a of the bytes from `start` on. */
  hash(start: number): number {
    let hash = 0x811c9dc5;
    for (let index = start; index < this.#length; index += 1)
      hash = Math.imul(hash ^ (this.#bytes[index] ?? 0), 0x01000193);
    return hash >>> 0;
  }

  #grow(size: number): void {
    const needed = this.#length + size;
    if (needed > this.#most) leaveDirectWay();
    const bytes = new Uint8Array(Math.max(needed, Math.min(this.#bytes.length * 2, this.#most)));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
