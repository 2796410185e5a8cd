/** How deep objects and arrays of a token may lie in each other. */
const maxDepth = 8;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A JSON object out of bytes. Undefined unless it is one in valid UTF-8, not nested too deep, and no object in it has a
 * member twice: of two, one reader takes the first and another the last (RFC 8725 2.4).
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  const parsed = parse(bytes);
  if (parsed === undefined || !isObject(parsed.value)) return undefined;
  return isPlain(parsed.text) ? parsed.value : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } | undefined {
  try {
    const text = utf8.decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Of text that is JSON: neither nested too deep nor with a member twice. */
function isPlain(text: string): boolean {
  /** The members of each open object; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let index = 0; index < text.length; index++) {
    switch (text.charAt(index)) {
      case "{":
      case "[":
        if (open.push(text[index] === "{" ? new Set() : undefined) > maxDepth) return false;
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, index);
        if (isName(text, end) && !added(open.at(-1), JSON.parse(text.slice(index, end)))) return false;
        index = end - 1;
        break;
      }
    }
  }
  return true;
}

/** Behind the closing quote of the string that opens here. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}

/** Whether a colon follows: then the string before it is a member's name. */
function isName(text: string, end: number): boolean {
  let index = end;
  while (index < text.length && " \t\r\n".includes(text[index] ?? "")) index += 1;
  return text[index] === ":";
}

function added(names: Set<string> | undefined, name: unknown): boolean {
  if (names === undefined || typeof name !== "string") return true;
  return names.size < names.add(name).size;
}
