/** Something wrong with a text at an offset, found without parsing it. */
export type Flaw = { readonly kind: "deep" | "syntax"; readonly offset: number; readonly message: string };

/**
 * What the parser would not survive (deep nesting), not notice (control characters within text) or tell at a
 * misleading place (brackets and quotes that are not closed, text after the end).
 */
export function scanJson(text: string, maxNesting: number): Flaw | undefined {
  const open: string[] = [];
  let inText = false;
  for (let offset = 0; offset < text.length; offset += 1) {
    const char = text[offset] ?? "";
    if (inText) {
      if (char < " ") return flaw(offset, "a text must end on its line; a line break in it is written \\n");
      if (char === "\\") offset += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    // What follows is no JSON, so its brackets mean nothing; the parser stops here too and tells it.
    else if (char === "/" || char === "#" || char === "'") return undefined;
    else if (char === "{" || char === "[") {
      open.push(char === "{" ? "}" : "]");
      if (open.length > maxNesting) return { kind: "deep", offset, message: `nested deeper than ${maxNesting} levels` };
    } else if (char === "}" || char === "]") {
      const expected = open.pop();
      if (expected !== char)
        return flaw(offset, `"${char}" closes nothing${expected === undefined ? "" : `; "${expected}" is expected`}`);
      const rest = text.slice(offset + 1).search(/[^ \t\r\n]/);
      if (open.length === 0)
        return rest < 0 ? undefined : flaw(offset + 1 + rest, "nothing may follow the end of the JSON");
    }
  }
  if (inText) return flaw(text.trimEnd().length, "the text ends too early; a quote is not closed");
  const expected = open.at(-1);
  return expected === undefined
    ? undefined
    : flaw(text.trimEnd().length, `the text ends too early; "${expected}" is expected`);
}

function flaw(offset: number, message: string): Flaw {
  return { kind: "syntax", offset, message };
}

/** What a person did at the place where JSON ends: each pattern is tried on the text around it. */
const habits: readonly { readonly before?: RegExp; readonly at: RegExp; readonly message: string }[] = [
  { at: /^(?:\/\/|\/\*|#)/, message: "a comment; configuration is plain JSON and has none" },
  { before: /,\s*$/, at: /^[}\]]/, message: "a comma before the closing bracket; remove it" },
  { at: /^'/, message: `text stands in double quotes, not single ones` },
  { before: /(?:"|\d|true|false|null|\}|\])\s*$/, at: /^["[{\d]/, message: "a comma or colon is missing before this" },
  { before: /[{,]\s*$/, at: /^[A-Za-z_$]/, message: "keys stand in double quotes" },
  { at: /^\\/, message: "not an escape of JSON; a backslash itself is written \\\\" },
  { at: /^[A-Za-z_$]/, message: "not a value of JSON; text stands in double quotes" },
];

/** Says what is wrong with JSON at an offset, in words that say what to do. */
export function explainSyntax(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - 200), offset);
  const at = text.slice(offset, offset + 20);
  const habit = habits.find((habit) => habit.at.test(at) && (habit.before?.test(before) ?? true));
  return habit?.message ?? `not JSON: unexpected ${JSON.stringify(text.slice(offset, offset + 1))}`;
}
