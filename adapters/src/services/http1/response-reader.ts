import { ChunkedBody } from "./chunked.ts";
import { parseHead, type ResponseHead } from "./head.ts";

/** What a connection brought: a whole response, or why there will be none. */
export type Outcome =
  | { readonly kind: "response"; readonly head: ResponseHead; readonly body: Buffer; readonly isReusable: boolean }
  /** Its head does not promise what is wanted, or its body is longer than allowed: the rest is not read. */
  | { readonly kind: "refused"; readonly head: ResponseHead }
  | { readonly kind: "malformed" };

/** Whether a body is worth reading, by its head. */
export type Accept = (head: ResponseHead) => boolean;

const maxHeadBytes = 16 * 1_024;
/** Interim responses (1xx) before the one that counts. */
const maxInterim = 8;
const malformed = { kind: "malformed" } as const;

/** Reads one response as its bytes come; a new one for each request. */
export class ResponseReader {
  readonly #accept: Accept;
  readonly #maxBytes: number;
  #head: ResponseHead | undefined;
  /** Of a head that is not whole yet. */
  #pending: Buffer | undefined;
  #interim = 0;
  #body: Buffer[] | undefined;
  #whole: Buffer | undefined;
  #size = 0;
  #chunked: ChunkedBody | undefined;

  constructor(accept: Accept, maxBytes: number) {
    this.#accept = accept;
    this.#maxBytes = maxBytes;
  }

  /** Undefined while more has to come. The bytes are only valid meanwhile. */
  read(bytes: Buffer): Outcome | undefined {
    if (this.#head !== undefined) return this.#readBody(this.#head, bytes, 0);
    const all = this.#pending === undefined ? bytes : Buffer.concat([this.#pending, bytes]);
    this.#pending = undefined;
    return this.#readHead(all, 0);
  }

  /** The peer will send nothing more; undefined when that is too little. */
  end(): Outcome | undefined {
    if (this.#head?.framing !== "close") return undefined;
    return this.#response(this.#head, Buffer.concat(this.#body ?? [], this.#size), false);
  }

  #readHead(bytes: Buffer, from: number): Outcome | undefined {
    const end = bytes.indexOf("\r\n\r\n", from, "latin1");
    if (end === -1 ? bytes.length - from > maxHeadBytes : end - from > maxHeadBytes) return malformed;
    if (end === -1) {
      this.#pending = Buffer.from(bytes.subarray(from));
      return undefined;
    }
    const head = parseHead(bytes.toString("latin1", from, end));
    // Nobody asked for another protocol (101).
    if (head === undefined || head.status === 101) return malformed;
    const bodyFrom = end + 4;
    if (head.status < 200) return ++this.#interim > maxInterim ? malformed : this.#readHead(bytes, bodyFrom);
    const isTooLong = typeof head.framing === "number" && head.framing > this.#maxBytes;
    if (isTooLong || !this.#accept(head)) return { kind: "refused", head };
    this.#head = head;
    return this.#readBody(head, bytes, bodyFrom);
  }

  #readBody(head: ResponseHead, bytes: Buffer, from: number): Outcome | undefined {
    const { framing } = head;
    if (framing === "chunked") return this.#readChunked(head, bytes, from);
    if (framing !== "close") return this.#readSized(head, framing, bytes, from);
    this.#keep(bytes.subarray(from));
    return this.#size > this.#maxBytes ? { kind: "refused", head } : undefined;
  }

  /** Into one buffer from the beginning: putting pieces together in the end would hold all of it twice. */
  #readSized(head: ResponseHead, length: number, bytes: Buffer, from: number): Outcome | undefined {
    const end = Math.min(bytes.length, from + length - this.#size);
    this.#whole ??= Buffer.allocUnsafe(length);
    this.#size += bytes.copy(this.#whole, this.#size, from, end);
    return this.#size === length ? this.#response(head, this.#whole, end === bytes.length) : undefined;
  }

  #readChunked(head: ResponseHead, bytes: Buffer, from: number): Outcome | undefined {
    this.#chunked ??= new ChunkedBody((piece) => {
      if (this.#size <= this.#maxBytes) this.#keep(piece);
    });
    const step = this.#chunked.read(bytes, from);
    if (step === "malformed") return malformed;
    if (this.#size > this.#maxBytes) return { kind: "refused", head };
    if (!step.isOver) return undefined;
    return this.#response(head, Buffer.concat(this.#body ?? [], this.#size), step.taken === bytes.length);
  }

  #keep(piece: Buffer): void {
    this.#size += piece.length;
    this.#body ??= [];
    this.#body.push(Buffer.from(piece));
  }

  /** What comes behind the end belongs to no request: such a connection is not used again. */
  #response(head: ResponseHead, body: Buffer, isAllRead: boolean): Outcome {
    return { kind: "response", head, body, isReusable: isAllRead && head.isKept };
  }
}
