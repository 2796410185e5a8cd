import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { nodeFlags } from "../support/node.ts";
import { Running, catalyst } from "../support/process.ts";

const good = { organization: "acme", node: "west", api: { listen: "127.0.0.1:0" }, gateway: { listen: "127.0.0.1:0" } };

type Case = {
  readonly what: string;
  readonly file?: string;
  readonly flags?: readonly string[];
  readonly expect: RegExp;
};

const cases: readonly Case[] = [
  {
    what: "an unknown key",
    file: `{"organization": "acme", "node": "west",\n "services": [{"name": "a", "url": "http://h/", "exprot": true}]}`,
    expect: /CAT-CONFIG-\d+ .*catalyst\.json:2:\d+: services\[a\]\.exprot.*did you mean "export"/is,
  },
  {
    what: "a duplicate key",
    file: `{"organization": "acme",\n "node": "west",\n "node": "east"}`,
    expect: /CAT-CONFIG-\d+ .*catalyst\.json:3:2: node/,
  },
  {
    what: "a wrong type by flag",
    flags: ["--gateway-embedded=perhaps"],
    expect: /CAT-CONFIG-\d+ --gateway-embedded/,
  },
  {
    what: "a port out of range",
    flags: ["--gateway-listen", "127.0.0.1:70000"],
    expect: /CAT-CONFIG-\d+ --gateway-listen.*(port|70000)/s,
  },
  {
    what: "two services of one name",
    file: `{"organization": "acme", "node": "west", "services": [\n {"name": "a", "url": "http://h/"},\n {"name": "a", "url": "http://i/"}]}`,
    expect: /CAT-CONFIG-\d+ .*catalyst\.json:3:\d+/,
  },
  { what: "no identity", file: "{}", expect: /organization[\s\S]*node/ },
];

for (const { what, file, flags = [], expect } of cases) {
  test(`${what} ends the node with exit 3 and its place, and nothing was started`, async () => {
    await using folder = await temporaryFolder();
    const stateDir = join(folder.path, "state");
    const path = join(folder.path, "catalyst.json");
    await writeFile(path, file ?? JSON.stringify(good));
    const { code, stdout, stderr } = await catalyst(["run", "-c", path, "--state-dir", stateDir, ...flags]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, expect);
    assert.equal(stdout, "");
    assert.ok(!existsSync(stateDir), "no state folder");
  });
}

test("all problems are told at once", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "catalyst.json");
  await writeFile(path, `{"organization": "Acme", "nodde": "west", "services": [{"name": "a", "url": "ftp://h/"}]}`);
  const { code, stderr } = await catalyst(["run", "-c", path, "--gateway-listen", "127.0.0.1:x"]);
  assert.equal(code, 3);
  for (const place of ["organization", "nodde", "services[a].url", "--gateway-listen"]) {
    assert.ok(stderr.includes(place), `${place} in ${stderr}`);
  }
});

for (const [what, make] of [
  ["does not exist", async () => undefined],
  ["is a folder", (path: string) => mkdir(path)],
] as const) {
  test(`a configuration file that ${what} is exit 3 with its path`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "catalyst.json");
    await make(path);
    const { code, stderr } = await catalyst(["run", "-c", path]);
    assert.equal(code, 3);
    assert.match(stderr, /CAT-CONFIG-\d+ .*catalyst\.json/);
  });
}

for (const flag of ["--gateway-listen", "--api-listen"]) {
  test(`a port in use for ${flag} is exit 1 with the address, and nothing is left behind`, async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const listen = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    try {
      const others = nodeFlags({ stateDir: folder.path });
      const at = others.indexOf(flag);
      const flags = others.with(at + 1, listen);
      const { code, stderr } = await catalyst(["run", ...flags]);
      assert.equal(code, 1, stderr);
      assert.match(stderr, new RegExp(listen.replaceAll(".", "\\.")));
      assert.match(stderr, /CAT-[A-Z]+-\d+/);
      assert.ok(!existsSync(join(folder.path, "gateway.sock")), "no gateway is left");
    } finally {
      taken.close();
    }
  });
}

test("a state folder of another identity is refused with exit 3", async () => {
  await using folder = await temporaryFolder();
  const flags = nodeFlags({ stateDir: folder.path });
  const first = await Running.catalyst(["run", ...flags]);
  assert.equal(await first.stop(), 0);
  const { code, stderr } = await catalyst(["run", ...flags.map((word) => (word === "west" ? "east" : word))]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /CAT-STATE-\d+ .*acme\/west/s);
});
