import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { violations } from "./support/architecture.ts";
import { read, root, trackedFiles } from "./support/tree.ts";

const files = trackedFiles().filter((path) => existsSync(root + path));
const written = files.filter((path) => path.endsWith(".ts") && !path.startsWith("adapters/src/rpc/gen/"));

test("every import goes where the table of rooms lets it go, and core touches nothing of the world", () => {
  const sources = written.map((path) => ({ path, text: read(path) }));
  assert.ok(sources.length > 20, "the tree was read");
  assert.deepEqual(violations(sources), []);
});

test("a planted forbidden import or a clock in core is found", () => {
  const planted = (path: string, text: string) => violations([{ path, text }]).length;
  assert.equal(planted("core/src/model/x.ts", `import { step } from "../node/index.ts";`), 1);
  assert.equal(planted("core/src/node/x.ts", `import { readFile } from "node:fs/promises";`), 1);
  assert.equal(planted("core/src/node/x.ts", `import { serveRpc } from "@catalyst-node/adapters/rpc";`), 1);
  assert.equal(planted("core/src/node/x.ts", `const { open } = await import("node:fs");`), 1);
  assert.equal(planted("core/src/node/x.ts", `export * from "undici";`), 1);
  assert.equal(planted("core/src/node/x.ts", "export const now = Date.now();"), 1);
  assert.equal(planted("core/src/node/x.ts", "export const f = () => setTimeout(() => 1, 2);"), 1);
  assert.equal(planted("core/src/node/x.ts", "const { random } = Math; export const n = random();"), 1);
  assert.equal(planted("core/src/node/x.ts", "const D = Date; export const now = D.now();"), 1);
  assert.equal(planted("core/src/node/x.ts", `export const s = new WebSocket("ws://h/");`), 1);
  assert.equal(planted("core/src/node/x.ts", `console.log("x");`), 1);
  assert.equal(planted("adapters/src/disk/x.ts", `import { x } from "../rpc/index.ts";`), 1);
  assert.equal(planted("adapters/src/disk/x.ts", `import pino from "pino";`), 1);
  assert.equal(planted("apps/gateway/src/x.ts", `import { x } from "@catalyst-node/orchestrator";`), 1);
  assert.equal(planted("examples/products/src/x.ts", `import { x } from "@catalyst-node/core/model";`), 1);
  assert.equal(planted("core/src/node/x.ts", `import { ok } from "../model/index.ts"; // Date.now()`), 0);
});

test("no file of ours is over 300 lines of code", () => {
  const long = written
    .map((path) => ({ path, lines: codeLines(read(path)) }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path}: ${lines}`);
  assert.deepEqual(long, []);
});

test("every room and every adapter says in a README of at most 30 lines what it is for", () => {
  const folders = new Set(
    written
      .flatMap((path) => /^(?:core|adapters)\/src\/[^/]+/.exec(path)?.[0] ?? [])
      .filter((path) => existsSync(root + path)),
  );
  for (const folder of folders) {
    assert.ok(existsSync(`${root}${folder}/README.md`), `${folder} has a README.md`);
    assert.ok(
      read(`${folder}/README.md`).trimEnd().split("\n").length <= 30,
      `${folder}/README.md is at most 30 lines`,
    );
  }
});

test("every file that ARCHITECTURE.md names is there", () => {
  const named = read("ARCHITECTURE.md").matchAll(
    /`((?:core|adapters|apps|examples|proto|tests|scripts|bench|docs)\/[^`\s*{}]*)`/g,
  );
  const paths = [...named].map(([, path = ""]) => path);
  assert.ok(paths.length > 15, "the walk names its files");
  assert.deepEqual(
    paths.filter((path) => !existsSync(root + path)),
    [],
  );
});

function codeLines(text: string): number {
  return text.split("\n").filter((line) => !/^\s*(?:\/\/.*|\/?\*.*)?$/.test(line)).length;
}
