/** A JSON log line as a person reads it: `12:00:00.000 warn  message key=value`. A line that is no JSON stays as it is. */
export function prettyLine(line: string): string {
  const record = parse(line);
  if (record === undefined) return line;
  const { level, time, message, error, ...fields } = record;
  const facts = Object.entries(fields).map(([key, value]) => ` ${key}=${show(value)}`);
  const stack = isRecord(error) ? `\n  ${String(error["stack"] ?? error["message"]).replaceAll("\n", "\n  ")}` : "";
  return `${String(time).slice(11, 23)} ${String(level).padEnd(5)} ${String(message)}${facts.join("")}${stack}\n`;
}

function show(value: unknown): string {
  return typeof value === "string" && /^[\w./:-]+$/.test(value) ? value : JSON.stringify(value);
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
