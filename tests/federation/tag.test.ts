import assert from "node:assert/strict";
import { test } from "node:test";
import { printSchema } from "graphql";
import { answers, graphOf, type Services } from "./example.ts";

const services: Services = {
  services: {
    a: `type Query @tag(name: "root") { hello(to: String @tag(name: "input")): String @tag(name: "public") @tag(name: "old") mood: Mood }
        enum Mood @tag(name: "feelings") { FINE @tag(name: "good") BAD }`,
  },
  resolvers: { "Query.hello": () => "world", "Query.mood": () => "FINE" },
};

answers("@tag: marks whatever it likes and changes no answer", services, {
  query: "{ hello mood }",
  data: { hello: "world", mood: "FINE" },
  requests: { a: 1 },
});

test("@tag: is not shown to clients", () => {
  assert.doesNotMatch(printSchema(graphOf(services).schema), /tag/);
});
