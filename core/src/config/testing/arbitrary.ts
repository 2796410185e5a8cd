import * as fc from "fast-check";
import type { ConfigFile } from "../schema.ts";

/** What shells, pairs and JSON give a meaning to. */
const awkward = `,\\="' {}[]$&;-`.split("");

/** Any text that a path may be: with commas, quotes, blanks, equals signs and leading dashes. */
const path = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...awkward), fc.string({ minLength: 1, maxLength: 1, unit: "grapheme" })),
  })
  .filter((text) => /^[^\p{Cc}]{1,80}$/u.test(text) && !/\p{Cs}/u.test(text));
const shortPath = path.filter((text) => new TextEncoder().encode(text).length <= 60);

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
const duration = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom("ms", "s", "m", "h"))
  .map((pair) => pair.join(""));
const size = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom("B", "KiB", "MiB", "GiB"))
  .map((pair) => pair.join(""));
const host = fc.constantFrom("127.0.0.1", "0.0.0.0", "[::1]", "localhost", "node-1.example");
const url = fc
  .tuple(fc.constantFrom("http", "https"), host, fc.webPath(), fc.webQueryParameters())
  .map(([scheme, host, path, query]) => `${scheme}://${host}${path}?${query},a\\,b={}`);

/** Ports in ranges of their own, because two listeners of one node must differ. */
const listen = (min: number, max: number) =>
  fc.tuple(host, fc.oneof(fc.constant(0), fc.integer({ min, max }))).map((pair) => pair.join(":"));

const tls = fc.record({ caFile: path, certFile: path, keyFile: path });
const option = { requiredKeys: [] };
const rpc = fc.oneof(
  fc.record({ address: shortPath.map((text) => `unix:${text}`) }, option),
  fc.record({ address: listen(1, 9999).map((text) => `http://${text}`), secretFile: path }),
  fc.record(
    { address: listen(1, 9999).map((text) => `https://${text}`), secretFile: path, tls },
    { requiredKeys: ["address", "tls"] },
  ),
);
const timing = { interval: duration, timeout: duration, maxBytes: size };
const schema = fc.oneof(
  fc.record({ from: fc.constantFrom("auto", "federation", "introspection"), ...timing }, option),
  fc.record({ from: fc.constant("file"), file: path, ...timing }, { requiredKeys: ["from", "file"] }),
);
const subscriptions = fc.record(
  { protocol: fc.constantFrom("sse", "ws"), url: url.map((text) => text.replace(/^http/, "ws")) },
  option,
);
const service = fc.record(
  { name: label, url, export: fc.boolean(), subjectToken: fc.boolean(), schema, subscriptions },
  { requiredKeys: ["name", "url"] },
);

const issuerName = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
const callerRpc = (who: string, min: number) =>
  fc.oneof(
    fc.record({ address: shortPath.map((text) => `unix:${text}.${who}`) }, option),
    fc.record({ address: listen(min, min + 4999).map((text) => `http://${text}`), secretFile: path }),
    fc.record({ address: fc.constant(`https://${who}.example:4340`), caller: issuerName, tls }),
  );
const auth = fc.record(
  {
    mode: fc.constantFrom("off", "embedded", "remote"),
    issuer: issuerName,
    listen: listen(40_000, 44_999),
    keyFile: path,
    passphraseFile: path,
    rotateEvery: fc.constantFrom("off", "48h", "500h"),
    publishAhead: fc.constantFrom("5s", "500ms", "2h"),
    maxTokenLifetime: duration,
    rpc: callerRpc("orchestrator", 45_000),
    gatewayRpc: callerRpc("gateway", 50_000),
  },
  option,
);
const issuers = fc.uniqueArray(
  fc
    .record({ name: label, issuer: issuerName, file: fc.constantFrom("jwksFile", "publicKeyFile"), path })
    .map(({ name, issuer, file, path }) => ({ name, issuer, [file]: path })),
  { selector: ({ name }) => name, maxLength: 3 },
);

