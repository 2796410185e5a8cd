/** The least that can stand between a client and a service: bytes in, bytes out, by undici. */
import { createServer } from "node:http";
import { Pool } from "undici";
import { tellReady } from "./ready.ts";

const { origin, pathname: path } = new URL(process.env["BENCH_TARGET"] ?? "");
const pool = new Pool(origin, { connections: 50 });
const headers = { "content-type": "application/json" };

const server = createServer((request, response) => {
  pool
    .request({ method: "POST", path, headers, body: request })
    .then(({ statusCode, body }) => body.pipe(response.writeHead(statusCode, headers)))
    .catch(() => response.destroy());
});
tellReady("proxy", server);
