/** A line that tells a chunk's size, its extensions included. */
const maxLineBytes = 1_024;
/** All lines after the last chunk. */
const maxTrailerBytes = 8 * 1_024;

/** What a step came to: how much of the bytes it took, and whether the body has ended. `malformed` ends everything. */
export type ChunkedStep = { readonly taken: number; readonly isOver: boolean } | "malformed";

/** Reads a body in chunks (RFC 9112, 7.1) as its bytes come. */
export class ChunkedBody {
  readonly #take: (bytes: Buffer) => void;
  #state: "size" | "data" | "data end" | "trailer" = "size";
  /** Of the chunk in hand, still to come. */
  #left = 0;
  /** A line that is not whole yet. */
  #line = "";
  #trailerBytes = 0;

  /** `take` hears each piece of the body; its bytes are only valid meanwhile. */
  constructor(take: (bytes: Buffer) => void) {
    this.#take = take;
  }

  read(bytes: Buffer, from: number): ChunkedStep {
    let at = from;
    while (at < bytes.length) {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#left);
        this.#take(bytes.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "data end";
        continue;
      }
      const end = bytes.indexOf(0x0a, at);
      const stop = end === -1 ? bytes.length : end + 1;
      this.#line += bytes.toString("latin1", at, stop);
      at = stop;
      if (this.#line.length > maxLineBytes) return "malformed";
      if (end === -1) break;
      const line = this.#line;
      this.#line = "";
      if (!line.endsWith("\r\n") || line.indexOf("\r") !== line.length - 2) return "malformed";
      const isOver = this.#readLine(line.slice(0, -2));
      if (isOver === undefined) return "malformed";
      if (isOver) return { taken: at, isOver };
    }
    return { taken: at, isOver: false };
  }

  /** Whether the body has ended with this line; undefined when it may not stand here. */
  #readLine(line: string): boolean | undefined {
    switch (this.#state) {
      case "size": {
        const size = /^([\da-f]{1,8})(?:[\t ]*;[\t\x20-\x7e\x80-\xff]*)?$/i.exec(line)?.[1];
        if (size === undefined) return undefined;
        this.#left = Number.parseInt(size, 16);
        this.#state = this.#left === 0 ? "trailer" : "data";
        return false;
      }
      case "data end":
        this.#state = "size";
        return line === "" ? false : undefined;
      case "trailer":
        this.#trailerBytes += line.length;
        return this.#trailerBytes > maxTrailerBytes ? undefined : line === "";
      case "data":
        return undefined;
    }
  }
}
