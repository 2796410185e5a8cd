/** The least that can stand between a client and a service: bytes in, bytes out, by undici. */
import { createServer } from "node:http";
import { Pool } from "undici";

const { origin, pathname: path } = new URL(process.env["BENCH_TARGET"] ?? "");
const pool = new Pool(origin, { connections: 50 });
const headers = { "content-type": "application/json" };

const server = createServer((request, response) => {
  pool
    .request({ method: "POST", path, headers, body: request })
    .then(({ statusCode, body }) => body.pipe(response.writeHead(statusCode, headers)))
    .catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/graphql`;
  const items = [{ process: "proxy", pid: process.pid, listeners: [{ name: "graphql", url }] }];
  process.stdout.write(`${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`);
});
process.once("SIGTERM", () => process.exit());
