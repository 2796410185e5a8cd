/** What the head of a response says (RFC 9112), as far as anybody here asks. */
export type ResponseHead = {
  readonly status: number;
  /** Names in lower case; of what does not concern a reader nothing is kept. */
  readonly headers: Readonly<Partial<Record<KeptHeader, string>>>;
  /** How the body ends: after so many bytes, after the last chunk, or with the connection. */
  readonly framing: number | "chunked" | "close";
  /** Whether the connection may carry another request. */
  readonly isKept: boolean;
  /** For how long the server keeps it idle, in ms; undefined when it does not say. */
  readonly idleMs: number | undefined;
};

type KeptHeader =
  | "content-type"
  | "content-encoding"
  | "content-length"
  | "transfer-encoding"
  | "connection"
  | "keep-alive"
  | "retry-after";

const kept: ReadonlySet<string> = new Set<KeptHeader>([
  "content-type",
  "content-encoding",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "retry-after",
]);

/** A status line of HTTP/1.0 or 1.1; the reason is anybody's. */
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
const fieldLine = /^([!#$%&'*+\-.^_`|~\dA-Za-z]+):[\t ]*((?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)[\t ]*$/;

/**
 * Reads the text before the empty line. Undefined for whatever is not exactly a head, or could be read in two ways: two
 * lengths, a length beside a coding, folded lines, a lone CR. Who is answered by one of those cannot know where the next
 * answer begins.
 */
export function parseHead(text: string): ResponseHead | undefined {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const head = parse(text);
  if (head === undefined || text.length > longestKept) return head;
  if (parsed.size >= mostKept) parsed.clear();
  parsed.set(text, head);
  return head;
}

/** Servers send the same heads again and again, until the next second at least: to look one up is a tenth of the work. */
const parsed = new Map<string, ResponseHead>();
const mostKept = 512;
const longestKept = 1_024;

function parse(text: string): ResponseHead | undefined {
  const [first = "", ...lines] = text.split("\r\n");
  const start = statusLine.exec(first);
  if (start === null) return undefined;
  const headers: Partial<Record<string, string>> = {};
  for (const line of lines) {
    const field = fieldLine.exec(line);
    if (field === null) return undefined;
    const [, name = "", value = ""] = field;
    const lower = name.toLowerCase();
    if (!kept.has(lower)) continue;
    if (headers[lower] !== undefined && lower !== "retry-after") return undefined;
    headers[lower] = value;
  }
  const status = Number(start[2]);
  const framing = framingOf(status, headers);
  if (framing === undefined) return undefined;
  const isKept = start[1] === "1" && framing !== "close" && !/\bclose\b/i.test(headers["connection"] ?? "");
  return { status, headers, framing, isKept, idleMs: idleOf(headers["keep-alive"]) };
}

/** RFC 9112, 6.3. */
function framingOf(status: number, headers: ResponseHead["headers"]): ResponseHead["framing"] | undefined {
  const { "transfer-encoding": coding, "content-length": length } = headers;
  if (status < 200 || status === 204 || status === 304) return 0;
  if (coding !== undefined) return length === undefined && coding.toLowerCase() === "chunked" ? "chunked" : undefined;
  if (length === undefined) return "close";
  return /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

function idleOf(keepAlive: string | undefined): number | undefined {
  const seconds = /\btimeout=(\d{1,6})\b/i.exec(keepAlive ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
