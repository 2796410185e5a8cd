import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlattenPath } from "./plan.ts";
import { type Write, adoptionFor } from "./sharing.ts";
import type { Shape } from "./shape.ts";

const leaf = (key: string) => ({ key, shape: undefined });
const object = (key: string, ...shape: Shape) => ({ key, shape });
const path = (...segments: readonly string[]): FlattenPath =>
  segments.map((text) => (text === "@" ? "@" : text.startsWith("[") ? { TypeCondition: [text] } : { Field: text }));
const write = (paths: readonly FlattenPath[], ...shape: Shape): Write => ({ paths, shape });

const reviews = write([path("products", "@")], object("reviews", object("author", leaf("id"))), leaf("rating"));

test("what nobody writes into later is shared", () => {
  const others = [write([[]], object("products", leaf("id"))), write([path("products", "@", "brand")], leaf("title"))];
  assert.equal(adoptionFor(reviews, [...others, reviews]), "share");
});

test("leaves are shared whatever follows", () => {
  const rating = write([path("products", "@")], leaf("rating"));
  assert.equal(adoptionFor(rating, [rating, write([path("products", "@")], leaf("rating"))]), "share");
});

test("what a later fetch reaches through the very same path is shared", () => {
  const authors = write([path("products", "@", "reviews", "@", "author")], leaf("name"));
  assert.equal(adoptionFor(reviews, [reviews, authors]), "share");
});

test("what a later fetch reaches through some of its places only is copied", () => {
  const some = write([path("products", "@", "[A", "reviews", "@", "author")], leaf("name"));
  assert.equal(adoptionFor(reviews, [reviews, some]), "copy");
});

test("what stands in several paths is copied when one of them is written into", () => {
  const both = write([path("a", "@"), path("b", "@")], object("reviews", leaf("id")));
  const later = write([path("a", "@", "reviews", "@")], leaf("body"));
  assert.equal(adoptionFor(both, [both, later]), "copy");
});

test("what two fetches bring under the same key is copied", () => {
  const more = write([path("products", "@")], object("reviews", leaf("body")));
  assert.equal(adoptionFor(reviews, [reviews, more]), "copy");
  const root = write([[]], object("products", object("reviews", leaf("id"))));
  assert.equal(adoptionFor(reviews, [root, reviews]), "copy");
});
