import assert from "node:assert/strict";
import { test } from "node:test";
import { parseListen, parseRpcAddress, serviceUrlProblem } from "./addresses.ts";

test("a listen address is a host and a port, IPv6 in brackets", () => {
  assert.deepEqual(parseListen("127.0.0.1:4000"), { host: "127.0.0.1", port: 4000 });
  assert.deepEqual(parseListen("[::1]:0"), { host: "::1", port: 0 });
  assert.deepEqual(parseListen("node-1.example:65535"), { host: "node-1.example", port: 65_535 });
});

test("a listen address without host, without port or beyond the last port is refused", () => {
  for (const text of [
    "",
    "4000",
    ":4000",
    "127.0.0.1",
    "127.0.0.1:",
    "::1:4000",
    "a b:1",
    "http://h:1",
    "h:-1",
    "h:1x",
  ]) {
    assert.match(JSON.stringify(parseListen(text)), /is not host:port/, text);
  }
  assert.equal(parseListen("127.0.0.1:70000"), "port 70000 is not between 0 and 65535");
});

test("an RPC address is a unix socket or a TCP listener", () => {
  assert.deepEqual(parseRpcAddress("unix:/run/gateway.sock"), { kind: "unix", path: "/run/gateway.sock" });
  assert.deepEqual(parseRpcAddress("unix:.catalyst/g.sock"), { kind: "unix", path: ".catalyst/g.sock" });
  assert.deepEqual(parseRpcAddress("https://[::1]:4040/"), {
    kind: "tcp",
    url: "https://[::1]:4040/",
    secure: true,
    listen: { host: "::1", port: 4040 },
  });
});

test("an RPC address that is neither is refused, and so is a socket path that cannot be bound", () => {
  for (const text of [
    "",
    "/run/g.sock",
    "h:1",
    "ftp://h:1",
    "http://h",
    "http://h:1/path",
    "http://u:p@h:1",
    "unix:",
  ]) {
    assert.equal(typeof parseRpcAddress(text), "string", text);
  }
  assert.match(JSON.stringify(parseRpcAddress(`unix:/${"x".repeat(107)}`)), /108 bytes and a unix socket allows 107/);
});

test("a service's URL is http or https, without credential, fragment or blanks", () => {
  for (const text of ["http://127.0.0.1:4001/graphql", "https://h/?a=1,2", "HTTP://[::1]:1"]) {
    assert.equal(serviceUrlProblem(text), undefined, text);
  }
  for (const text of [
    "",
    "graphql",
    "//h/",
    "ftp://h/",
    "file:///etc",
    "http:h",
    "http://h/ x",
    " http://h/",
    "http://h/#x",
    "http://h:70000/",
  ]) {
    assert.equal(typeof serviceUrlProblem(text), "string", text);
  }
  assert.doesNotMatch(String(serviceUrlProblem("http://me:secret@h/")), /secret/);
});
