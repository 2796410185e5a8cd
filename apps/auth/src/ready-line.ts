export type Listener = { readonly name: string; readonly url: string };

/** What a process that serves prints to stdout: one line for a person, or one JSON document on one line. */
export function readyLine(listeners: readonly Listener[], output: "text" | "json"): string {
  if (output === "text") return `auth ready: ${listeners.map(({ name, url }) => `${name} ${url}`).join(", ")}\n`;
  const items = [{ process: "auth", pid: process.pid, listeners }];
  return `${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`;
}
