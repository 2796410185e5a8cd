import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { auditServer } from "graphql-http";
import { askedService, type AskedService } from "../../../tests/support/asked-service.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { runNode } from "../../../tests/support/node.ts";

const deadline = { timeout: 60_000 };
const audits = 61;

/** Those whose question is sent by GET, or asks `__type(name: $name)`. */
const shut: readonly string[] = [
  "5A70 MAY accept application/x-www-form-urlencoded formatted GET requests",
  "2EA1 SHOULD allow map {variables} parameter when accepting application/graphql-response+json",
  "28B9 MUST allow map {variables} parameter when accepting application/json",
  "D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json",
  "6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json",
];

const stack = new AsyncDisposableStack();
let service: AskedService;
before(async () => void (service = stack.use(await askedService())));
after(() => stack.disposeAsync());

/** The names of the audits that a real node fails, in their order. */
async function failedWith(flags: readonly string[]): Promise<readonly string[]> {
  await using folder = await temporaryFolder();
  await using node = await runNode({
    stateDir: folder.path,
    services: { asked: service.url },
    flags: ["--log-level=error", "--gateway-limits-max-loop-delay=off", ...flags],
  });
  const results = await auditServer({ url: node.graphql });
  assert.equal(results.length, audits);
  return results.flatMap((result) => (result.status === "ok" ? [] : [`${result.id} ${result.name}`]));
}

test(
  "in production mode 56 of 61 audits pass: all that need neither queries by GET nor introspection",
  deadline,
  async () => {
    assert.deepEqual(await failedWith([]), shut);
  },
);

test("in production mode all 61 pass once queries by GET and introspection are on", deadline, async () => {
  assert.deepEqual(await failedWith(["--gateway-queries-by-get=on", "--gateway-introspection=on"]), []);
});

test("in dev mode all 61 pass", deadline, async () => {
  assert.deepEqual(await failedWith(["--gateway-mode=dev"]), []);
});
