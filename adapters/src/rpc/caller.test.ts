import assert from "node:assert/strict";
import { request as httpsRequest } from "node:https";
import { test } from "node:test";
import { callerNames, readNames } from "./caller.ts";
import { Health } from "./gen/grpc/health/v1/health_pb.ts";
import { serveRpc } from "./serve.ts";
import { createAuthority } from "./testing/certificates.ts";
import { healthClient, must, temporary } from "./testing/server.ts";

test("names are read one by one, and none out of another", () => {
  assert.deepEqual(readNames("DNS:a.example, IP Address:127.0.0.1, URI:spiffe://acme/gateway"), [
    "a.example",
    "spiffe://acme/gateway",
  ]);
  assert.deepEqual(readNames(""), []);
  const hidden = String.raw`URI:"http://x/, DNS:gateway.acme, DNS:y\"", DNS:own`;
  assert.deepEqual(readNames(hidden), ["own"], "a quoted name is nobody's");
  assert.deepEqual(readNames(`DNS:a"b, DNS:gateway.acme`), [], "what cannot be read whole names nobody");
});

test(
  "a handler is told the names in its caller's certificate, by HTTP/2 and HTTP/1.1",
  { timeout: 20_000 },
  async () => {
    await using folder = await temporary();
    const authority = createAuthority("ours");
    const write = async (name: string, names: Parameters<typeof authority.issue>[1]) => {
      const { cert, key } = authority.issue(name, names);
      return {
        caFile: await folder.file(`${name}.ca`, authority.ca, 0o644),
        certFile: await folder.file(`${name}.crt`, cert, 0o644),
        keyFile: await folder.file(`${name}.key`, key),
        cert,
        key,
      };
    };
    const seen: (readonly string[])[] = [];
    await using server = must(
      await serveRpc({
        listen: "127.0.0.1:0",
        credentials: { tls: await write("server", {}) },
        routes: (router) =>
          router.service(Health, {
            check(_, { values }) {
              seen.push(values.get(callerNames));
              return { status: 1 };
            },
          }),
      }),
    );
    const tls = await write("client", { dns: ["gateway.acme", "a, DNS:evil.acme"], uri: ["spiffe://acme/west"] });
    const expected = ["localhost", "gateway.acme", "spiffe://acme/west"];
    using client = await healthClient({ address: server.url, tls });
    await client.check();
    await client.check();
    const { cert, key } = tls;
    await new Promise<void>((settle, reject) => {
      const url = `${server.url}/${Health.typeName}/Check`;
      const headers = { "content-type": "application/json" };
      const options = { method: "POST", headers, ca: authority.ca, cert, key, agent: false };
      httpsRequest(url, options, (response) => response.resume().once("end", settle))
        .once("error", reject)
        .end("{}");
    });
    assert.deepEqual(seen, [expected, expected, expected]);
  },
);

test("on a unix socket nobody has a name", async () => {
  await using folder = await temporary();
  const seen: (readonly string[])[] = [];
  await using server = must(
    await serveRpc({
      listen: `unix:${folder.path}/x.sock`,
      routes: (router) =>
        router.service(Health, {
          check(_, { values }) {
            seen.push(values.get(callerNames));
            return { status: 1 };
          },
        }),
    }),
  );
  using client = await healthClient({ address: server.url });
  await client.check();
  assert.deepEqual(seen, [[]]);
});
