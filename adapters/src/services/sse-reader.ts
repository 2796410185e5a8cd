/** One event of a stream; the fields that graphql-sse knows. */
type SseEvent = { readonly event: string; readonly data: string };

/**
 * Reads `text/event-stream` (HTML standard, 9.2.6) from chunks that may break anywhere. An event
 * without `event` and `data`, such as a comment that keeps the connection alive, is none.
 */
export class SseReader {
  readonly #maxChars: number;
  /** The line that has begun. */
  #line = "";
  #afterReturn = false;
  #event: string | undefined;
  #data: string[] = [];
  #chars = 0;
  #isTooLong = false;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** The event that has begun is longer than it may be; nothing more can be read. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  *read(chunk: string): Generator<SseEvent, void, void> {
    const text = this.#afterReturn && chunk.startsWith("\n") ? chunk.slice(1) : chunk;
    this.#afterReturn = chunk === "" ? this.#afterReturn : chunk.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    const begun = lines.pop() ?? "";
    for (const line of lines) {
      const event = this.#take(this.#line + line);
      this.#line = "";
      if (this.#isTooLong) return;
      if (event !== undefined) yield event;
    }
    this.#line += begun;
    this.#isTooLong = this.#chars + this.#line.length > this.#maxChars;
  }

  #take(line: string): SseEvent | undefined {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line.startsWith(": ", colon) ? colon + 2 : colon + 1);
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    if (field === "event" || field === "data") this.#chars += line.length;
    this.#isTooLong = this.#chars > this.#maxChars;
    return undefined;
  }

  #dispatch(): SseEvent | undefined {
    const isOne = this.#event !== undefined || this.#data.length > 0;
    const event = { event: this.#event ?? "message", data: this.#data.join("\n") };
    this.#event = undefined;
    this.#data = [];
    this.#chars = 0;
    return isOne ? event : undefined;
  }
}
