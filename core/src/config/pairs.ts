/** Splits `key=value` on the first `=`, so that values may hold more of them; undefined without one. */
export function splitAssignment(text: string): readonly [key: string, value: string] | undefined {
  const index = text.indexOf("=");
  return index <= 0 ? undefined : [text.slice(0, index), text.slice(index + 1)];
}

/** Splits `name=products,url=http://h` at its commas; `\,` is a comma within a value and `\\` a backslash. */
export function splitPairs(text: string): readonly string[] | { readonly message: string } {
  const parts = [""];
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? "";
    if (char === "\\") {
      index += 1;
      const escaped = text[index];
      if (escaped !== "," && escaped !== "\\") return { message: String.raw`"\" stands before "," or "\" only` };
      parts.push(parts.pop() + escaped);
    } else if (char === ",") parts.push("");
    else parts.push(parts.pop() + char);
  }
  return parts;
}

/** Writes a value so that `splitPairs` reads it back. */
export function escapePair(value: string): string {
  return value.replaceAll(/[\\,]/g, (char) => `\\${char}`);
}
