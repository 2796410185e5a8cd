import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { temporaryFolder } from "../support/folder.ts";
import { example, runNode } from "../support/node.ts";

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

test(
  "GraphiQL works in a real browser that reaches nothing but the gateway",
  { skip: browser === undefined ? "no Chromium on this machine" : false },
  async () => {
    await using folder = await temporaryFolder();
    await using products = await example("products");
    await using node = await runNode({
      stateDir: folder.path,
      services: { products: products.graphql },
      flags: ["--gateway-mode", "dev"],
    });
    const instance = await chromium.launch({
      ...(browser === undefined ? {} : { executablePath: browser }),
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    });
    try {
      const page = await instance.newPage();
      const elsewhere: string[] = [];
      page.on("request", (request) => {
        if (new URL(request.url()).origin !== new URL(node.graphql).origin) elsewhere.push(request.url());
      });
      await page.goto(`${node.graphql}?query=${encodeURIComponent("{ products(first: 1) { name } }")}`);
      await page.getByRole("button", { name: /execute/i }).click();
      await page.getByText("Enamel Mug").waitFor({ timeout: 15_000 });
      assert.deepEqual(
        elsewhere.filter((url) => !url.startsWith("data:") && !url.startsWith("blob:")),
        [],
      );
    } finally {
      await instance.close();
    }
  },
);
