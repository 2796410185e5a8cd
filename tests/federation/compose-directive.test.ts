import { answers, type Services } from "./example.ts";

const services: Services = {
  services: {
    a: `
      extend schema @link(url: "https://acme.example/cost/v1.0", import: ["@cost"]) @composeDirective(name: "@cost")
      directive @cost(weight: Int!) on FIELD_DEFINITION
      type Query { cheap: Int @cost(weight: 1) dear: Int @cost(weight: 100) }`,
    b: `type Query { other: Int }`,
  },
  resolvers: { "Query.cheap": () => 1, "Query.dear": () => 2, "Query.other": () => 3 },
};

answers("@composeDirective: a directive of one's own is carried along and changes no answer", services, {
  query: "{ cheap dear other }",
  data: { cheap: 1, dear: 2, other: 3 },
  requests: { a: 1, b: 1 },
});
