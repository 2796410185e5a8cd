import { test } from "node:test";
import { TestGraph } from "./testing/graph.ts";
import { shop } from "./testing/shop.ts";

/** Each is executed by services, planner and executor, and by graphql-js from one plain schema. */
const cases: Readonly<Record<string, readonly [query: string, variables?: Record<string, unknown>]>> = {
  "an entity's fields come from the services that own them": [
    `{ products(first: 2) { id name price reviews { id body author { name } } rating } }`,
  ],
  "fields of several services stand at the root side by side": [
    `{ stock(productId: "p1") { quantity } products { name } reviews { id } }`,
  ],
  "a plain service's object leads into an entity of another": [
    `{ stock(productId: "p2") { product { name reviews { body } shipping } } }`,
  ],
  "an entity can be gone through twice on the way down": [
    `{ reviews { product { name reviews { product { price shipping(zone: "eu") } author { favourite { name rating } } } } } }`,
  ],
  "what @requires asks is fetched first, with its own arguments": [
    `{ products { shipping weight(unit: "g") w: weight brand { slogan country } } }`,
  ],
  "what @provides promises is taken from the service that provides it": [`{ bestReviewed { id price name } }`],
  "an alias may equal the name of a key field": [
    `{ products { id: name key: id reviews { id: body body: id } __typename } }`,
  ],
  "an alias may equal the name of a field that another service requires": [
    `{ products { price: name weight: rating shipping } }`,
  ],
  "one alias may stand for different arguments in different types": [
    `{ media { title ... on Book { x: stars(of: 1) pages } ... on Film { x: stars(of: 2) minutes } } }`,
  ],
  "one alias may stand for different fields in different types": [
    `{ search { ... on Product { x: fragile } ... on Brand { x: title } } }`,
  ],
  "an alias may be called __proto__, constructor or toString": [
    `{ products { __proto__: name constructor: id toString: rating hasOwnProperty: price } constructor }`,
  ],
  "a field may be asked twice with different arguments": [
    `{ products { a: name b: name(upper: true) c: name(upper: false) name } }`,
  ],
  "equal arguments in another order are one field": [
    `{ search(filter: { kind: SOFT, ids: ["a"] }, text: "t") { ... on Product { name } } search(text: "t", filter: { ids: ["a"], kind: SOFT }) { ... on Product { rating } } }`,
  ],
  "an interface answers its own fields without the client asking for the type": [
    `{ node(id: "p1") { id } media { id title } }`,
  ],
  "an interface leads to the fields of its types": [
    `{ a: node(id: "p1") { __typename id ... on Product { rating name } ... on Brand { country } } b: node(id: "b1") { ...N } } fragment N on Node { id ... on Brand { slogan title } }`,
  ],
  "an @interfaceObject service adds fields to each type": [
    `{ media { __typename id stars ... on Book { s: stars(of: 5) } } }`,
  ],
  "a union answers by type": [
    `{ search { __typename ... on Product { rating id } ... on Brand { id slogan(loud: true) country } } }`,
  ],
  "lists of lists with holes keep their shape": [`{ shelves { id name reviews { body } } }`],
  "fragments in fragments merge": [
    `{ products { ...A ...B } } fragment A on Product { brand { title ...C } reviews { id } } fragment B on Product { brand { country } reviews { body author { ...U } } } fragment C on Brand { slogan founder { name city { name } } } fragment U on User { name }`,
  ],
  "@skip and @include take effect at services and in the answer": [
    `query ($yes: Boolean!, $no: Boolean!) { products { id rating @include(if: $no) name @skip(if: $yes) ...F @include(if: $yes) ... @skip(if: $no) { price } } stock(productId: "p1") @skip(if: $yes) { quantity } } fragment F on Product { reviews @skip(if: $no) { body } shipping @include(if: $no) }`,
    { yes: true, no: false },
  ],
  "conditions may stand on fragments of the union that they are in": [
    `query ($yes: Boolean!, $no: Boolean!) { search { ... on Result @include(if: $yes) { __typename ... on Product { rating } } ...R @skip(if: $no) } } fragment R on Result { ... on Brand @include(if: $yes) { slogan } ... on Result @include(if: $no) { t: __typename } }`,
    { yes: true, no: false },
  ],
  "conditions may stand on fragments of the root": [
    `query ($yes: Boolean!, $no: Boolean!) { ... on Query @include(if: $yes) { products { rating } ...R @skip(if: $no) ... @include(if: $no) { reviews { id } } } ...R @include(if: $no) products { name } } fragment R on Query { bestReviewed { shipping } stock(productId: "p1") @include(if: $yes) { product @skip(if: $no) { rating } } }`,
    { yes: true, no: false },
  ],
  "literal conditions are decided": [
    `{ products { id rating @include(if: false) name @skip(if: false) } reviews @skip(if: true) { id } }`,
  ],
  "an operation that selects nothing answers an empty object": [
    `query ($no: Boolean!) { products @include(if: $no) { id } }`,
    { no: false },
  ],
  "an operation whose fields are all skipped by literals answers an empty object": [
    `{ products @skip(if: true) { id } }`,
  ],
  "variables reach the services that use them, with their defaults": [
    `query ($first: Int = 1, $filter: Filter, $zone: String, $unused: ID) { products(first: $first) { reviews(first: $first) { id } shipping(zone: $zone) } search(filter: $filter) { ... on Product { id } } node(id: "p1") @skip(if: false) { id } product(id: "p1") { id @include(if: true) } b: product(id: $unused2) { id } }`.replace(
      ", $unused: ID",
      ", $unused2: ID!",
    ),
    { filter: { ids: ["p1"] }, zone: null, unused2: 7 },
  ],
  "a variable inside an input object or a list is forwarded": [
    `query ($kind: Kind, $id: ID!) { search(filter: { kind: $kind, ids: [$id] }) { __typename } }`,
    { kind: "HARD", id: "p1" },
  ],
  "__typename is answered everywhere": [`{ t: __typename products { t: __typename brand { __typename } } __typename }`],
  "only __typename asks no service": [`{ __typename again: __typename ... on Query { more: __typename } }`],
  "introspection stands beside data": [
    `{ products(first: 1) { rating } __schema { queryType { name } } t: __type(name: "Brand") { fields { name } } ...R } fragment R on Query { __schema { mutationType { name } } stock(productId: "p1") { quantity } }`,
  ],
  "introspection with a variable of its own": [
    `query ($name: String!, $no: Boolean!) { __type(name: $name) { name kind } products @include(if: $no) { id } }`,
    { name: "Kind", no: false },
  ],
  "mutations run one after the other, each with what it selects": [
    `mutation { a: rename(id: "p1", name: "One") { name reviews { id } } b: review(productId: "p1", body: "new") { id product { name reviews { id } } } c: rename(id: "p1", name: "Two") { name reviews { id body } } d: review(productId: "p1", body: "newer") { id product { reviews { id } price } } e: price(id: "p1", price: 99) { price shipping name } }`,
  ],
  "an unknown entity is null": [`{ product(id: "none") { name rating } node(id: "none") { id } }`],
  "a resolver's error is told at the client's path": [`{ p: products { n: name f: fragile rating } }`],
  "an error behind an entity is told at the client's path": [`{ r: reviews { p: product { f: fragile name } } }`],
  "an error of a non-null field takes its parent along": [`{ shelves { id strict } product(id: "p2") { id strict } }`],
  "an error of a non-null field of an entity takes its parent along": [
    `{ reviews { id author { favourite { pinned { id } name } } } stock(productId: "p1") { product { needed name } quantity } }`,
  ],
  "an error of a non-null field travels to the root": [`{ products { id needed } }`],
  "null for a non-null entity field travels up to the next nullable": [
    `{ product(id: "p3") { id pinned { id } } reviews { id } }`,
  ],
};

const unchanging = new TestGraph(shop);

for (const [behaviour, [query, variables]] of Object.entries(cases)) {
  test(`like graphql-js: ${behaviour}`, async () => {
    const graph = query.startsWith("mutation") ? new TestGraph(shop) : unchanging;
    await graph.assertSame(query, variables);
  });
}
