/** What a client's request may hand on. Its identity never is: the gateway vouches for it by a token of its own. */
const allowedNames = ["traceparent", "tracestate", "x-request-id"];

export function allowed(headers: Readonly<Record<string, string>>): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of allowedNames) {
    const value = headers[name];
    if (value !== undefined && /^[\t\x20-\x7e]{1,512}$/.test(value)) passed[name] = value;
  }
  return passed;
}

const written = new WeakMap<Readonly<Record<string, string>>, string>();

/** The same as field lines. One request of a client makes several, with the same headers. */
export function fieldsOf(headers: Readonly<Record<string, string>>): string {
  const known = written.get(headers);
  if (known !== undefined) return known;
  const lines = Object.entries(allowed(headers)).map(([name, value]) => `${name}: ${value}\r\n`);
  const text = lines.join("");
  written.set(headers, text);
  return text;
}
