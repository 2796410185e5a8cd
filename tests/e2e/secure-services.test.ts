import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { Issued } from "@catalyst-node/adapters/certificates";
import { TestCertificates } from "../support/certificates.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { runNode, untilService } from "../support/node.ts";

const sdl = (field: string) => `type Query { ${field}: String }`;

/** A service over TLS, which answers its one field, and its SDL. */
async function secureService(field: string, { cert, key }: Pick<Issued, "cert" | "key">, host = "127.0.0.1") {
  let requests = 0;
  let connections = 0;
  const server = createServer({ cert, key }, (request, response) => {
    requests += 1;
    request.resume();
    const data = { [field]: `by ${request.headers.host}`, _service: { sdl: sdl(field) } };
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
  })
    .on("connection", () => (connections += 1))
    .listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests: () => requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

test("a service by https is asked over TLS, when an authority that this machine trusts vouches for its name", async () => {
  await using folder = await temporaryFolder();
  const [trusted, foreign] = [new TestCertificates(folder.path), new TestCertificates(folder.path)];
  await using good = await secureService("good", trusted.issue());
  await using stranger = await secureService("stranger", foreign.issue());
  // Its certificate is for localhost and 127.0.0.1.
  await using misnamed = await secureService("misnamed", trusted.issue(), "127.0.0.2");
  const schemas = Object.fromEntries(
    ["stranger", "misnamed"].map((name) => [name, join(folder.path, `${name}.graphql`)]),
  );
  for (const [name, file] of Object.entries(schemas)) await writeFile(file, sdl(name));
  await writeFile(join(folder.path, "ca.pem"), trusted.ca);
  await using node = await runNode({
    stateDir: join(folder.path, "state"),
    services: {
      good: `https://localhost:${good.port}/graphql`,
      stranger: `https://localhost:${stranger.port}/graphql,schema.from=file,schema.file=${schemas["stranger"]}`,
      misnamed: `https://127.0.0.2:${misnamed.port}/graphql,schema.from=file,schema.file=${schemas["misnamed"]}`,
    },
    env: { NODE_EXTRA_CA_CERTS: join(folder.path, "ca.pem") },
  });
  for (const name of ["good", "stranger", "misnamed"]) await untilService(node, name, "serving");
  const before = good.requests();
  const { data, errors = [] } = await ask(node.graphql, "{ good stranger misnamed }");
  assert.deepEqual(data, { good: `by localhost:${good.port}`, stranger: null, misnamed: null });
  const codes = Object.fromEntries(errors.map(({ path, extensions }) => [String(path), extensions?.["code"]]));
  assert.deepEqual(codes, { stranger: "SERVICE_UNAVAILABLE", misnamed: "SERVICE_UNAVAILABLE" });
  assert.equal(good.requests() - before, 1);
  assert.ok(stranger.connections() > 0 && misnamed.connections() > 0, "they were connected to");
  assert.deepEqual([stranger.requests(), misnamed.requests()], [0, 0], "and told nothing: they proved nothing");
});
