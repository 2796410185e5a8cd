import assert from "node:assert/strict";
import { test } from "node:test";
import { authStrangeness, strangeness } from "./strangeness.ts";

const ours = {
  version: "0.1.0",
  organization: "acme",
  node: "west",
  listen: "127.0.0.1:4000",
  tls: undefined,
  workers: 1,
};
const theirs = {
  version: "0.1.0",
  organization: "acme",
  node: "west",
  state: "ready",
  listeners: [{ name: "graphql", url: "http://127.0.0.1:4000" }],
  workers: [],
  certificate: undefined,
} as const;

test("a gateway of the same node, version and address is adopted, also one that is not configured yet", () => {
  assert.equal(strangeness(theirs, ours), undefined);
  assert.equal(strangeness({ ...theirs, organization: "", node: "", state: "unconfigured" }, ours), undefined);
});

test("one that took any port is adopted when any port is configured", () => {
  assert.equal(strangeness(theirs, { ...ours, listen: "127.0.0.1:0" }), undefined);
  assert.equal(strangeness(theirs, { ...ours, listen: "0.0.0.0:0" })?.replace, true);
});

test("one that listens on a name, such as localhost, is adopted by who configures that name", () => {
  const named = { ...theirs, listeners: [{ name: "graphql", url: "http://localhost:4000" }] };
  assert.equal(strangeness(named, { ...ours, listen: "localhost:4000" }), undefined);
  assert.equal(strangeness(named, { ...ours, listen: "localhost:0" }), undefined);
  assert.equal(strangeness(named, ours)?.replace, true);
});

test("one of another version, another address, or that is stopping is replaced", () => {
  assert.deepEqual(strangeness({ ...theirs, version: "0.0.9" }, ours), {
    why: "it is version 0.0.9, this is 0.1.0",
    replace: true,
  });
  assert.equal(strangeness(theirs, { ...ours, listen: "127.0.0.1:4001" })?.replace, true);
  assert.equal(strangeness({ ...theirs, state: "stopping" }, ours)?.replace, true);
});

test("one that shows another certificate, or has HTTPS at another address, is replaced", () => {
  const pair = { certFile: "tls.crt", keyFile: "tls.key" };
  const certificate = { ...pair, fingerprint: "", notBefore: 0, notAfter: 0, problems: [] };
  const https = { ...theirs, listeners: [{ name: "graphql", url: "https://127.0.0.1:4000" }], certificate };
  assert.equal(strangeness(https, { ...ours, tls: pair }), undefined);
  assert.equal(strangeness(https, ours)?.replace, true);
  assert.equal(strangeness(theirs, { ...ours, tls: pair })?.replace, true);
  assert.equal(strangeness(https, { ...ours, tls: { ...pair, certFile: "other.crt" } })?.replace, true);

  const own = { ...pair, listen: "127.0.0.1:4400" };
  const listeners = [...theirs.listeners, { name: "graphql-tls", url: "https://127.0.0.1:4400" }];
  assert.equal(strangeness({ ...theirs, listeners, certificate }, { ...ours, tls: own }), undefined);
  assert.equal(strangeness(https, { ...ours, tls: own })?.replace, true);
  assert.equal(strangeness({ ...theirs, listeners, certificate }, { ...ours, tls: pair })?.replace, true);
});

test("one with another number of workers is replaced", () => {
  const worker = { number: 1, pid: 1, state: "serving", restarts: 0, operations: 0 } as const;
  const workers = [worker, { ...worker, number: 2 }];
  assert.equal(strangeness({ ...theirs, workers }, { ...ours, workers: 2 }), undefined);
  assert.equal(strangeness({ ...theirs, workers }, ours)?.replace, true);
  assert.equal(strangeness(theirs, { ...ours, workers: 2 })?.replace, true);
});

test("one of another node is never touched", () => {
  assert.deepEqual(strangeness({ ...theirs, node: "east", version: "0.0.9" }, ours), {
    why: "it belongs to acme/east",
    replace: false,
  });
});

test("an auth is adopted when it is of the same node, issuer, version, address and settings, else replaced", () => {
  const wanted = { ...ours, listen: "127.0.0.1:4300", issuer: "urn:catalyst:acme", settingsDigest: "a" };
  const found = { ...wanted, listeners: [{ name: "jwks", url: "http://127.0.0.1:4300" }] };
  assert.equal(authStrangeness(found, wanted), undefined);
  assert.equal(authStrangeness({ ...found, node: "east" }, wanted)?.replace, false);
  for (const other of [{ issuer: "urn:other" }, { version: "0.0.9" }, { settingsDigest: "b" }, { listeners: [] }]) {
    assert.equal(authStrangeness({ ...found, ...other }, wanted)?.replace, true, JSON.stringify(other));
  }
});