const door = fc.constantFrom("auto", "on", "off");
const number = fc.integer({ min: 1, max: 100 });
/** Up to 1 GiB. */
const limitSize = fc
  .tuple(fc.integer({ min: 1, max: 1024 }), fc.constantFrom("B", "KiB", "MiB"))
  .map((pair) => pair.join(""));
const limits = fc.record(
  {
    ...recordOf(["maxBody", "maxResponse"], limitSize),
    ...recordOf(["maxNesting", "maxFields", "maxInFlight"], number),
    ...recordOf(
      ["maxTokens", "maxDepth", "maxAliases", "maxDirectives", "maxRootFields", "maxCost"],
      fc.oneof(number, fc.constantFrom("0", "7")),
    ),
    ...recordOf(["requestTimeout", "headersTimeout", "receiveTimeout"], duration),
    maxLoopDelay: fc.oneof(duration, fc.constant("off")),
  },
  option,
);
const upstream = fc.record(
  {
    ...recordOf(["connectTimeout", "tryTimeout", "breakerPause"], duration),
    ...recordOf(["retryBudget", "maxConcurrent", "breakerFailures"], number),
    maxResponse: limitSize,
  },
  option,
);

/** Any valid configuration file, with any of its optional keys left out. */
export const configFile: fc.Arbitrary<ConfigFile> = fc
  .record(
    {
      organization: label,
      node: label,
      stateDir: shortPath,
      log: fc.record(
        {
          level: fc.constantFrom("trace", "debug", "info", "warn", "error", "silent"),
          format: fc.constantFrom("auto", "json", "pretty"),
        },
        option,
      ),
      api: fc.record({ listen: listen(10_000, 19_999) }, option),
      auth,
      gateway: fc
        .record(
          {
            mode: fc.constantFrom("production", "dev"),
            serviceErrors: fc.constantFrom("auto", "masked", "shown"),
            introspection: door,
            graphiql: door,
            queriesByGet: door,
            suggestions: door,
            auth: fc.record({ mode: fc.constantFrom("off", "optional", "required"), issuers }, option),
            limits,
            persistedOperations: fc.record({
              mode: fc.constantFrom("off", "prefer", "only"),
              manifestFile: fc.constant("m.json"),
            }),
            upstream,
            listen: listen(20_000, 29_999),
            tls: fc.record(
              { certFile: path, keyFile: path, listen: listen(30_000, 39_999) },
              { requiredKeys: ["certFile", "keyFile"] },
            ),
            drainTimeout: duration,
            embedded: fc.boolean(),
            workers: fc.oneof(fc.integer({ min: 1, max: 64 }), fc.constantFrom("auto", "2")),
            rpc,
          },
          option,
        )
        .filter(({ embedded, rpc }) => embedded !== false || rpc?.address !== undefined),
      composition: fc.record({ timeout: duration, maxMemory: size }, option),
      services: fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 4 }),
    },
    { requiredKeys: ["organization", "node"] },
  )
  .filter(hasWholeIdentity);

/** What tokens need is there (auth-rules.ts says what); two issuers of one name are as good as never made. */
function hasWholeIdentity({ organization, auth, gateway, services = [] }: ConfigFile): boolean {
  const { mode = "off", issuers = [] } = gateway?.auth ?? {};
  const own = auth?.issuer ?? `urn:catalyst:${organization}`;
  const names = new Set([own, ...issuers.map(({ issuer }) => issuer)]);
  const signs = auth?.mode !== undefined && auth.mode !== "off";
  const remote = auth?.mode !== "remote" || (auth.rpc?.address !== undefined && auth.gatewayRpc?.address !== undefined);
  const subjects = services.some(({ subjectToken }) => subjectToken === true);
  const verifies = mode === "off" || signs || issuers.length > 0;
  return names.size === issuers.length + 1 && verifies && remote && (!subjects || (signs && mode !== "off"));
}

function recordOf<Key extends string, Value>(keys: readonly Key[], value: Value): Record<Key, Value>;
function recordOf(keys: readonly string[], value: unknown): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}
