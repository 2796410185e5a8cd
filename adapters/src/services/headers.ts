/** What a client's request may hand on. Its identity never is: the gateway vouches for it by a token of its own. */
const allowedNames = ["traceparent", "tracestate", "x-request-id"];

const isPassed = /^[\t\x20-\x7e]{1,512}$/;

export function allowed(headers: Readonly<Record<string, string>>): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of allowedNames) {
    const value = headers[name];
    if (value !== undefined && isPassed.test(value)) passed[name] = value;
  }
  return passed;
}

/** The same as field lines. */
export function fieldsOf(headers: Readonly<Record<string, string>>): string {
  let lines = "";
  for (const name of allowedNames) {
    const value = headers[name];
    if (value !== undefined && isPassed.test(value)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}
