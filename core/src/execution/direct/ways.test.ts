import assert from "node:assert/strict";
import { test } from "node:test";
import { executeOperation, type ServiceAnswer, type ServiceRequest } from "../index.ts";
import { TestGraph } from "../testing/graph.ts";

const graph = new TestGraph(() => ({
  services: {
    products: `
      type Query { product: Product  products: [Product!]  thing: Thing  me: User }
      union Thing = Product | User
      type Product @key(fields: "id") { id: ID!  name: String!  price: Float  tags: [[String]!]  kind: Kind  made: Made  any: Any }
      type Made { at: String  by: User }
      type User @key(fields: "id") { id: ID! }
      enum Kind { HARD SOFT }
      scalar Any`,
    users: `type User @key(fields: "id") { id: ID!  nick: String  age: Int! }`,
  },
  resolvers: {},
  entities: {},
}));

type Texts = Readonly<Record<string, string | readonly string[]>>;

/** Answers with the texts of services in turn, and tells how: by which way, and what was asked. */
async function answer(query: string, texts: Texts) {
  const compiled = graph.compile(query);
  const asked: ServiceRequest[] = [];
  const turns = new Map<string, number>();
  const send = async (request: ServiceRequest): Promise<ServiceAnswer> => {
    asked.push(request);
    const turn = turns.get(request.service) ?? 0;
    turns.set(request.service, turn + 1);
    const all = [texts[request.service] ?? ""].flat();
    const text = all[Math.min(turn, all.length - 1)] ?? "";
    return { kind: "answered", bytes: new TextEncoder().encode(text), payload: JSON.parse(text) };
  };
  const signal = new AbortController().signal;
  const { data, errors = [] } = await executeOperation(compiled, { variables: {}, services: { send }, signal });
  return {
    data: JSON.stringify(data),
    errors: errors.map(({ message }) => message),
    isDirect: (compiled.direct?.ended ?? 0) > 0,
    asked: asked.map(({ service }) => service),
  };
}

const maker = `{ product { name made { by { nick } } } }`;
const made = `{"data":{"product":{"name":"n","made":{"by":{"__typename":"User","id":"u1"}}}}}`;
const joined = `{"product":{"name":"n","made":{"by":{"nick":"x"}}}}`;

const direct: readonly (readonly [what: string, query: string, texts: Texts, data: string])[] = [
  ["an entity of another service", maker, { products: made, users: `{"data":{"_entities":[{"nick":"x"}]}}` }, joined],
  [
    "white space, and extensions",
    maker,
    {
      products: ` {\n"data" : { "product" : {"name":\t"n" , "made": { "by" : {"__typename" : "User","id":"u1" } } } } } `,
      users: `{"data":{"_entities":[ {"nick": "x"} ]},"extensions":{"cost":[1,{"a":null}]}}\n`,
    },
    joined,
  ],
  [
    "an entity that its service does not know",
    maker,
    { products: made, users: `{"data":{"_entities":[null]}}` },
    `{"product":{"name":"n","made":{"by":{"nick":null}}}}`,
  ],
  ["nothing to join", maker, { products: `{"data":{"product":null}}` }, `{"product":null}`],
  [
    "lists in lists, with nulls and without anything",
    `{ product { tags } }`,
    { products: `{"data":{"product":{"tags":[["a",null],[],["\\u00e4\\n"]]}}}` },
    `{"product":{"tags":[["a",null],[],["ä\\n"]]}}`,
  ],
  [
    "aliases, type names and a list of objects",
    `{ all: products { __typename n: name kind price } }`,
    {
      products: `{"data":{"_c_all":[{"__typename":"Product","_c_n":"a","kind":"HARD","price":1.5},{"__typename":"Product","_c_n":"b","kind":null,"price":null}]}}`,
    },
    `{"all":[{"__typename":"Product","n":"a","kind":"HARD","price":1.5},{"__typename":"Product","n":"b","kind":null,"price":null}]}`,
  ],
];

for (const [what, query, texts, data] of direct) {
  test(`goes the direct way: ${what}`, async () => {
    const got = await answer(query, texts);
    assert.deepEqual([got.data, got.errors, got.isDirect], [data, [], true]);
  });
}

