import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { TestCertificates } from "../support/certificates.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runProgram } from "./podman.ts";
import { root } from "../support/tree.ts";

const rpc = "grpc.health.v1.Health/Check";

test("a process that says that it is ready is healthy, and no other", async () => {
  await using listener = await listening(createServer(answers(200)));
  await using unready = await listening(createServer(answers(503)));
  assert.equal(await check(`${listener.http}/readyz`), 0);
  assert.equal(await check(`${unready.http}/readyz`), 1);
});

test("a service of grpc.health.v1 is healthy when it serves", async () => {
  await using serving = await listening(createServer(answers(200, { status: "SERVING" })));
  await using waiting = await listening(createServer(answers(200, { status: "NOT_SERVING" })));
  assert.equal(await check(`${serving.http}/${rpc}`), 0);
  assert.equal(await check(`${waiting.http}/${rpc}`), 1);
});

test("a listener that speaks HTTPS alone is asked by it, whoever its certificate is for", async () => {
  await using folder = await temporaryFolder();
  const { certFile, keyFile } = await TestCertificates.in(folder.path);
  const files = { cert: await readFile(certFile), key: await readFile(keyFile) };
  await using listener = await listening(createSecureServer(files, answers(200)));
  await using unready = await listening(createSecureServer(files, answers(503)));
  assert.equal(await check(`${listener.http}/readyz`), 0);
  assert.equal(await check(`${unready.http}/readyz`), 1);
});

test("a process that hangs, or is not there, is not healthy", async () => {
  await using listener = await listening(createServer(() => undefined));
  assert.equal(await check(`${listener.http}/readyz`), 1);
  const { http } = listener;
  await listener[Symbol.asyncDispose]();
  assert.equal(await check(`${http}/readyz`), 1);
});

async function check(url: string): Promise<number> {
  return (await runProgram(process.execPath, [`${root}containers/healthy.js`, url])).code;
}

function answers(status: number, body: unknown = {}): RequestListener {
  return ({ method, url }, response) => {
    const expected = url === `/${rpc}` ? "POST" : "GET";
    response.writeHead(method === expected ? status : 405).end(JSON.stringify(body));
  };
}

async function listening(server: Server): Promise<AsyncDisposable & { readonly http: string }> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    http: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
