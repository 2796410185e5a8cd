/**
 * For HEALTHCHECK, in images that have neither shell nor curl: `healthy.js URL` exits 0 when the process in the same
 * container says at URL that it is ready, else 1. A URL of grpc.health.v1 is called as Connect does, any other by GET.
 * A listener that turns out not to speak HTTP is asked by HTTPS.
 */
const [url = ""] = process.argv.slice(2);
const isRpc = url.includes("/grpc.health.v1.Health/");
/** For all attempts, in ms; the engine gives up after 3 s. */
const signal = AbortSignal.timeout(2_500);

const answer = await ask("node:http", url).catch((error) =>
  signal.aborted || error.code === "ECONNREFUSED" ? error : ask("node:https", url.replace(/^http:/, "https:")),
);
// What is printed is kept by the engine: `docker inspect` shows why a container is unhealthy.
console.log(answer instanceof Error ? answer.message : `${answer.status} ${answer.body.slice(0, 1_000)}`);
const { status, body } = answer;
process.exit(status === 200 && (!isRpc || JSON.parse(body).status === "SERVING") ? 0 : 1);

/** One attempt: the status and the body of what is answered. */
function ask(module, target) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const { request } = process.getBuiltinModule(module);
  request(target, {
    method: isRpc ? "POST" : "GET",
    headers: isRpc ? { "content-type": "application/json" } : {},
    // Whom the certificate is for is the clients' question; both ends of this connection are in one container.
    rejectUnauthorized: false,
    signal,
  })
    .on("error", reject)
    .on("response", async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
    })
    .end(isRpc ? "{}" : undefined);
  return promise;
}