const left: readonly (readonly [what: string, query: string, texts: Texts, data: string, errors: number])[] = [
  [
    "an error",
    `{ product { name } }`,
    { products: `{"data":{"product":null},"errors":[{"message":"x","path":["product"]}]}` },
    `{"product":null}`,
    1,
  ],
  [
    "null where the schema forbids it",
    `{ product { name } }`,
    { products: `{"data":{"product":{"name":null}}}` },
    `{"product":null}`,
    1,
  ],
  [
    "keys in another order",
    `{ product { name kind } }`,
    { products: `{"data":{"product":{"kind":"SOFT","name":"n"}}}` },
    `{"product":{"name":"n","kind":"SOFT"}}`,
    0,
  ],
  [
    "a key that nobody asked for",
    `{ product { name } }`,
    { products: `{"data":{"product":{"name":"n","x":1}}}` },
    `{"product":{"name":"n"}}`,
    0,
  ],
  [
    "a value of another kind",
    `{ product { name } }`,
    { products: `{"data":{"product":{"name":5}}}` },
    `{"product":null}`,
    1,
  ],
  [
    "an unknown enum value",
    `{ product { kind } }`,
    { products: `{"data":{"product":{"kind":"HARDER"}}}` },
    `{"product":{"kind":null}}`,
    1,
  ],
  [
    "a number with an exponent",
    `{ product { price } }`,
    { products: `{"data":{"product":{"price":1e2}}}` },
    `{"product":{"price":100}}`,
    0,
  ],
  [
    "a custom scalar that is an object",
    `{ product { any } }`,
    { products: `{"data":{"product":{"any":{"a":1,"a":2}}}}` },
    `{"product":{"any":{"a":2}}}`,
    0,
  ],
  [
    "too few entities",
    maker,
    { products: made, users: `{"data":{"_entities":[]}}` },
    `{"product":{"name":"n","made":{"by":{"nick":null}}}}`,
    1,
  ],
  [
    "an unknown entity whose field must not be null",
    `{ me { age } }`,
    { products: `{"data":{"me":{"__typename":"User","id":"u1"}}}`, users: `{"data":{"_entities":[null]}}` },
    `{"me":null}`,
    1,
  ],
  [
    "another type's name",
    maker,
    { products: made.replace("User", "Usher"), users: `{"data":{"_entities":[{"nick":"x"}]}}` },
    `{"product":{"name":"n","made":{"by":null}}}`,
    1,
  ],
];

for (const [what, query, texts, data, errors] of left) {
  test(`leaves the direct way, and asks nobody twice: ${what}`, async () => {
    const got = await answer(query, texts);
    assert.deepEqual([got.data, got.errors.length, got.isDirect], [data, errors, false]);
    assert.equal(new Set(got.asked).size, got.asked.length, got.asked.join());
  });
}

test("there is no direct way through a union", () => {
  assert.equal(graph.compile(`{ thing { __typename } }`).direct?.ended, 0);
});

test("equal representations are asked once, and what they bring stands wherever they do", async () => {
  const users = ["u1", "u2", "u1"].map((id) => `{"made":{"by":{"__typename":"User","id":"${id}"}}}`);
  const bodies: string[] = [];
  const compiled = graph.compile(`{ products { made { by { nick } } } }`);
  const texts = [`{"data":{"products":[${users.join()}]}}`, `{"data":{"_entities":[{"nick":"a"},{"nick":"b"}]}}`];
  const send = async ({ body }: ServiceRequest): Promise<ServiceAnswer> => {
    const text = texts[bodies.length] ?? "";
    bodies.push(body);
    return { kind: "answered", bytes: new TextEncoder().encode(text), payload: JSON.parse(text) };
  };
  const signal = new AbortController().signal;
  const result = await executeOperation(compiled, { variables: {}, services: { send }, signal });
  const nicks = JSON.stringify(result.data).match(/"nick":"."/g);
  assert.deepEqual(nicks, ['"nick":"a"', '"nick":"b"', '"nick":"a"']);
  const { representations } = JSON.parse(bodies[1] ?? "").variables;
  assert.deepEqual(representations, [
    { __typename: "User", id: "u1" },
    { __typename: "User", id: "u2" },
  ]);
  assert.equal(compiled.direct?.ended, 1);
});
