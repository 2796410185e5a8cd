import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, refusals, type Services } from "./example.ts";

const services: Services = {
  services: {
    people: `
      type Query {
        open: String
        me: Person
        anyone: Being
        found: [Found]
        secret: String @authenticated
        salaries: [Int] @requiresScopes(scopes: [["salaries:read"]])
        plans: String @policy(policies: [["board"]])
        money: Money
        clearance: Clearance
      }
      type Mutation { fire: Int @authenticated }
      interface Being { name: String phone: String }
      type Person implements Being @key(fields: "id") { id: ID! name: String phone: String @authenticated }
      type Robot implements Being { name: String phone: String }
      type Vault @authenticated { gold: Int }
      union Found = Robot | Vault
      scalar Money @requiresScopes(scopes: [["money"]])
      enum Clearance @policy(policies: [["clearance"]]) { TOP LOW }`,
    more: `type Person @key(fields: "id") { id: ID! nick: String grade: String @authenticated }`,
  },
  resolvers: {
    "Query.open": () => "open",
    "Query.me": () => ({ __typename: "Person", id: "1", name: "Ann" }),
    "Query.found": () => [{ __typename: "Robot", name: "R2" }],
  },
  entities: { Person: [{ id: "1", nick: "A" }] },
};

answers("@authenticated and its like: what is not protected is answered", services, {
  query: "{ open me { name nick } found { ... on Robot { name } } }",
  data: { open: "open", me: { name: "Ann", nick: "A" }, found: [{ name: "R2" }] },
  requests: { people: 1, more: 1 },
});

/** What clients have to prove cannot be proven to this gateway yet, so nobody gets it. */
const refused: Readonly<Record<string, string>> = {
  "{ open secret }": "Query.secret",
  "{ salaries }": "Query.salaries",
  "{ plans }": "Query.plans",
  "mutation { fire }": "Mutation.fire",
  "{ me { phone } }": "Person.phone",
  "{ me { grade } }": "Person.grade",
  "{ anyone { phone } }": "Being.phone",
  "{ anyone { ...P } } fragment P on Person { phone }": "Person.phone",
  "{ found { ... on Vault { gold } } }": "Vault",
  "{ found { __typename } }": "Vault",
  "{ money }": "Money",
  "{ clearance }": "Clearance",
  "query ($no: Boolean!) { secret @include(if: $no) }": "Query.secret",
};

for (const [query, part] of Object.entries(refused)) {
  test(`@authenticated, @requiresScopes, @policy: ${query} is refused`, () => {
    assert.deepEqual(refusals(services, query), [
      `CAT-EXEC-016 ${part} is only for clients who may see it, and this gateway cannot tell clients apart yet`,
    ]);
  });
}
