import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { maxSourceBytes } from "@catalyst-node/core/config";
import { readConfigSources } from "./index.ts";

let cwd = "";
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), "catalyst-config-"));
});
after(() => rm(cwd, { recursive: true }));

async function read(config?: string, env: Readonly<Record<string, string>> = {}) {
  const flags = config === undefined ? [] : [{ flag: "--config", value: config }];
  return readConfigSources({ flags, env, cwd });
}

/** `CODE path: message` of what kept the file from being read. */
async function refusal(config: string): Promise<string> {
  const { noFile, file } = await read(config);
  assert.equal(file, undefined);
  assert.ok(typeof noFile === "object");
  return `${noFile.code} ${noFile.path}: ${noFile.message}`;
}

test("without being named, catalyst.json is read if it exists", async () => {
  assert.match(JSON.stringify((await read()).noFile), /there is no catalyst\.json here/);
  await writeFile(join(cwd, "catalyst.json"), "{}");
  assert.deepEqual((await read()).file, { name: "catalyst.json", text: "{}" });
  await rm(join(cwd, "catalyst.json"));
});

test("the flag names the file before the variable does, and a link to a file is followed", async () => {
  await writeFile(join(cwd, "a.json"), `{"a": 1}`);
  await symlink("a.json", join(cwd, "b.json"));
  assert.deepEqual((await read("b.json", { CATALYST_CONFIG: "no.json" })).file, { name: "b.json", text: `{"a": 1}` });
  assert.deepEqual((await read(undefined, { CATALYST_CONFIG: "a.json" })).file, { name: "a.json", text: `{"a": 1}` });
});

test("a named file that is missing, a folder, a device or a pipe is a problem at once", async () => {
  await mkdir(join(cwd, "folder"));
  await promisify(execFile)("mkfifo", [join(cwd, "pipe")]);
  assert.equal(await refusal("nope.json"), "CAT-CONFIG-001 --config nope.json: does not exist");
  assert.equal(await refusal("folder"), "CAT-CONFIG-001 --config folder: a folder, not a file");
  assert.equal(await refusal("pipe"), "CAT-CONFIG-001 --config pipe: not a regular file");
  assert.equal(await refusal("/dev/zero"), "CAT-CONFIG-001 --config /dev/zero: not a regular file");
  assert.match(await refusal("a\0b"), /^CAT-CONFIG-001 /);
});

test("a file that is too large or not UTF-8 is a problem", async () => {
  await writeFile(join(cwd, "large.json"), " ".repeat(maxSourceBytes + 1));
  await writeFile(join(cwd, "utf16.json"), Buffer.from("{}", "utf16le").fill(0xff, 0, 1));
  assert.match(await refusal("large.json"), /^CAT-CONFIG-002 --config large\.json: more than 1 MiB/);
  assert.match(await refusal("utf16.json"), /^CAT-CONFIG-003 --config utf16\.json: not UTF-8/);
});

test("the file cannot be named twice", async () => {
  const flags = [
    { flag: "--config", value: "a.json" },
    { flag: "--config", value: "b.json" },
  ];
  const { noFile } = await readConfigSources({ flags, env: {}, cwd });
  assert.ok(typeof noFile === "object");
  assert.equal(noFile.code, "CAT-CONFIG-009");
});

test("set-file takes the content without its last line break", async () => {
  await writeFile(join(cwd, "value"), "one\ntwo\n");
  const { flags } = await readConfigSources({
    flags: [
      { flag: "--set-file", value: "node=value" },
      { flag: "--set-file", value: "node=nope" },
    ],
    env: {},
    cwd,
  });
  assert.equal(flags[0]?.content, "one\ntwo");
  assert.ok(typeof flags[1]?.content === "object");
  assert.equal(flags[1].content.path, "--set-file nope");
});

test("an empty --config has no file read, also where there is one", async () => {
  await writeFile(join(cwd, "catalyst.json"), "not even JSON");
  const { noFile, file } = await read("", { CATALYST_CONFIG: "other.json" });
  assert.equal(file, undefined);
  assert.equal(noFile, "no file was read: --config is empty");
});
