import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { loadConfig } from "./load.ts";
import { formatOrigin } from "./origin.ts";
import { loaded, problemsOf, told } from "./testing/load.ts";

const minimal = { organization: "acme", node: "west" };
const products = { name: "products", url: "http://127.0.0.1:4001/graphql" };

test("without services, every default is filled in", () => {
  const { config } = loaded({ file: minimal });
  assert.equal(config.gateway.listen, "127.0.0.1:4000");
  assert.equal(config.gateway.drainTimeout, 10_000);
  assert.deepEqual(config.services, []);
});

test("workers are a number, which a file may write as text too, or auto", () => {
  const workers = (value: number | string) => loaded({ file: { ...minimal, gateway: { workers: value } } }).config;
  assert.deepEqual(
    [2, "3", "auto"].map((value) => workers(value).gateway.workers),
    [2, 3, "auto"],
  );
  for (const wrong of [0, 1.5, 65, -1, "many", "02"]) {
    const [problem] = problemsOf({ file: { ...minimal, gateway: { workers: wrong } } });
    assert.equal(problem?.code, "CAT-CONFIG-007", String(wrong));
    assert.match(problem?.message ?? "", /neither "auto" nor a number from 1 to 64/);
  }
  assert.equal(loaded({ file: minimal, flags: ["--gateway-workers=auto"] }).config.gateway.workers, "auto");
});

test("an embedded gateway's socket is in the state folder unless it is named", () => {
  const address = (stateDir: string) => loaded({ file: { ...minimal, stateDir } }).config.gateway.rpc.address;
  assert.equal(address("/run/x/"), "unix:/run/x/gateway.sock");
  const named = { ...minimal, gateway: { rpc: { address: "unix:/run/y" } } };
  assert.equal(loaded({ file: named }).config.gateway.rpc.address, "unix:/run/y");
});

test("flags win over variables, variables over the file, the file over what the command supplies", () => {
  const supplied = {
    command: "catalyst dev",
    values: { organization: "dev", node: "local", stateDir: "d", api: { listen: "a:1" } },
  };
  const { config, origins } = loaded({
    supplied,
    file: { node: "file", stateDir: "file", api: { listen: "b:2" } },
    env: { CATALYST_STATE_DIR: "env", CATALYST_API_LISTEN: "c:3" },
    flags: ["--api-listen=d:4"],
  });
  assert.deepEqual(
    [config.organization, config.node, config.stateDir, config.api.listen],
    ["dev", "file", "env", "d:4"],
  );
  assert.deepEqual(
    ["organization", "node", "stateDir", "api.listen", "log.level"].map((key) =>
      formatOrigin(origins.get(key) ?? { kind: "default" }),
    ),
    ["catalyst dev", "catalyst.json:2:11", "CATALYST_STATE_DIR", "--api-listen", "default"],
  );
});

test("services of all sources are merged by name and keep the order in which they are named first", () => {
  const { config, origins } = loaded({
    file: { ...minimal, services: [products, { name: "reviews", url: "http://r/" }] },
    env: { CATALYST_SERVICES: `[{"name": "reviews", "export": true}, {"name": "stock", "url": "http://s/"}]` },
    flags: [
      "--service=name=new,url=http://n/",
      "--set=services[products].url=http://p/",
      "--service=name=stock,schema.interval=1s",
    ],
  });
  assert.deepEqual(
    config.services.map(({ name, url, export: exported }) => [name, url, exported]),
    [
      ["products", "http://p/", false],
      ["reviews", "http://r/", true],
      ["stock", "http://s/", false],
      ["new", "http://n/", false],
    ],
  );
  assert.equal(config.services[2]?.schema.interval, 1000);
  assert.deepEqual(origins.get("services[reviews].export"), { kind: "environment", variable: "CATALYST_SERVICES" });
});

test("$schema is for editors and sets nothing", () => {
  assert.deepEqual(
    loaded({ file: { $schema: "./config.schema.json", ...minimal } }).config,
    loaded({ file: minimal }).config,
  );
});

test("a missing key tells its flag and variable", () => {
  const [organization, node] = problemsOf({});
  assert.equal(organization?.code, "CAT-CONFIG-008");
  assert.match(organization?.message ?? "", /--organization or by CATALYST_ORGANIZATION/);
  assert.equal(node?.path, "node");
});

