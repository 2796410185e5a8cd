import assert from "node:assert/strict";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { type Finished, catalyst } from "../support/process.ts";

const good = {
  organization: "acme",
  node: "west",
  services: [{ name: "products", url: "http://127.0.0.1:4001/graphql" }],
};

type Given = {
  readonly args?: readonly string[];
  /** catalyst.json: text, or a value that is written as JSON; left out, there is no file. */
  readonly file?: unknown;
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs `catalyst config ARGS` in a folder of its own. */
async function config(command: readonly string[], { args = [], file, env = {} }: Given = {}): Promise<Finished> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "folder"));
  await writeFile(join(folder.path, "secret.json"), "{}");
  await chmod(join(folder.path, "secret.json"), 0);
  await symlink("loop.json", join(folder.path, "loop.json"));
  const text = typeof file === "string" ? file : JSON.stringify(file);
  if (file !== undefined) await writeFile(join(folder.path, "catalyst.json"), text);
  const finished = await catalyst(["config", ...command, ...args], { cwd: folder.path, env });
  return finished;
}

/** `CODE place` of every problem, from a run that ends with exit 3. */
async function problems(given: Given): Promise<readonly string[]> {
  const { code, stdout, stderr } = await config(["validate", "-o", "json"], given);
  assert.equal(code, 3, stderr);
  const document = JSON.parse(stdout);
  assert.equal(document.apiVersion, "catalyst/v1");
  assert.equal(document.kind, "Problem");
  return document.items.map(({ code, path }: { readonly code: string; readonly path: string }) => `${code} ${path}`);
}

const rpc = (value: object, gateway: object = {}) => ({ ...good, gateway: { ...gateway, rpc: value } });
const serviceOf = (value: object) => ({ ...good, services: [{ name: "a", url: "http://h/", ...value }] });

/** Where the last of these words stands in a file of one line. */
function at(file: unknown, word: string): string {
  return `catalyst.json:1:${JSON.stringify(file).lastIndexOf(word) + 1}`;
}

const misspelt = serviceOf({ exprot: true });
const twice = { ...good, services: [...good.services, ...good.services] };
const ftp = serviceOf({ url: "ftp://h/" });
const credential = serviceOf({ url: "http://a:b@h/" });
const fileless = serviceOf({ schema: { from: "file" } });
const plainTcp = rpc({ address: "http://127.0.0.1:1" });
const longSocket = rpc({ address: `unix:/${"x".repeat(107)}` });

