import assert from "node:assert/strict";
import { test } from "node:test";
import { refusals, type Services } from "./example.ts";

const services = (directives = ""): Services => ({
  services: { a: `${directives} type Query { hello: String list: [Int] }` },
  resolvers: {},
});

const queries = { defer: "{ ... @defer { hello } }", stream: "{ list @stream(initialCount: 1) }" };

for (const [name, query] of Object.entries(queries)) {
  test(`@${name} is refused: its parts are not answered one by one, nor silently at once`, () => {
    assert.deepEqual(refusals(services(), query), [`Unknown directive "@${name}".`]);
  });

  test(`@${name} is refused too where a service has declared it`, () => {
    const declared = services("directive @defer on INLINE_FRAGMENT directive @stream(initialCount: Int) on FIELD");
    assert.deepEqual(refusals(declared, query), [`CAT-EXEC-006 @${name} is not answered`]);
  });
}
