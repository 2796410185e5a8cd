import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { hasNotConnected } from "./send-try.ts";

test("only what failed before it was connected may be asked elsewhere, above all a mutation", async () => {
  const [refused]: unknown[] = await once(connect({ host: "127.0.0.1", port: 1 }), "error");
  assert.equal(hasNotConnected(refused), true);
  const broken = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });
  assert.equal(hasNotConnected(broken("ENOTFOUND", "getaddrinfo")), true);
  assert.equal(hasNotConnected(broken("ETIMEDOUT", "read")), false, "the request may have arrived");
  assert.equal(hasNotConnected(broken("EHOSTUNREACH", "write")), false);
  assert.equal(hasNotConnected(broken("ECONNRESET", "connect")), false);
  assert.equal(hasNotConnected("ECONNREFUSED"), false);
});
