import assert from "node:assert/strict";
import { test } from "node:test";
import { Running } from "./support/process.ts";
import { assertNoToken, TokenLeak } from "./support/token-leak.ts";
import { makeIssuer } from "./support/tokens.ts";

const token = makeIssuer().serviceToken({ aud: "acme/west" });

test("a token is found in what is printed piece by piece, and nothing is where there is none", () => {
  const leak = new TokenLeak();
  leak.hear("eyJ is how each begins; eyJhbGciOiJFUzM4NCJ9.eyJzdWIiOiJ4In0 has no signature\n");
  leak.assertNone("a log");
  for (let at = 0; at < token.length; at += 50) leak.hear(token.slice(at, at + 50));
  leak.hear("\nand so on");
  assert.throws(() => leak.assertNone("a log"), /^Error: a token stands in a log$/);
});

test("a process that logs a token, or is given one, fails the test that started it", async () => {
  const script =
    'console.error(process.env.SAID); console.log(JSON.stringify({kind:"Ready",items:[]})); setInterval(()=>{},1e3)';
  const running = await Running.program(process.execPath, ["-e", script], { env: { SAID: token } });
  await assert.rejects(running[Symbol.asyncDispose](), /a token stands in a log/);
  await assert.rejects(Running.program(process.execPath, ["-e", "0", token], {}), /a token stands in arguments/);
  assert.throws(() => assertNoToken(`Bearer ${token}`, "stdout"));
});
