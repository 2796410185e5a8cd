import { createServer, type RequestListener } from "node:http";

/** The same supergraph for all. */
export const supergraphSdl: string = process.env["BENCH_SUPERGRAPH"] ?? "";

/** Tells where it is, in the words of the tree's own processes, and ends on SIGTERM or with its parent, whatever the peer makes of it. */
export function printReady(name: string, url: string): void {
  const items = [{ process: name, pid: process.pid, listeners: [{ name: "graphql", url }] }];
  process.stdout.write(`${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`);
  process.once("SIGTERM", () => process.exit());
  process.stdin.once("end", () => process.exit()).resume();
}

export function serve(name: string, listener: RequestListener): void {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    printReady(name, `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/graphql`);
  });
}
