import { readBounded } from "./read-bounded.ts";

/** All of stdin as text, bounded. */
export function readStdin(maxBytes: number): Promise<string> {
  return readBounded(process.stdin, maxBytes);
}

/** One line from the terminal; empty when there is none. The question goes to stderr: stdout holds the result only. */
export async function askPerson(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const end = new AbortController();
  lines.once("close", () => end.abort());
  try {
    return await lines.question(question, { signal: end.signal });
  } catch {
    return "";
  } finally {
    lines.close();
  }
}
