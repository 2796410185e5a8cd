import { answers, type Services } from "./example.ts";

const ann = { __typename: "User", id: "1", name: "Ann", mail: "ann@example.org" };

const services: Services = {
  services: {
    reviews: `
      type Query { latest: Review  best: Review @shareable }
      type Review { text: String author: User @provides(fields: "name") critic: User }
      type User @key(fields: "id") { id: ID! name: String @external }`,
    users: `type User @key(fields: "id") { id: ID! name: String mail: String }`,
  },
  resolvers: { "Query.latest": () => ({ text: "good", author: ann, critic: ann }) },
  own: { reviews: { "User.name": () => "Ann, as reviews has it" }, users: { "User.name": () => "Ann, of users" } },
  entities: { User: [ann] },
};

answers("@provides: along this path the service answers another's field itself", services, {
  query: "{ latest { author { name } } }",
  data: { latest: { author: { name: "Ann, as reviews has it" } } },
  requests: { reviews: 1 },
});

answers("@provides: along any other path the field's own service is asked", services, {
  query: "{ latest { critic { name } } }",
  data: { latest: { critic: { name: "Ann, of users" } } },
  requests: { reviews: 1, users: 1 },
});

answers("@provides: what is not provided still comes from its own service", services, {
  query: "{ latest { author { name mail } } }",
  data: { latest: { author: { name: "Ann, as reviews has it", mail: "ann@example.org" } } },
  requests: { reviews: 1, users: 1 },
});
