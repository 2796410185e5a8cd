import assert from "node:assert/strict";
import { test } from "node:test";
import { authV1, createClient, gatewayV1, rpcTransport } from "@catalyst-node/adapters/rpc";
import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { ask } from "../../../tests/support/graphql.ts";
import { eventually, Running } from "../../../tests/support/process.ts";
import { answersGraphql, served } from "../../../tests/support/served.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { desired } from "./testing/subgraphs.ts";

const deadline = { timeout: 120_000 };
const { OPTIONAL } = gatewayV1.TrustSection_Mode;
const sdl = (name: string) => `type Query { ${name}: String }`;

/** A service that answers its name, and keeps what each request said in Authorization. */
async function listening(name: string) {
  const heard: (readonly string[])[] = [];
  const schema = subgraphSchema(sdl(name), { Query: { [name]: () => name } }, {});
  const service = await served(
    answersGraphql(
      () => schema,
      (_, { req: { headersDistinct } }) => void heard.push(headersDistinct["authorization"] ?? []),
    ),
  );
  return { name, sdl: sdl(name), heard, url: service.url, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** A real auth of acme/west in this folder. */
function startAuth(stateDir: string): Promise<Running> {
  const node = ["--organization", "acme", "--node", "west", "--state-dir", stateDir];
  return Running.catalyst(["auth", ...node, "--auth-listen", "127.0.0.1:0"]);
}

/** What is said of the vetted subject, if anything. */
function toldBy(heard: readonly string[] | undefined): unknown {
  const [, header = "", claims = ""] = /^Bearer ([^.]+)\.([^.]+)\.[^.]+$/.exec(heard?.[0] ?? "") ?? [];
  if (header === "") return heard;
  const parsed = [header, claims].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return [parsed[0].typ, parsed[1].sub, parsed[1].aud, parsed[1].exp - parsed[1].iat];
}

for (const workers of [1, 2]) {
  test(
    `a service that is to know who asks is told by the gateway, and no other (workers: ${workers})`,
    deadline,
    async () => {
      await using folder = await temporaryFolder();
      await using known = await listening("known");
      await using other = await listening("other");
      const auth = await startAuth(folder.path);
      await using stack = new AsyncDisposableStack();
      const transport = await rpcTransport({ address: auth.url("auth-orchestrator") });
      assert.ok(transport.ok);
      stack.use(transport.value);
      const client = createClient(authV1.AuthService, transport.value);
      const tokenOf = async (subject: string): Promise<string> =>
        (await client.sign({ token: { case: "service", value: { subject, audience: "acme/west" } } })).token;
      let trust;
      for await (trust of client.watchTrust({})) break;
      const issuer = trust?.issuer;
      assert.ok(issuer !== undefined);

      await using gateway = await Gateway.start(["--workers", String(workers)]);
      await gateway.configure({
        identity: acme,
        ...desired([known, other]),
        trust: {
          mode: OPTIONAL,
          ownIssuer: issuer.issuer,
          issuers: [issuer],
          signing: { address: auth.url("auth-gateway") },
          subjects: [{ service: "known", audience: "acme/west/known" }],
        },
      });
      const query = "{ known other }";
      const good = { status: 200, data: { known: "known", other: "other" } };
      const ann = await tokenOf("ann");
      assert.deepEqual(await ask(gateway.graphql, query, {}, ann), good);
      assert.deepEqual(await ask(gateway.graphql, query, {}, await tokenOf("bob")), good);
      assert.deepEqual(await ask(gateway.graphql, query), good);
      assert.deepEqual(known.heard.map(toldBy), [
        ["catalyst-subject+jwt", "ann", "acme/west/known", 60],
        ["catalyst-subject+jwt", "bob", "acme/west/known", 60],
        [],
      ]);
      assert.deepEqual(other.heard, [[], [], []]);

      // Each request says its own, however many are on their way.
      known.heard.length = 0;
      const bob = await tokenOf("bob");
      const crowd = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          ask(gateway.graphql, "{ known }", {}, [ann, bob, undefined][index % 3]),
        ),
      );
      assert.ok(crowd.every(({ status }) => status === 200));
      const subjects = known.heard.map((heard) => String(Object(toldBy(heard))[1] ?? "nobody")).toSorted();
      assert.deepEqual(subjects, [...Array(20).fill("ann"), ...Array(20).fill("bob"), ...Array(20).fill("nobody")]);

      const carl = await tokenOf("carl");
      await auth.kill();
      for (let time = 0; time < 4; time += 1)
        if (workers === 1)
          assert.deepEqual(await ask(gateway.graphql, query, {}, ann), good, "by what was signed before");
      const { status, data, errors } = await ask(gateway.graphql, query, {}, carl);
      assert.deepEqual([status, data], [200, { known: null, other: "other" }]);
      assert.deepEqual(
        errors?.map(({ extensions }) => extensions?.["code"]),
        ["AUTH_UNAVAILABLE"],
      );
      await using _again = await startAuth(folder.path);
      await eventually(
        () => ask(gateway.graphql, query, {}, carl),
        ({ errors: left }) => left === undefined,
      );
      await gateway.running.stop();
      assert.doesNotMatch(gateway.running.stderr, /eyJ/, "no token is in the log");
    },
  );
}