const bad: readonly (readonly [what: string, given: Given, told: readonly string[]])[] = [
  ["an unknown key", { file: misspelt }, [`CAT-CONFIG-004 ${at(misspelt, `"exprot"`)}: services[a].exprot`]],
  [
    "a duplicate key",
    { file: `{"organization":"acme",\n"node":"w",\n"node":"e"}` },
    ["CAT-CONFIG-005 catalyst.json:3:1: node"],
  ],
  ["a wrong type in a file", { file: { ...good, node: 5 } }, ["CAT-CONFIG-006 catalyst.json:1:31: node"]],
  ["a wrong type by flag", { file: good, args: ["--gateway-embedded=maybe"] }, ["CAT-CONFIG-006 --gateway-embedded"]],
  ["port 70000", { file: good, args: ["--api-listen", "127.0.0.1:70000"] }, ["CAT-CONFIG-007 --api-listen"]],
  ["two services of one name", { file: twice }, [`CAT-CONFIG-010 ${at(twice, `"products"`)}: services[products].name`]],
  ["a name that is no DNS label", { file: { ...good, node: "West_1" } }, ["CAT-CONFIG-007 catalyst.json:1:31: node"]],
  ["no organization and no node", {}, ["CAT-CONFIG-008 organization", "CAT-CONFIG-008 node"]],
  ["a URL of another kind", { file: ftp }, [`CAT-CONFIG-007 ${at(ftp, `"ftp:`)}: services[a].url`]],
  ["a URL with a credential", { file: credential }, [`CAT-CONFIG-007 ${at(credential, `"http:`)}: services[a].url`]],
  ["a file that is missing", { args: ["-c", "no.json"] }, ["CAT-CONFIG-001 --config no.json"]],
  [
    "a file that is missing, by variable",
    { env: { CATALYST_CONFIG: "no.json" } },
    ["CAT-CONFIG-001 CATALYST_CONFIG no.json"],
  ],
  ["a folder instead of a file", { args: ["-c", "folder"] }, ["CAT-CONFIG-001 --config folder"]],
  ["a device instead of a file", { args: ["-c", "/dev/zero"] }, ["CAT-CONFIG-001 --config /dev/zero"]],
  ["an empty file", { file: "" }, ["CAT-CONFIG-003 catalyst.json"]],
  ["a trailing comma", { file: `{"node": "west",\n}` }, ["CAT-CONFIG-003 catalyst.json:2:1"]],
  ["a comment", { file: `{\n  // the node\n  "node": "west"}` }, ["CAT-CONFIG-003 catalyst.json:2:3"]],
  ["deep nesting", { file: "[".repeat(100_000) }, ["CAT-CONFIG-002 catalyst.json:1:33"]],
  ["a file of 2 MiB", { file: " ".repeat(2 * 1024 ** 2) }, ["CAT-CONFIG-002 catalyst.json"]],
  [
    "a schema from a file without a file",
    { file: fileless },
    [`CAT-CONFIG-014 ${at(fileless, `"file"`)}: services[a].schema.from`],
  ],
  [
    "a remote gateway without address",
    { file: good, args: ["--no-gateway-embedded"] },
    ["CAT-CONFIG-015 --no-gateway-embedded: gateway.embedded"],
  ],
  ["plain TCP for RPC", { file: plainTcp }, [`CAT-CONFIG-016 ${at(plainTcp, `"http:`)}: gateway.rpc.address`]],
  ["a long socket path", { file: longSocket }, [`CAT-CONFIG-007 ${at(longSocket, `"unix:`)}: gateway.rpc.address`]],
  ["a file that cannot be opened", { args: ["-c", "loop.json"] }, ["CAT-CONFIG-001 --config loop.json"]],
  ["a key given twice", { file: good, args: ["--node=a", "--set", "node=b"] }, ["CAT-CONFIG-009 --set: node"]],
  ["a forbidden key", { file: good, args: ["--set", "__proto__.x=1"] }, ["CAT-CONFIG-013 --set"]],
  ["a mistyped variable", { file: good, env: { CATALYST_NOED: "x" } }, ["CAT-CONFIG-012 CATALYST_NOED"]],
  ["a service that is not pairs", { file: good, args: ["--service", "reviews"] }, ["CAT-CONFIG-011 --service"]],
];

describe("bad input ends with exit 3, its code and its place", { concurrency: 3 }, () => {
  for (const [what, given, told] of bad) {
    test(what, async () => assert.deepEqual(await problems(given), told));
  }

  // Root may read every file, so there the case does not exist.
  if (process.getuid?.() !== 0) {
    test("a file that may not be read", async () => {
      assert.deepEqual(await problems({ args: ["-c", "secret.json"] }), ["CAT-CONFIG-001 --config secret.json"]);
    });
  }

  test("everything at once, in words, each with its line and a caret", async () => {
    const file = `{\n  "organization": "acme", "node": "west",\n  "servces": [],\n  "log": { "level": "inf" }\n}\n`;
    const { code, stdout, stderr } = await config(["validate"], { file, args: ["--api-listen", "4100"] });
    assert.deepEqual({ code, stdout }, { code: 3, stdout: "" });
    assert.equal(
      stderr,
      `CAT-CONFIG-004 catalyst.json:3:3: servces: unknown key; did you mean "services"?
  3 |   "servces": [],
    |   ^
CAT-CONFIG-007 catalyst.json:4:21: log.level: "inf" is none of trace, debug, info, warn, error, silent; did you mean "info"?
  4 |   "log": { "level": "inf" }
    |                     ^
CAT-CONFIG-007 --api-listen: "4100" is not host:port, such as "127.0.0.1:4000" or "[::1]:4000"
3 problems; nothing was started
`,
    );
  });
});

describe("a valid configuration", { concurrency: 3 }, () => {
  test("is told valid with exit 0, byte order mark and $schema included", async () => {
    const file = `\uFEFF${JSON.stringify({ $schema: "./config.schema.json", ...good })}`;
    const { code, stdout, stderr } = await config(["validate"], { file });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(stdout, "ok: catalyst.json configures acme/west with 1 service\n");
  });

  test("is printed the same whether it comes from a file or from flags", async () => {
    const file = { ...good, gateway: { drainTimeout: "3s" } };
    const byFile = await config(["print"], { file });
    const flags = await config(["print", "--as-flags", "-o", "json"], { file });
    const byFlags = await config(["print"], { args: JSON.parse(flags.stdout).items });
    assert.equal(byFile.code, 0);
    assert.equal(byFlags.stdout, byFile.stdout);
    assert.match(byFile.stdout, /^gateway\.drainTimeout +3s$/m);
  });

  test("is printed as JSON that is a file again", async () => {
    const first = await config(["print", "-o", "json"], { file: good });
    const [whole] = JSON.parse(first.stdout).items;
    const second = await config(["print", "-o", "json"], { file: whole });
    assert.equal(second.stdout, first.stdout);
  });

  test("is printed with the source of each value", async () => {
    const given = { file: good, env: { CATALYST_LOG_LEVEL: "warn" }, args: ["--origins", "--gateway-listen=[::1]:0"] };
    const { stdout } = await config(["print"], given);
    for (const row of [
      /^node +west +catalyst\.json:1:31$/m,
      /^log\.level +warn +CATALYST_LOG_LEVEL$/m,
      /^gateway\.listen +\[::1\]:0 +--gateway-listen$/m,
      /^api\.listen +127\.0\.0\.1:4100 +default$/m,
    ]) {
      assert.match(stdout, row);
    }
  });

  test("that is not valid is not printed: stdout stays empty, exit 3", async () => {
    const { code, stdout, stderr } = await config(["print", "-o", "json"], { file: { ...good, node: "W" } });
    assert.deepEqual({ code, stdout }, { code: 3, stdout: "" });
    assert.match(stderr, /^CAT-CONFIG-007 catalyst\.json:1:31: node: /);
  });
});

describe("the schema", { concurrency: 3 }, () => {
  test("is printed as JSON Schema", async () => {
    const { stdout } = await config(["schema"]);
    assert.equal(JSON.parse(stdout).properties.organization.type, "string");
  });

  test("explains a key with its flag, variable and default, in words and as JSON", async () => {
    const { stdout } = await config(["explain", "gateway.listen"]);
    for (const part of ["--gateway-listen", "CATALYST_GATEWAY_LISTEN", "127.0.0.1:4000"])
      assert.ok(stdout.includes(part));
    const json = await config(["explain", "services[].url", "-o", "json"]);
    assert.equal(JSON.parse(json.stdout).items[0].required, true);
  });

  test("answers a key that does not exist with a usage error and what was meant", async () => {
    const { code, stderr } = await config(["explain", "gateway.lisen"]);
    assert.equal(code, 2);
    assert.match(stderr, /did you mean "listen"\?/);
  });
});
