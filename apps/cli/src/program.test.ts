import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

type Ran = { readonly stdout: string; readonly stderr: string; readonly code: number };

function run(...args: readonly string[]): Promise<Ran> {
  return runWith({}, ...args);
}

/** With more of a terminal: what comes by stdin, somebody to ask. */
async function runWith(more: Pick<Terminal, "stdin" | "ask">, ...args: readonly string[]): Promise<Ran> {
  const ran = { stdout: "", stderr: "", code: 0 };
  await runProgram(args, {
    stdout: (text) => void (ran.stdout += text),
    stderr: (text) => void (ran.stderr += text),
    env: {},
    cwd: "/",
    exitWith: (code) => void (ran.code = code),
    ...more,
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
  ["keys", "jwks"],
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

for (const command of [
  ["token", "list"],
  ["token", "verify", "--token-file", "/etc/hostname"],
  ["token", "revoke", "--jti", "x"],
  ["keys", "list"],
  ["keys", "rotate"],
  ["service-token", "--subject", "x"],
]) {
  test(`catalyst ${command.join(" ")} exits 4 without a node on this machine, and names the socket`, async () => {
    for (const form of [[], ["-o", "json"]]) {
      const { code, stdout, stderr } = await run(...command, ...form, "--state-dir", "/nonexistent");
      assert.deepEqual([code, stdout], [4, ""]);
      assert.match(stderr, /CAT-CLI-001 \/nonexistent\/admin\.sock/);
    }
  });
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const exp = Math.floor(Date.now() / 1_000) + 900;
const token = `${part({ alg: "ES384", kid: "k" })}.${part({ iss: "urn:x", exp, act: { sub: "acme/east" } })}.${"A".repeat(128)}`;

test("token inspect reads a token from stdin, and shows its times as people read them", async () => {
  const { code, stdout } = await runWith({ stdin: async () => `${token}\n` }, "token", "inspect");
  assert.equal(code, 0);
  assert.match(stdout, /^alg: +ES384$/m);
  assert.match(stdout, new RegExp(`^exp: +${exp} \\(${new Date(exp * 1_000).toISOString()}\\)$`, "m"));
  assert.match(stdout, /^act: +\{"sub":"acme\/east"\}$/m);
  assert.match(stdout, /^Life: +expires in (?:15m|14m59s)$/m);
});

test("a token is not taken as an argument, and not repeated when it is given as one", async () => {
  for (const command of ["inspect", "verify"]) {
    const { code, stdout, stderr } = await run("token", command, token);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, /stdin or --token-file/);
    assert.doesNotMatch(stderr, /eyJ/);
  }
});

test("what is no token is said to be none, without repeating it", async () => {
  for (const text of ["secret", "secret.secret.secret", `${part([])}.${part({})}.x`, ""]) {
    const { code, stderr } = await runWith({ stdin: async () => text }, "token", "inspect");
    assert.notEqual(code, 0);
    assert.match(stderr, /^CAT-CLI-00[78]/);
    assert.doesNotMatch(stderr, /secret/);
  }
});

test("what cannot be undone is not done where nobody can be asked, nor when the person says no", async () => {
  for (const command of [
    ["keys", "rotate", "--emergency"],
    ["keys", "rotate", "--activate"],
    ["token", "revoke", "--kid", "k"],
    ["token", "revoke", "--issued-before", "now"],
  ]) {
    const alone = await run(...command, "--state-dir", "/nonexistent");
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /^CAT-CLI-009 --yes: .* Say --yes/);
    const asked: string[] = [];
    const ask = async (question: string) => (asked.push(question), "n");
    const refused = await runWith({ ask }, ...command, "--state-dir", "/nonexistent");
    assert.deepEqual([refused.code, refused.stderr, asked.length], [1, "Nothing was done.\n", 1]);
    const yes = await run(...command, "--yes", "--state-dir", "/nonexistent");
    assert.equal(yes.code, 4);
  }
});

for (const args of [
  ["token", "revoke"],
  ["token", "revoke", "--jti", "a", "--kid", "b"],
  ["token", "revoke", "--issued-before", "2026-11-24T12:00:00"],
  ["keys", "rotate", "--activate", "--emergency"],
  ["service-token"],
  ["service-token", "--subject", "x", "--ttl", "1500ms"],
]) {
  test(`catalyst ${args.join(" ")} is a usage error`, async () => {
    assert.equal((await run(...args)).code, 2);
  });
}

test("a reader that closes the pipe early makes no error", { timeout: 60_000 }, async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn("sh", ["-c", `"$0" "$1" completion zsh | true`, process.execPath, main]);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child, "close");
  assert.equal(stderr, "");
});
