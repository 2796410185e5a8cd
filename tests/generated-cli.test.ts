import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { renderCli } from "../scripts/generate/cli.ts";

const root = new URL("../", import.meta.url);

for (const [path, content] of renderCli()) {
  test(`${path} is what the command line generates; else run npm run generate`, async () => {
    assert.equal(await readFile(new URL(path, root), "utf8"), content);
  });
}
