import { StandIn } from "./long-number.ts";

/**
 * Whether objects and lists lie deeper within each other than so many levels, in JSON that is not parsed yet: whoever
 * walks through it once it is would overflow the stack. One look at each character; what stands in strings does not
 * count. What is no JSON gets some answer.
 */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quote:
        index = endOfString(text, index);
        break;
      case openingBracket:
      case openingBrace:
        depth += 1;
        if (depth > levels) return true;
        break;
      case closingBracket:
      case closingBrace:
        depth -= 1;
    }
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** Where the string ends that begins there; the end of the text if it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
  return text.length;
}

/** The same of what has been parsed, which must not be so deep that nobody could walk through it. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof StandIn) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}
