/**
 * For HEALTHCHECK, in images that have neither shell nor curl: `healthy.js URL` exits 0 when the process in the same
 * container says at URL that it is ready, else 1. A URL of grpc.health.v1 is called as Connect does, any other by GET.
 */
const url = new URL(process.argv[2] ?? "");
const { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http");
const isRpc = url.pathname.startsWith("/grpc.health.v1.Health/");

const asking = request(url, {
  method: isRpc ? "POST" : "GET",
  headers: isRpc ? { "content-type": "application/json" } : {},
  // Whom the certificate is for is the clients' question; this end of the connection is in the same container.
  rejectUnauthorized: false,
  signal: AbortSignal.timeout(2_500),
});
asking.on("error", ({ message }) => end(1, message));
asking.on("response", async (response) => {
  response.setEncoding("utf8");
  let body = "";
  for await (const text of response) body += text;
  const ready = response.statusCode === 200 && (!isRpc || JSON.parse(body).status === "SERVING");
  end(ready ? 0 : 1, `${response.statusCode} ${body}`);
});
asking.end(isRpc ? "{}" : undefined);

/** What is printed is kept by the engine: `docker inspect` shows why a container is unhealthy. */
function end(code, text) {
  console.log(text.slice(0, 1_000));
  process.exit(code);
}
