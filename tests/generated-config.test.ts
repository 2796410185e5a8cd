import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { renderConfig } from "../scripts/generate/config.ts";

const root = new URL("../", import.meta.url);

for (const [path, content] of renderConfig()) {
  test(`${path} is what the configuration's schema generates; else run npm run generate`, async () => {
    assert.equal(await readFile(new URL(path, root), "utf8"), content);
  });
}
