/** What a client's request may hand on. Its identity never is: the gateway vouches for it by a token of its own. */
const allowedNames = ["traceparent", "tracestate", "x-request-id"];

const isPassed = /^[\t\x20-\x7e]{1,512}$/;

function isAllowed(value: string | undefined): value is string {
  return value !== undefined && isPassed.test(value);
}

/** And the gateway's own token, if it has one for the service. */
export function allowed(headers: Readonly<Record<string, string>>, token: string | undefined): Record<string, string> {
  const passed: Record<string, string> = token === undefined ? {} : { authorization: bearer(token) };
  for (const name of allowedNames) if (isAllowed(headers[name])) passed[name] = headers[name];
  return passed;
}

/** The same as field lines, without an object between: each request to a service has them. */
export function fieldsOf(headers: Readonly<Record<string, string>>, token: string | undefined): string {
  let lines = token === undefined ? "" : `authorization: ${bearer(token)}\r\n`;
  for (const name of allowedNames) if (isAllowed(headers[name])) lines += `${name}: ${headers[name]}\r\n`;
  return lines;
}

/** The gateway's own, so it has no other characters; and if it ever had, no line would be written by them. */
function bearer(token: string): string {
  return `Bearer ${token.replace(/[^\w.-]/g, "")}`;
}
