import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf as codes, told } from "./testing/load.ts";

const minimal = { organization: "acme", node: "west" };
const withRpc = (rpc: object, gateway: object = {}) => ({ ...minimal, gateway: { ...gateway, rpc } });
const withSchema = (schema: object) => ({ ...minimal, services: [{ name: "a", url: "http://a/", schema }] });
const pair = { certFile: "tls.crt", keyFile: "tls.key" };
const tls = { caFile: "ca.pem", certFile: "cert.pem", keyFile: "key.pem" };

test("a schema from a file needs the file, and a file needs a schema from it", () => {
  assert.deepEqual(codes(withSchema({ from: "file" })), ["CAT-CONFIG-014"]);
  assert.deepEqual(codes(withSchema({ file: "a.graphql" })), ["CAT-CONFIG-014"]);
  assert.deepEqual(codes(withSchema({ from: "file", file: "a.graphql" })), []);
});

test("a remote gateway needs the address of its RPC", () => {
  assert.deepEqual(codes({ ...minimal, gateway: { embedded: false } }), ["CAT-CONFIG-015"]);
  assert.deepEqual(codes(withRpc({ address: "unix:/run/g" }, { embedded: false })), []);
});

test("RPC over TCP, loopback included, needs a secret or certificates, and certificates need https", () => {
  assert.deepEqual(codes(withRpc({ address: "http://127.0.0.1:4040" })), ["CAT-CONFIG-016"]);
  assert.deepEqual(codes(withRpc({ address: "https://127.0.0.1:4040" })), ["CAT-CONFIG-016"]);
  assert.deepEqual(codes(withRpc({ address: "http://127.0.0.1:4040", tls })), ["CAT-CONFIG-016"]);
  assert.deepEqual(codes(withRpc({ address: "unix:/run/g", tls })), ["CAT-CONFIG-016"]);
  assert.deepEqual(codes(withRpc({ address: "http://127.0.0.1:4040", secretFile: "secret" })), []);
  assert.deepEqual(codes(withRpc({ address: "https://127.0.0.1:4040", tls })), []);
});

test("certificates are given whole or not at all", () => {
  assert.deepEqual(codes(withRpc({ address: "https://h:1", tls: { caFile: "ca.pem" } })), [
    "CAT-CONFIG-008",
    "CAT-CONFIG-008",
  ]);
});

test("sockets must fit into 107 bytes, counted as bytes", () => {
  assert.deepEqual(codes({ ...minimal, stateDir: `/${"x".repeat(84)}` }), ["CAT-CONFIG-017"]);
  assert.deepEqual(codes({ ...minimal, stateDir: `/${"x".repeat(83)}` }), []);
  assert.deepEqual(codes(withRpc({ address: `unix:/${"é".repeat(54)}` })), ["CAT-CONFIG-007"]);
});

test("two listeners of one node must not use one port, unless the system chooses it", () => {
  const listen = (api: string, gateway: string) =>
    codes({ ...minimal, api: { listen: api }, gateway: { listen: gateway } });
  assert.deepEqual(listen("127.0.0.1:5000", "127.0.0.1:5000"), ["CAT-CONFIG-018"]);
  assert.deepEqual(listen("127.0.0.1:5000", "0.0.0.0:5000"), ["CAT-CONFIG-018"]);
  assert.deepEqual(listen("127.0.0.1:5000", "127.0.0.2:5000"), []);
  assert.deepEqual(listen("127.0.0.1:0", "127.0.0.1:0"), []);
  const https = (listen: string) => codes({ ...minimal, gateway: { tls: { ...pair, listen } } });
  assert.deepEqual(https("127.0.0.1:4000"), ["CAT-CONFIG-018"]);
  assert.deepEqual(https("127.0.0.1:4400"), []);
});

test("HTTPS needs both files, whichever is set", () => {
  const https = (tls: object) => codes({ ...minimal, gateway: { tls } });
  assert.deepEqual(https({ certFile: "tls.crt" }), ["CAT-CONFIG-008"]);
  assert.deepEqual(https({ keyFile: "tls.key" }), ["CAT-CONFIG-008"]);
  assert.deepEqual(https({ listen: "127.0.0.1:4400" }), ["CAT-CONFIG-008", "CAT-CONFIG-008"]);
  assert.deepEqual(https(pair), []);
});

test("rules are checked even when a key elsewhere is missing, but not on a key that is wrong by itself", () => {
  assert.deepEqual(told({ file: { node: "west", gateway: { embedded: false } } }), [
    "CAT-CONFIG-008 organization",
    "CAT-CONFIG-015 catalyst.json:4:17: gateway.embedded",
  ]);
  assert.deepEqual(codes(withRpc({ address: "nowhere" }, { embedded: false })), ["CAT-CONFIG-007"]);
});

test("a limit beyond its range is refused where it stands, before a gateway is asked to keep it", () => {
  assert.deepEqual(
    told({
      file: { organization: "acme", node: "west", gateway: { limits: { maxBody: "4GiB", maxFields: 100_001 } } },
      flags: ["--gateway-upstream-max-response=2GiB", "--gateway-upstream-retry-budget=101"],
    }).toSorted(),
    [
      "CAT-CONFIG-007 --gateway-upstream-max-response",
      "CAT-CONFIG-007 --gateway-upstream-retry-budget",
      "CAT-CONFIG-007 catalyst.json:6:18: gateway.limits.maxBody",
      "CAT-CONFIG-007 catalyst.json:7:20: gateway.limits.maxFields",
    ],
  );
});
