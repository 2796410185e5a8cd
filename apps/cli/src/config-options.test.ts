import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { type LoadedConfig, toFlags } from "@catalyst-node/core/config";
import { Command } from "commander";
import { addConfigOptions, resolveConfig } from "./config-options.ts";
import { shellQuote } from "./shell.ts";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "catalyst-options-"));
});
after(() => rm(cwd, { recursive: true }));

async function resolve(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const command = addConfigOptions(new Command("run").exitOverride()).action(() => {});
  await command.parseAsync(args, { from: "user" });
  return resolveConfig(command, { env, cwd }, undefined);
}

async function resolved(args: readonly string[]): Promise<LoadedConfig> {
  const result = await resolve(args);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

/** Every kind of value, with what a shell, commander and the pairs of --service give a meaning to. */
const file = {
  organization: "acme",
  node: "west",
  stateDir: `-a b,c="d"\\'$HOME`,
  gateway: { embedded: false, mode: "dev", rpc: { address: "http://127.0.0.1:4040", secretFile: "s=e,c" } },
  services: [
    { name: "products", url: "http://h/?a=1,2", export: true },
    { name: "reviews", url: "http://r/", schema: { from: "file", file: "-x\\,y z", interval: "90s" } },
  ],
};

test("what --as-flags prints survives a shell and the parser of the command line", async () => {
  await writeFile(join(cwd, "full.json"), JSON.stringify(file));
  const byFile = await resolved(["-c", "full.json"]);
  const line = toFlags(byFile).map(shellQuote).join(" ");
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    String.raw`printf '%s\0' ${line}`.replace("${line}", () => line),
  ]);
  const byFlags = await resolved(stdout.split("\0").slice(0, -1));
  assert.deepEqual(byFlags.config, byFile.config);
});

test("flags are written apart from their value or together with it", async () => {
  const apart = await resolved(["--organization", "acme", "--node", "west", "--gateway-embedded", "true"]);
  const together = await resolved(["--organization=acme", "--node=west", "--gateway-embedded"]);
  assert.deepEqual(apart.config, together.config);
});

test("a flag that is given twice is told, although commander keeps only the last", async () => {
  const result = await resolve([
    "--organization=acme",
    "--node=west",
    "--node=east",
    "--no-gateway-embedded",
    "--gateway-embedded",
  ]);
  assert.deepEqual(!result.ok && result.problems.map(({ code, path }) => `${code} ${path}`), [
    "CAT-CONFIG-009 --node: node",
    "CAT-CONFIG-009 --gateway-embedded: gateway.embedded",
  ]);
});

test("what the command supplies lies beneath all sources", async () => {
  const command = addConfigOptions(new Command("dev").exitOverride()).action(() => {});
  await command.parseAsync(["--node=east"], { from: "user" });
  const values = { organization: "dev", node: "local", services: [{ name: "products", url: "http://p/" }] };
  const result = await resolveConfig(command, { env: {}, cwd }, { command: "catalyst dev", values });
  assert.ok(result.ok);
  assert.equal(result.value.config.organization, "dev");
  assert.equal(result.value.config.node, "east");
  assert.deepEqual(result.value.origins.get("services[products].url"), { kind: "command", command: "catalyst dev" });
});

test("two commands do not share their flags", async () => {
  await resolved(["--organization=acme", "--node=west"]);
  assert.equal((await resolve(["--organization=acme"])).ok, false);
});
