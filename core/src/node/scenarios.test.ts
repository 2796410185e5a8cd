import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { env } from "node:process";
import { test } from "node:test";
import { nodeConfig } from "./testing/configuration.ts";
import { World } from "./testing/world.ts";

/** Compares with the golden transcript; `UPDATE=1` writes it anew, to be read before it is committed. */
function golden(name: string, { transcript }: World): void {
  const file = new URL(`scenarios/${name}.txt`, import.meta.url);
  const text = `${transcript.join("\n")}\n`;
  if (env["UPDATE"] === "1") writeFileSync(file, text);
  assert.equal(text, readFileSync(file, "utf8"));
}

test("transcript: a node starts, one service is down and comes back", () => {
  const world = new World();
  world.sdl.set("products", "P1");
  world.configure(nodeConfig(["products", "reviews"]));
  world.rest();
  world.sdl.set("reviews", "R1");
  world.fire("fetch:reviews");
  world.rest();
  golden("start", world);
});

test("transcript: the gateway is killed, comes back and is configured again", () => {
  const world = new World();
  world.sdl.set("products", "P1");
  world.configure(nodeConfig(["products"]));
  world.rest();
  world.transcript.length = 0;
  world.killGateway();
  world.rest();
  golden("gateway-killed", world);
});

test("transcript: the orchestrator is killed; the next one adopts the gateway and changes nothing", () => {
  const world = new World();
  world.sdl.set("products", "P1");
  world.configure(nodeConfig(["products"]));
  world.rest();
  world.transcript.length = 0;
  world.configure(nodeConfig(["products"]));
  world.rest();
  golden("orchestrator-killed", world);
});

test("transcript: two services contradict each other until one of them changes", () => {
  const world = new World();
  world.sdl.set("products", "P1").set("reviews", "R1 !products").set("stock", "S1");
  world.configure(nodeConfig(["products", "reviews", "stock"]));
  world.rest();
  world.sdl.set("reviews", "R2");
  world.fire("fetch:reviews");
  world.rest();
  golden("quarantine", world);
});
