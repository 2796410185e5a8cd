import assert from "node:assert/strict";
import { test } from "node:test";
import { Allowance } from "./answer-size.ts";
import { mergeInto } from "./merge.ts";
import { type GraphSource, TestGraph } from "./testing/graph.ts";

/** Two items that link to each other through another service, fifty times each. */
function ring(): GraphSource {
  const links = Array.from({ length: 50 }, (_, index) => ({ id: String(index) }));
  const item = (id: unknown) => ({ __typename: "Item", id });
  return {
    services: {
      items: `type Query { item: Item } type Item @key(fields: "id") { id: ID! links: [Link] text: String } type Link @key(fields: "id") { id: ID! }`,
      links: `type Link @key(fields: "id") { id: ID! to: Item } type Item @key(fields: "id") { id: ID! }`,
    },
    entities: { Item: ({ id }) => item(id), Link: ({ id }) => ({ id }) },
    resolvers: {
      "Query.item": () => item("0"),
      "Item.links": () => links,
      "Item.text": () => "x".repeat(10_000),
      "Link.to": ({ id }) => item(String(Number(id) % 2)),
    },
  };
}

const graph = new TestGraph(ring);
const around = (turns: number): string => (turns === 0 ? "id text" : `links { to { ${around(turns - 1)} } }`);

test("entities that are met again and again are answered wherever they stand", async () => {
  const answer = await graph.answer(`{ item { ${around(1)} } }`);
  assert.equal(answer.errors, undefined);
  assert.equal(JSON.stringify(answer.data).match(/xxxxx"/g)?.length, 50);
});

for (const turns of [3, 6]) {
  test(`a query that goes ${turns} times round a ring of entities is an error, and no answer of gigabytes`, async () => {
    const answer = await graph.answer(`{ item { ${around(turns)} } }`);
    assert.equal(answer.data, null);
    assert.deepEqual(
      answer.errors?.map(({ extensions }) => extensions),
      [{ code: "RESPONSE_TOO_LARGE" }],
    );
    assert.ok(graph.calls.length <= 2 * turns + 2, "services were asked once for each turn");
  });
}

test("copies are counted", () => {
  const source = { list: [{ id: 1 }, { id: 2 }] };
  const shape = [{ key: "list", shape: [{ key: "id", shape: undefined }] }];
  const copies = new Allowance(3);
  mergeInto({}, source, shape, copies);
  assert.throws(() => mergeInto({}, source, shape, copies));
});
