/** Minimal cases of what tests/oracle found wrong once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorLines, type GraphSource, TestGraph } from "./testing/graph.ts";
import type { Row } from "./testing/subgraph.ts";

const key = (row: Row): Row => row;

test("a required list of which an element failed fails what requires it: nothing internal is sent", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { e: E } type E @key(fields: "id") { id: ID! sizes: [Int] }`,
      b: `type E @key(fields: "id") { id: ID! sizes: [Int] @external made: String @requires(fields: "sizes") }`,
    },
    resolvers: {
      "Query.e": () => ({ __typename: "E", id: "1", sizes: [1, "many"] }),
      "E.made": ({ sizes }) => String(sizes),
    },
    entities: { E: key },
  }));
  const answer = await graph.answer("{ e { id made } }");
  assert.deepEqual(answer.data, { e: { id: "1", made: null } });
  assert.deepEqual(errorLines(answer), [`e.made: Int cannot represent non-integer value: "many"`]);
  assert.deepEqual(
    graph.calls.map(({ service }) => service),
    ["a"],
  );
});

test("when an entity falls with one of its fields, that field's error is told and no other", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { e: E } type E @key(fields: "id") { id: ID! }`,
      b: `type E @key(fields: "id") { id: ID! first: Int! second: Int! }`,
    },
    resolvers: {
      "Query.e": () => ({ __typename: "E", id: "1" }),
      "E.first": () => 1,
      "E.second": () => {
        throw new Error("it broke");
      },
    },
    entities: { E: key },
  }));
  const answer = await graph.assertSame("{ e { first second } }");
  assert.deepEqual(errorLines(answer), ["e.second: it broke"]);
});

for (const [first, second] of [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
]) {
  test(`a mutation's field runs once, though selected three times (first ${first}, second ${second})`, async () => {
    const runs = { ours: 0, plain: 0 };
    let side: keyof typeof runs = "ours";
    const graph = new TestGraph((): GraphSource => {
      const count = side;
      side = "plain";
      return {
        services: {
          a: `type Query { e: E } type Mutation { add: E last: Int } type E { n: Int m: Int } type X @key(fields: "id") { id: ID! }`,
          b: `type Mutation { other: Int } type X @key(fields: "id") { id: ID! }`,
        },
        resolvers: {
          "Mutation.add": () => ({ n: ++runs[count], m: 5 }),
          "Mutation.other": () => runs[count],
          "Mutation.last": () => runs[count],
        },
        entities: {},
      };
    });
    await graph.assertSame(
      "mutation ($first: Boolean!, $second: Boolean!) { add @include(if: $first) { n } other add @skip(if: $second) { m } last ... @include(if: $second) { add { n m } } }",
      { first, second },
    );
    assert.equal(runs.ours, 1);
  });
}

test("a mutation's field that cannot be planned to run once is refused", () => {
  const graph = new TestGraph((): GraphSource => ({
    services: { a: `type Query { e: Int } type Mutation { add: Int } type X @key(fields: "id") { id: ID! }` },
    resolvers: {},
    entities: {},
  }));
  const query =
    "mutation ($x: Boolean!, $y: Boolean!) { add @include(if: $x) @skip(if: $y) ... @include(if: $y) { add } }";
  assert.throws(() => graph.compile(query), /CAT-EXEC-009/);
});

const requiring = (made: string) => (): GraphSource => ({
  services: {
    a: `type Query { e: [E] } type E @key(fields: "id") { id: ID! }`,
    b: `type E @key(fields: "id") { id: ID! code: Int other: Pair size: Int @external deep: Deep @external
        made: ${made} @requires(fields: "size") also: String @requires(fields: "deep { one }") }
      type Pair { one: Int } type Deep @shareable { one: Int two: Int }`,
    c: `type E @key(fields: "id") { id: ID! size: Int deep: Deep } type Deep @shareable { one: Int two: Int }`,
  },
  resolvers: {
    "Query.e": () => ["1", "2", "1"].map((id) => ({ __typename: "E", id })),
    "E.code": ({ id }) => Number(id),
    "E.other": () => ({ one: 1 }),
    "E.deep": () => ({ one: 1, two: 2 }),
    "E.also": ({ deep }) => JSON.stringify(deep ?? { one: 1 }),
    "E.made": ({ id, size }) => {
      if (size === null) return null;
      if (id === "1") throw new Error("no size");
      return `made of ${JSON.stringify(size ?? 7)}`;
    },
    "E.size": ({ id }) => {
      if (id === "1") throw new Error("no size");
      return 7;
    },
  },
  entities: { E: key },
});

for (const made of ["String", "String!"]) {
  test(`fields beside one of type ${made} that requires what failed are asked for all the same`, async () => {
    const graph = new TestGraph(requiring(made));
    const { data } = await graph.assertSame("{ e { code x: made other { one } } }");
    const whole = { code: 2, x: "made of 7", other: { one: 1 } };
    const part = made === "String" ? { code: 1, x: null, other: { one: 1 } } : null;
    assert.deepEqual(data, { e: [part, whole, part] });
  });
}

test("when a service is down, other services' fields fall only where they require something of it", async () => {
  const graph = new TestGraph(requiring("String"));
  const answer = await graph.answer(
    "{ e { code made also } }",
    {},
    {
      c: () => ({ kind: "failed", code: "SERVICE_UNAVAILABLE", message: "it is down" }),
    },
  );
  assert.deepEqual(answer.data, { e: [1, 2, 1].map((code) => ({ code, made: null, also: null })) });
  assert.deepEqual(errorLines(answer)[0], "e.0.also: it is down");
  assert.equal(answer.errors?.length, 6);
});

test("a failed field that is selected under two aliases in two services' lists is told where it stands", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { es: [E!] @shareable } type E @key(fields: "id") { id: ID! code: Int! @shareable one: Int }`,
      b: `type Query { es: [E!] @shareable } type E @key(fields: "id") { id: ID! code: Int! @shareable two: Int }`,
    },
    resolvers: {
      "Query.es": () => ["1", "2"].map((id) => ({ __typename: "E", id })),
      "E.code": ({ id }) => {
        if (id === "2") throw new Error("no code");
        return 1;
      },
    },
    entities: { E: key },
  }));
  const answer = await graph.answer("{ es { one two x: code code } }");
  assert.deepEqual(answer.data, { es: null });
  assert.equal(
    answer.errors?.every(({ message, path }) => message === "no code" && path?.[1] === 1),
    true,
  );
});

test("of a root field that two services share, each tells what it could not bring", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { es: [[E]] @shareable } type E @key(fields: "id") { id: ID! one: E }`,
      b: `type Query { es: [[E]] @shareable } type E @key(fields: "id") { id: ID! other: Int two: Int! more: Int }`,
    },
    resolvers: {
      "Query.es": () => [["1", "2"].map((id) => ({ __typename: "E", id })), []],
      "E.one": (row) => row,
      "E.two": ({ id }) => {
        if (id === "1") throw new Error("no two");
        return 2;
      },
    },
    entities: { E: key },
  }));
  for (const query of ["{ es { one { id } two } }", "{ es { two one { id } other more } }"]) {
    const answer = await graph.assertSame(query);
    assert.deepEqual(errorLines(answer), ["es.0.0.two: no two"]);
  }
});

test("a plan's path may name the type of objects that were not asked for theirs", async () => {
  const e0: Row = { __typename: "E0", id: "1" };
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { size: [E1!] } type E1 @key(fields: "id") { id: ID! } type E0 @key(fields: "id") { id: ID! kind(q: Int): Int }`,
      c: `type E1 @key(fields: "id") { id: ID! link: E0 } type E0 @key(fields: "id") { id: ID! title: E0 }`,
    },
    resolvers: {
      "Query.size": () => [{ __typename: "E1", id: "1" }],
      "E1.link": () => e0,
      "E0.title": () => e0,
      "E0.kind": () => 5,
    },
    entities: { E0: key, E1: key },
  }));
  const query = `query ($no: Boolean!, $yes: Boolean!, $also: Boolean!) {
    size { link { ...F @skip(if: $no) @include(if: $yes) } link { id } } }
    fragment F on E0 { title @include(if: $also) { title { kind(q: 1) } } }`;
  const { data } = await graph.assertSame(query, { no: false, yes: true, also: true });
  assert.deepEqual(data, { size: [{ link: { title: { title: { kind: 5 } }, id: "1" } }] });
});

test("when everything falls, no error is told of a field that only the plan asked for", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type E @key(fields: "id") { id: ID! size: Int @external made: String @requires(fields: "size") }`,
      b: `type Query { es: [E] must: Int! } type E @key(fields: "id") { id: ID! size: Int }`,
    },
    resolvers: {
      "Query.es": () => ["1", "2"].map((id) => ({ __typename: "E", id })),
      "Query.must": () => {
        throw new Error("it broke");
      },
      "E.size": () => {
        throw new Error("no size");
      },
      "E.made": () => "made",
    },
    entities: { E: key },
  }));
  const answer = await graph.answer("{ es { made } must }");
  assert.equal(answer.data, null);
  assert.deepEqual(errorLines(answer), ["must: it broke"]);
});

test("when everything falls with a field whose parent falls first, the error of that field is told", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: { a: `type Query { price(p: Int): Int! e: Int }` },
    resolvers: {
      "Query.price": (_, { p }) => {
        if (p === 2) throw new Error("it broke");
        return 1;
      },
    },
    entities: {},
  }));
  const answer = await graph.assertSame("{ price(p: 1) again: price(p: 2) e }");
  assert.deepEqual(errorLines(answer), ["again: it broke"]);
});

test("an element that falls with another one does not tell the error of a nullable field of its own again", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { es: [E!] @shareable } type E @key(fields: "id") { id: ID! one: Int }`,
      b: `type Query { es: [E!] @shareable } type E @key(fields: "id") { id: ID! code: Int! name: String }`,
    },
    resolvers: {
      "Query.es": () => ["1", "2"].map((id) => ({ __typename: "E", id })),
      "E.code": ({ id }) => {
        if (id === "2") throw new Error("no code");
        return 1;
      },
      "E.name": ({ id }) => {
        if (id === "1") throw new Error("no name");
        return "2";
      },
    },
    entities: { E: key },
  }));
  const answer = await graph.assertSame("{ es { one code name } }");
  assert.deepEqual(errorLines(answer), ["es.0.name: no name", "es.1.code: no code"]);
});

test("a value that only a field requires which is not asked for now is not waited for", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { e: E } type E @key(fields: "id") { id: ID! size: Int }`,
      b: `type E @key(fields: "id") { id: ID! size: Int @external made: String @requires(fields: "size") deep: Int }`,
      c: `type E @key(fields: "id") { id: ID! deep: Int @external more: String @requires(fields: "deep") }`,
    },
    resolvers: {
      "Query.e": () => ({ __typename: "E", id: "1" }),
      "E.size": () => 7,
      "E.deep": () => 5,
      "E.made": ({ size }) => `made of ${JSON.stringify(size ?? 7)}`,
      "E.more": ({ deep }) => `made of ${JSON.stringify(deep ?? 5)}`,
    },
    entities: { E: key },
  }));
  const query = "query ($yes: Boolean!) { e { ... @include(if: $yes) { made } more } }";
  for (const yes of [true, false]) {
    const { data } = await graph.assertSame(query, { yes });
    assert.deepEqual(data, { e: yes ? { made: "made of 7", more: "made of 5" } : { more: "made of 5" } });
  }
});
