import assert from "node:assert/strict";
import { test } from "node:test";
import { curlLine, exampleQuery } from "./query.ts";
import { listenerUrl, readReady, readyDocument, readyText } from "./ready.ts";

const processes = [
  { process: "gateway", pid: 2, listeners: [{ name: "graphql", url: "http://127.0.0.1:4000" }] },
  { process: "products", pid: 3, listeners: [{ name: "graphql", url: "http://127.0.0.1:4001/graphql" }] },
];
const all = exampleQuery(new Set(["products", "reviews", "inventory"]));
const curl = curlLine("http://127.0.0.1:4000/graphql", all);
const graphiql = "http://127.0.0.1:4000/graphql";
const ready = { identity: "dev/local", graphiql, processes, curl, https: undefined, query: all, answer: { data: {} } };
const caFile = ".catalyst/dev/tls/ca.pem";
const secure = "https://127.0.0.1:4400/graphql";
const https = { url: secure, caFile, curl: curlLine(secure, all, { caFile }) };

test("the query joins Products with Reviews and reads the stock of Inventory", () => {
  assert.equal(
    all,
    "{ product(id: 1) { name price averageRating reviews { rating body } } stock(productId: 1) { quantity inStock } }",
  );
});

test("the query asks only examples that run", () => {
  assert.equal(exampleQuery(new Set(["products"])), "{ product(id: 1) { name price } }");
  assert.equal(exampleQuery(new Set(["reviews"])), "{ __typename }");
});

test("the curl line can be pasted into a shell", () => {
  assert.match(curl, /^curl -s http:\S+ -H '[^']+' -d '\{"query":"[^']+"\}'$/);
});

test("the curl line asks by the token, if there is one", () => {
  assert.match(curlLine(graphiql, all, { token: "a.b-_.c" }), / -H 'authorization: Bearer a\.b-_\.c' -H 'content-type/);
  assert.doesNotMatch(curl, /authorization/i);
});

test("the text tells each listener, the curl line and the answer", () => {
  const text = readyText(ready);
  assert.match(text, /^dev\/local is ready\.$/m);
  assert.match(text, /^products graphql: {2}http:\/\/127\.0\.0\.1:4001\/graphql$/m);
  assert.match(text, /^Ask it, or open http:\/\/127\.0\.0\.1:4000\/graphql in a browser:$/m);
  assert.ok(text.includes(curl));
  assert.ok(text.includes('"data": {}'));
});

test("the text tells how to ask by HTTPS, and whom to trust", () => {
  const text = readyText({ ...ready, https });
  assert.match(https.curl, /^curl -s --cacert \.catalyst\/dev\/tls\/ca\.pem https:\S+ -H /);
  assert.ok(text.includes(https.curl));
  assert.match(text, /import \.catalyst\/dev\/tls\/ca\.pem once/);
  assert.deepEqual(JSON.parse(readyDocument({ ...ready, https })).https, https);
  assert.match(curlLine(secure, all, { caFile: "/home/a b/ca.pem" }), / --cacert '\/home\/a b\/ca\.pem' /);
  assert.doesNotMatch(readyText(ready), /HTTPS/);
});

test("without GraphiQL no browser is spoken of", () => {
  assert.match(readyText({ ...ready, graphiql: undefined }), /^Ask it:$/m);
});

test("the document holds all processes, the query and the answer on one line", () => {
  const document = readyDocument(ready);
  assert.equal(document.indexOf("\n"), document.length - 1);
  assert.deepEqual(JSON.parse(document).answer, { data: {} });
  assert.deepEqual(readReady(document.trim()), processes);
});

test("a line that is no ready line is none", () => {
  assert.equal(readReady("products is ready"), undefined);
  assert.equal(readReady('{"kind":"Other","items":[]}'), undefined);
});

test("a listener is found by its process and name", () => {
  assert.equal(listenerUrl(processes, "products", "graphql"), "http://127.0.0.1:4001/graphql");
  assert.equal(listenerUrl(processes, "reviews", "graphql"), undefined);
});
