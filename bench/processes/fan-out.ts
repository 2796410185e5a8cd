/**
 * The least that a gateway on undici can do for the shop's queries: the same four requests in the same order, with bodies
 * made beforehand, none of the answers looked at, and an answer of the same size. `{"fan": "small" | "large"}` asks.
 */
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { Pool } from "undici";
import { type Product, products } from "../shop/data.ts";
import { tellReady } from "./ready.ts";

const urls: Readonly<Record<string, string>> = JSON.parse(process.env["BENCH_SERVICES"] ?? "");
const pools = new Map(
  Object.entries(urls).map(([name, url]) => [name, new Pool(new URL(url).origin, { connections: 64 })]),
);
const [small, large] = [fanOut(products.slice(2, 3), 556), fanOut(products.slice(8, 84), 92_222)];

type Request = readonly [service: string, body: string];
type FanOut = { readonly hops: readonly (readonly Request[])[]; readonly answer: string };

function fanOut(chosen: readonly Product[], bytes: number): FanOut {
  const reviewed = chosen.flatMap(({ reviews }) => reviews({ first: chosen.length === 1 ? 3 : 6 }));
  const authors = [...new Set(reviewed.map(({ author }) => author.id))];
  const offset = products.findIndex((product) => product === chosen[0]);
  const root = `{ products(first: ${chosen.length}, offset: ${offset}) { __typename id name description price weight } }`;
  const known = chosen.map(({ id, price, weight }) => ({ __typename: "Product", id, price, weight }));
  const bare = chosen.map(({ id }) => ({ __typename: "Product", id }));
  const users = authors.map((id) => ({ __typename: "User", id }));
  return {
    hops: [
      [["products", JSON.stringify({ query: root })]],
      [
        ["inventory", entities("... on Product { inStock warehouse shippingEstimate }", known)],
        ["reviews", entities("... on Product { reviews(first: 6) { id rating body author { __typename id } } }", bare)],
      ],
      [["users", entities("... on User { name country }", users)]],
    ],
    answer: JSON.stringify({ data: "x".repeat(bytes - 11) }),
  };
}

function entities(selection: string, representations: readonly object[]): string {
  const query = `query($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`;
  return JSON.stringify({ query, variables: { r: representations } });
}

async function answer(body: string): Promise<string> {
  const { hops, answer } = body.includes("large") ? large : small;
  for (const hop of hops) await Promise.all(hop.map(send));
  return answer;
}

async function send([service, body]: Request): Promise<void> {
  const headers = { "content-type": "application/json" };
  const sent = await pools.get(service)?.request({ method: "POST", path: "/graphql", headers, body });
  await sent?.body.text();
}

const server = createServer((request, response) => {
  buffer(request)
    .then((body) => answer(body.toString("utf8")))
    .then((text) => response.writeHead(200, { "content-type": "application/json" }).end(text))
    .catch(() => response.destroy());
});
tellReady("fan-out", server);
