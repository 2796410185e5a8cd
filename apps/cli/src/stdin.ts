/** All of stdin as text, bounded. */
export async function readStdin(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
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
