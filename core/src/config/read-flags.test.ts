import assert from "node:assert/strict";
import { test } from "node:test";
import { loaded, problemsOf, told } from "./testing/load.ts";

const file = {
  organization: "acme",
  node: "west",
  log: { level: "debug" },
  services: [{ name: "products", url: "http://p/" }],
};

test("a switch is turned on and off in each of its forms", () => {
  const embedded = (...flags: string[]) =>
    loaded({ file, flags: [...flags, "--gateway-rpc-address=unix:/x"] }).config.gateway.embedded;
  assert.equal(embedded("--gateway-embedded"), true);
  assert.equal(embedded("--gateway-embedded=true"), true);
  assert.equal(embedded("--gateway-embedded=false"), false);
  assert.equal(embedded("--no-gateway-embedded"), false);
  assert.deepEqual(told({ file, flags: ["--gateway-embedded=yes"] }), ["CAT-CONFIG-006 --gateway-embedded"]);
});

test("a value is read by the schema's type, not by its look", () => {
  assert.equal(loaded({ file, flags: ["--set=stateDir=true"] }).config.stateDir, "true");
  assert.equal(loaded({ file, flags: ["--organization=42"] }).config.organization, "42");
});

test("a service is given as pairs, with nested keys, escaped commas and the first equals sign dividing", () => {
  const flags = [String.raw`--service=name=a,url=http://a/?x=1\,2,schema.from=file,schema.file=c:\\d,export=true`];
  const [, service] = loaded({ file, flags }).config.services;
  assert.equal(service?.url, "http://a/?x=1,2");
  assert.equal(service?.export, true);
  assert.equal(service?.schema.file, String.raw`c:\d`);
});

test("a service is given as JSON when it begins with a brace", () => {
  const flags = [`--service={"name": "a", "url": "http://a/", "schema": {"interval": "2m"}}`];
  assert.equal(loaded({ file, flags }).config.services[1]?.schema.interval, 120_000);
  assert.deepEqual(told({ file, flags: [`--service={"name": "a", "url": 5, "url": "x"}`] }), [
    "CAT-CONFIG-006 --service:1:22: services[a].url",
    "CAT-CONFIG-005 --service:1:25: services[a].url",
  ]);
});

test("a service flag that is not written as pairs is told", () => {
  const [problem] = problemsOf({ file, flags: ["--service=products"] });
  assert.equal(problem?.code, "CAT-CONFIG-011");
  assert.match(problem?.message ?? "", /^"products" is not key=value/);
  assert.deepEqual(told({ file, flags: [String.raw`--service=name=a\b`] }), ["CAT-CONFIG-011 --service"]);
  assert.deepEqual(told({ file, flags: ["--service=url=http://a/"] }), ["CAT-CONFIG-008 --service: services[]"]);
  assert.deepEqual(told({ file, flags: ["--service=name=A,url=http://a/,ulr=x"] }), [
    "CAT-CONFIG-007 --service: services[].name",
    "CAT-CONFIG-004 --service: services[].ulr",
  ]);
});

test("a key that is given by two flags is a problem, and so is a name", () => {
  assert.deepEqual(told({ file, flags: ["--log-level=info", "--log-level=warn"] }), [
    "CAT-CONFIG-009 --log-level: log.level",
  ]);
  assert.deepEqual(told({ file, flags: ["--log-level=info", "--set=log.level=warn"] }), [
    "CAT-CONFIG-009 --set: log.level",
  ]);
  assert.deepEqual(told({ file, flags: ["--unset=log.level", "--log-level=warn"] }), [
    "CAT-CONFIG-009 --log-level: log.level",
  ]);
  assert.deepEqual(told({ file, flags: ["--service=name=a,url=http://a/", "--set=services[a].url=http://b/"] }), [
    "CAT-CONFIG-009 --set: services[a].url",
  ]);
  assert.deepEqual(told({ file, flags: ["--service=name=a,url=http://a/", "--service=name=a,url=http://b/"] }), [
    "CAT-CONFIG-010 --service: services[a].name",
  ]);
});

test("unset returns a key to its default and removes an item, whatever file and environment say", () => {
  const { config, origins } = loaded({
    file,
    env: { CATALYST_LOG_LEVEL: "warn" },
    flags: ["--unset=log.level", "--unset=services[products]"],
  });
  assert.equal(config.log.level, "info");
  assert.deepEqual(origins.get("log.level"), { kind: "flag", flag: "--unset" });
  assert.deepEqual(config.services, []);
  assert.deepEqual(told({ file, flags: ["--unset=organization"] }), ["CAT-CONFIG-008 organization"]);
});

test("unsetting a whole list leaves the items that flags give", () => {
  const { config } = loaded({ file, flags: ["--unset=services", "--service=name=a,url=http://a/"] });
  assert.deepEqual(
    config.services.map(({ name }) => name),
    ["a"],
  );
});

test("unsetting an item that no source has is a problem", () => {
  assert.deepEqual(told({ file, flags: ["--unset=services[prodcts]"] }), ["CAT-CONFIG-004 --unset: services[prodcts]"]);
});

test("an address that leads nowhere is told with what was meant", () => {
  const message = (address: string) => problemsOf({ file, flags: [`--set=${address}=1`] })[0]?.message ?? "";
  assert.match(message("gatway.listen"), /unknown key "gatway"; did you mean "gateway"\?/);
  assert.match(message("services[0].url"), /addressed by name, as services\[NAME\]/);
  assert.match(message("services.products.url"), /items of services are addressed by name/);
  assert.match(message("services"), /services is a list/);
  assert.match(message("gateway"), /gateway is an object/);
  assert.match(message("services[a].name"), /cannot be set/);
  assert.match(message("log.level.x"), /log\.level is one value and has no keys/);
  assert.match(problemsOf({ file, flags: ["--set=log.level"] })[0]?.message ?? "", /is not PATH=VALUE/);
});

test("a mistyped name in --set is told with the item that was meant", () => {
  const [problem] = problemsOf({ file, flags: ["--set=services[prodcts].export=true"] });
  assert.equal(problem?.path, "--set: services[prodcts].url");
  assert.match(problem?.message ?? "", /did you mean "products"\?/);
});