test("everything that is wrong in all sources is told at once, each at its place", () => {
  const file = `{
  "organization": "acme", "node": "West",
  "gateway": { "listen": "0.0.0.0:70000" },
  "services": [
    { "name": "products", "url": "http://127.0.0.1:4001/graphql", "exprot": true },
    { "name": "products", "url": "http://h/" }
  ]
}`;
  assert.deepEqual(
    told({ file, env: { CATALYST_GATEWAY_MODE: "prod", CATALYST_NOED: "x" }, flags: ["--log-level=loud"] }),
    [
      "CAT-CONFIG-007 catalyst.json:2:35: node",
      "CAT-CONFIG-007 catalyst.json:3:26: gateway.listen",
      "CAT-CONFIG-004 catalyst.json:5:67: services[products].exprot",
      "CAT-CONFIG-010 catalyst.json:6:15: services[products].name",
      "CAT-CONFIG-007 CATALYST_GATEWAY_MODE",
      "CAT-CONFIG-012 CATALYST_NOED",
      "CAT-CONFIG-007 --log-level",
    ],
  );
});

test("an unknown key is told with the key that was probably meant, which then is not told missing", () => {
  const [only, ...others] = problemsOf({ file: { organisation: "acme", node: "west" } });
  assert.equal(only?.message, `unknown key; did you mean "organization"?`);
  assert.deepEqual(others, []);
});

test("a problem in a file shows its line with a caret, and never a credential", () => {
  const file = `{"organization": "acme", "node": "west",\n\t"services": [{"name": "a", "url": "http://me:secret@h/"}]}`;
  const [problem] = problemsOf({ file });
  const [line = "", caret = ""] = problem?.excerpt?.split("\n") ?? [];
  assert.equal(line[caret.indexOf("^")], `"`);
  assert.match(line, /^ {2}2 \| .*"http:\/\/\*+@h\/"/);
  assert.doesNotMatch(JSON.stringify(problem), /secret/);
});

test("a file that is not JSON is told once, without all the keys that it might hold", () => {
  assert.deepEqual(told({ file: "{", flags: ["--log-level=loud"] }), [
    "CAT-CONFIG-003 catalyst.json:1:2",
    "CAT-CONFIG-007 --log-level",
  ]);
});

test("a value that the file gives wrongly is told even where a flag overrides it", () => {
  const given = { file: { ...minimal, api: { listen: "x" } }, flags: ["--api-listen=127.0.0.1:1"] };
  assert.deepEqual(told(given), ["CAT-CONFIG-007 catalyst.json:5:15: api.listen"]);
});

test("the wrong type is told with what is expected", () => {
  const file = { organization: 5, node: null, gateway: [], services: {}, log: { level: true } };
  assert.deepEqual(
    problemsOf({ file }).map(({ message }) => message),
    [
      `text (name), such as "acme", is expected, not the number 5`,
      `text (name), such as "west", is expected, not null`,
      "an object is expected, not a list",
      "a list is expected, not an object",
      "one of trace, debug, info, warn, error, silent is expected, not the boolean true",
    ],
  );
});

test("keys that reach into the program's own objects are refused in every source", () => {
  const file = `{"organization": "acme", "node": "west", "__proto__": {"x": 1}, "constructor": 1}`;
  const flags = [
    "--set=__proto__.x=1",
    "--set=services[a].constructor=1",
    "--service=name=b,url=http://b/,prototype=1",
    "--unset=__proto__",
  ];
  assert.deepEqual(problemsOf({ file, flags }).filter(({ code }) => code === "CAT-CONFIG-013").length, 6);
  assert.equal(Object.hasOwn(Object.prototype, "x"), false);
});

test("no sources whatsoever make loading throw", () => {
  const flag = fc.record({
    flag: fc.constantFrom(
      "--set",
      "--unset",
      "--service",
      "--log-level",
      "--gateway-embedded",
      "--no-gateway-embedded",
    ),
    value: fc.oneof(
      fc.string(),
      fc.constantFrom("services[a].url=x", "log", "services", "services[a]", "a=b", "name=a,url=http://h"),
      fc.constant(undefined),
    ),
  });
  const keys = fc.constantFrom(
    "organization",
    "node",
    "services",
    "gateway",
    "name",
    "url",
    "schema",
    "rpc",
    "tls",
    "__proto__",
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom("a", 1, true, null, "http://h"),
      fc.array(tie("tree")),
      fc.dictionary(keys, tie("tree")),
    ),
  }));
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    tree.map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(text, fc.array(flag, { maxLength: 5 }), fc.string(), (text, flags, variable) => {
      const result = loadConfig({
        file: { name: "f", text },
        flags,
        env: { CATALYST_SERVICES: variable, CATALYST_NODE: variable },
      });
      assert.ok(result.ok || result.problems.length > 0);
    }),
    { numRuns: 500 },
  );
});

test("a message stays a line, whatever is in the text that it is about", () => {
  const file = { organization: "x".repeat(100_000), node: "a\nb\u001B[31m", ["k\n".repeat(1000)]: 1 };
  for (const { path, message } of problemsOf({ file, flags: [`--set=${"y".repeat(1000)}`] })) {
    assert.ok(path.length + message.length < 300);
    assert.doesNotMatch(path + message, /\p{Cc}/u);
  }
});
