import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, nodeFlags, runNode } from "../support/node.ts";
import { catalyst, eventually } from "../support/process.ts";
import { SteadyClient } from "../support/steady-client.ts";

const deadline = { timeout: 110_000 };
const idOf = (body: string): string => createHash("sha256").update(body).digest("hex");
const manifestOf = (...bodies: readonly string[]): string =>
  JSON.stringify({
    format: "apollo-persisted-query-manifest",
    version: 1,
    operations: bodies.map((body, index) => ({ id: idOf(body), name: `Q${index}`, type: "query", body })),
  });
const asking = (body: string): string =>
  JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: idOf(body) } } });

const first = "query Q0 { products(first: 1) { name } }";
const second = "query Q1 { products(first: 2) { name } }";
const mug = `{"data":{"products":[{"name":"Enamel Mug"}]}}`;

async function byId(url: string, body: string): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: asking(body),
    signal: AbortSignal.timeout(15_000),
  });
  const { data, errors } = Object(await response.json());
  return errors?.[0]?.extensions?.code ?? data;
}

/** Replaces a file as tools that deploy do: at once. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

test(
  "a manifest that changes under load is served by all workers, and a bad one changes nothing",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using products = await example("products");
    const manifestFile = join(folder.path, "manifest.json");
    await writeFile(manifestFile, manifestOf(first));
    const flags = [
      "--gateway-persisted-operations-mode",
      "only",
      "--gateway-persisted-operations-manifest-file",
      manifestFile,
      "--gateway-workers",
      "2",
      "--gateway-limits-max-loop-delay",
      "off",
      "--log-format",
      "json",
    ];
    await using node = await runNode({
      stateDir: join(folder.path, "state"),
      services: { products: products.graphql },
      flags,
    });
    const isAnswer = (status: number, text: string): boolean => status === 200 && text.trim() === mug;
    const next = () => ({ kind: "by id", body: asking(first), isAnswer });
    await using client = new SteadyClient(node.graphql, { rate: 50, next });

    assert.equal(await byId(node.graphql, second), "PERSISTED_OPERATION_NOT_FOUND");
    const { errors } = await ask(node.graphql, "{ __typename }");
    assert.equal(errors?.[0]?.extensions?.["code"], "PERSISTED_OPERATION_REQUIRED");
    assert.deepEqual((await ask(node.graphql, first)).data, { products: [{ name: "Enamel Mug" }] });

    await replace(manifestFile, manifestOf(first, second));
    const answersSecond = async () => Object(await byId(node.graphql, second)).products?.length;
    await eventually(answersSecond, (found) => found === 2, { within: 15_000 });
    for (let time = 0; time < 8; time += 1) assert.equal(await answersSecond(), 2, "by every worker");

    const refusals = async (): Promise<readonly string[]> =>
      node.stderr.split("\n").filter((line) => line.includes("operations.refused"));
    await replace(manifestFile, manifestOf(first).replace(`"version":1`, `"version":\n2`));
    const [refused] = await eventually(refusals, ({ length }) => length === 1, { within: 15_000 });
    assert.match(refused ?? "", /CAT-CONFIG-021 [^ ]*manifest\.json:2:1: must be 1/);
    assert.equal(await answersSecond(), 2, "the last good one stays");
    await rm(manifestFile);
    await eventually(refusals, ({ length }) => length === 2, { within: 15_000 });

    await replace(manifestFile, manifestOf(first));
    await eventually(
      () => byId(node.graphql, second),
      (code) => code === "PERSISTED_OPERATION_NOT_FOUND",
      { within: 15_000 },
    );
    await client.stop();
    assert.deepEqual([client.failed, client.failures], [0, []]);
    assert.ok(client.answered > 50, "it was long enough to tell");
  },
);

test("a manifest that cannot be used at the start ends the process, with its place", deadline, async () => {
  await using folder = await temporaryFolder();
  const manifestFile = join(folder.path, "manifest.json");
  const started = async (text: string | undefined, ...flags: readonly string[]) => {
    if (text !== undefined) await writeFile(manifestFile, text);
    const mode = ["--gateway-persisted-operations-mode", "prefer"];
    const all = nodeFlags({ stateDir: join(folder.path, "state"), flags: [...mode, ...flags] });
    const { code, stderr } = await catalyst(["run", ...all]);
    return `${code} ${stderr}`;
  };
  const named = ["--gateway-persisted-operations-manifest-file", manifestFile];
  assert.match(await started(undefined), /^3 [^]*CAT-CONFIG-020/);
  assert.match(await started(undefined, ...named), /^3 CAT-CONFIG-001 [^ ]*manifest\.json: does not exist/);
  assert.match(await started(`{\n"format": 5`, ...named), /^3 CAT-CONFIG-003 [^ ]*manifest\.json:2:12: /);
  const changed = manifestOf(first).replace("first: 1", "first: 3");
  assert.match(
    await started(changed, ...named),
    /^3 CAT-CONFIG-021 [^ ]*manifest\.json:1:\d+: the SHA-256 of the body of "Q0"/,
  );
});
