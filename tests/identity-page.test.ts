import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenClasses, tokenRefusals } from "../core/src/trust/index.ts";
import { read } from "./support/tree.ts";

const page = read("docs/identity.md");

test("docs/identity.md tells every reason why a token is refused, and no other", () => {
  const rows = page.split("\n| reason | why |\n")[1]?.split("\n\n")[0] ?? "";
  const told = rows.split("\n").flatMap((row) => row.split("|")[1]?.match(/(?<=`)[a-z-]+(?=`)/g) ?? []);
  assert.deepEqual(new Set(told), new Set(Object.keys(tokenRefusals)));
});

test("docs/identity.md tells every class of token by its typ", () => {
  for (const { typ } of Object.values(tokenClasses)) assert.ok(page.includes(`\`${typ}\``), typ);
});
