import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "./program.ts";

type Ran = { readonly stdout: string; readonly stderr: string; readonly code: number };

async function run(...args: readonly string[]): Promise<Ran> {
  const ran = { stdout: "", stderr: "", code: 0 };
  await runProgram(args, {
    stdout: (text) => void (ran.stdout += text),
    stderr: (text) => void (ran.stderr += text),
    env: {},
    cwd: "/",
    exitWith: (code) => void (ran.code = code),
  });
  return ran;
}

/** An address where nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

test("a command that is mistyped is a usage error with a suggestion", async () => {
  const { code, stderr, stdout } = await run("servces");
  assert.equal(code, 2);
  assert.match(stderr, /unknown command 'servces'\n\(Did you mean services\?\)/);
  assert.equal(stdout, "");
});

test("an option that is mistyped is a usage error with a suggestion, in a subcommand too", async () => {
  const { code, stderr } = await run("schema", "print", "--supergrap");
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean --supergraph\?/);
});

test("an output form that does not exist is a usage error that names those that do", async () => {
  const { code, stderr } = await run("services", "-o", "yaml");
  assert.equal(code, 2);
  assert.match(stderr, /Allowed choices are table, wide, json/);
});

test("help is a result: on stdout, exit 0", async () => {
  const { code, stdout, stderr } = await run("status", "--help");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /^Usage: catalyst status/);
});

test("the version is one JSON document when that is asked", async () => {
  const { stdout } = await run("version", "-o", "json");
  const { apiVersion, kind, items } = JSON.parse(stdout);
  assert.deepEqual([apiVersion, kind, items.length], ["catalyst/v1", "Version", 1]);
});

for (const command of [
  ["status"],
  ["status", "gateway"],
  ["services"],
  ["routes", "x"],
  ["schema", "print"],
  ["check"],
]) {
  test(`catalyst ${command.join(" ")} exits 4 in every output form when no node answers`, async () => {
    const api = await nowhere();
    const forms = await Promise.all(["table", "json"].map((form) => run(...command, "--api", api, "-o", form)));
    for (const { code, stdout, stderr } of forms) {
      assert.equal(code, 4);
      assert.match(stdout + stderr, new RegExp(`CAT-CLI-001 ${api}: No node answers\\.`));
    }
  });
}

test("an API address that is none is a usage error", async () => {
  const { code, stderr } = await run("status", "--api", "http://h/path");
  assert.equal(code, 2);
  assert.match(stderr, /CAT-RPC-001/);
});

test("check --wait gives up with 124", async () => {
  assert.equal((await run("check", "--wait", "10ms", "--api", await nowhere())).code, 124);
});

test("a refresh without a node on this machine exits 4 and names the socket", async () => {
  const { code, stderr } = await run("services", "--refresh", "--state-dir", "/nonexistent");
  assert.equal(code, 4);
  assert.match(stderr, /CAT-CLI-001 \/nonexistent\/admin\.sock/);
});

test("a reader that closes the pipe early makes no error", { timeout: 60_000 }, async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn("sh", ["-c", `"$0" "$1" completion zsh | true`, process.execPath, main]);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child, "close");
  assert.equal(stderr, "");
});
