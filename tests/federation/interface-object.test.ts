import { answers, type Services } from "./example.ts";

const ulysses = { __typename: "Book", id: "1", title: "Ulysses", pages: 700, stars: 4 };
const alien = { __typename: "Film", id: "2", title: "Alien", minutes: 117, stars: 5 };
const both = [ulysses, alien];

const services: Services = {
  services: {
    media: `
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
    reviews: `
      type Query { best: Media }
      type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int }`,
  },
  resolvers: { "Query.media": () => both },
  own: { reviews: { "Query.best": () => ({ __typename: "Media", id: "2", stars: 5 }) } },
  entities: { Media: both, Book: [ulysses], Film: [alien] },
};

answers("@interfaceObject: a service adds a field to every type of an interface that it knows no type of", services, {
  query: "{ media { title stars ... on Book { pages } } }",
  data: {
    media: [
      { title: "Ulysses", stars: 4, pages: 700 },
      { title: "Alien", stars: 5 },
    ],
  },
  requests: { media: 1, reviews: 1 },
});

answers("@interfaceObject: the type of what it answers is learned from who knows it", services, {
  query: "{ best { __typename stars ... on Film { minutes } } }",
  data: { best: { __typename: "Film", stars: 5, minutes: 117 } },
  requests: { reviews: 1, media: 1 },
});
