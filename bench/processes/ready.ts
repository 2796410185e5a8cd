import type { Server } from "node:http";

/** Binds a port of its own, prints the Ready document when it listens, and ends on SIGTERM or with its parent. */
export function tellReady(name: string, server: Server): void {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/graphql`;
    const items = [{ process: name, pid: process.pid, listeners: [{ name: "graphql", url }] }];
    process.stdout.write(`${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`);
  });
  process.once("SIGTERM", () => process.exit());
  process.stdin.once("end", () => process.exit()).resume();
}
