const bearer = /\bBearer\s+[A-Za-z0-9._~+/=-]+/gi;
const jwt = /\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,4}/g;

/** Cuts tokens out of a line. On the finished text, so that no field, error or nested value is forgotten. */
export function scrub(line: string): string {
  return line.replace(bearer, "Bearer [redacted]").replace(jwt, "[redacted]");
}
