import { z } from "zod";
import { auth, gatewayAuth } from "./auth-schema.ts";
import { limits, upstream } from "./limits-schema.ts";
import { duration, label, listen, path, rpcAddress, serviceUrl, size, subscriptionUrl, workers } from "./scalars.ts";
import { tls } from "./tls-schema.ts";

const log = z.strictObject({
  level: z
    .enum(["trace", "debug", "info", "warn", "error", "silent"])
    .default("info")
    .meta({ description: "The least severe lines that are written." }),
  format: z
    .enum(["auto", "json", "pretty"])
    .default("auto")
    .meta({ description: "How lines are written to stderr; auto is pretty on a terminal and json elsewhere." }),
});

const api = z.strictObject({
  listen: listen.default("127.0.0.1:4100").meta({
    title: "host:port",
    description: "Where the read-only API of the orchestrator listens. Port 0 lets the system choose.",
    examples: ["127.0.0.1:4100", "[::1]:4100"],
  }),
});

const rpc = z.strictObject({
  address: rpcAddress.optional().meta({
    title: "address",
    description:
      "Where the gateway takes its configuration: unix:PATH, http://host:port or https://host:port. " +
      "Unset, an embedded gateway uses unix:<stateDir>/gateway.sock; a remote one must be named.",
    examples: ["unix:/run/catalyst/gateway.sock", "https://gateway.internal:4040"],
  }),
  secretFile: path.optional().meta({
    title: "path",
    description: "A file (mode 0600) with the secret that both sides share; for TCP without tls.",
    examples: ["/run/secrets/gateway-rpc"],
  }),
  tls: tls.optional().meta({ description: "Certificates of both sides, for an https address." }),
});

/** One of what dev mode opens to clients, to be opened or shut by itself. */
function door(what: string) {
  return z
    .enum(["auto", "on", "off"])
    .default("auto")
    .meta({ description: `${what} auto is on in dev mode and off in production.` });
}

const persistedOperations = z.strictObject({
  mode: z
    .enum(["off", "prefer", "only"])
    .default("off")
    .meta({
      description:
        "Whether clients may ask operations of the manifest by their ids. prefer answers any other text too; only refuses " +
        "texts that are not in the manifest. No operation is ever registered by a client that sends it.",
    }),
  manifestFile: path.optional().meta({
    title: "path",
    description:
      "The manifest, in Apollo's format (apollo-persisted-query-manifest, version 1). Read again when it changes.",
    examples: ["persisted-query-manifest.json"],
  }),
});

const clientTls = z.strictObject({
  certFile: path.meta({
    title: "path",
    description:
      "The certificate (PEM) that clients are shown, followed by those that lead to its authority. " +
      "Taken again when it or its key changes, without a connection being dropped.",
    examples: ["/etc/catalyst/tls.crt"],
  }),
  keyFile: path.meta({
    title: "path",
    description:
      "The certificate's private key (PEM), readable by its owner alone, or by its group where root owns it.",
    examples: ["/etc/catalyst/tls.key"],
  }),
  listen: listen.optional().meta({
    title: "host:port",
    description:
      "Where HTTPS has an address of its own, and gateway.listen stays HTTP. Unset, gateway.listen is HTTPS.",
    examples: ["0.0.0.0:4400", "127.0.0.1:0"],
  }),
});

const gateway = z.strictObject({
  mode: z.enum(["production", "dev"]).default("production").meta({
    description:
      "dev turns on introspection, GraphiQL, queries by GET and field suggestions; production has none of them.",
  }),
  serviceErrors: z
    .enum(["auto", "masked", "shown"])
    .default("auto")
    .meta({
      description:
        "Whether clients read the messages of services' errors. masked replaces them, and the gateway's log has them " +
        "with the request's id; auto shows them in dev mode and masks them in production.",
    }),
  introspection: door("Whether clients may ask the schema by introspection."),
  graphiql: door("Whether browsers are given GraphiQL at /graphql."),
  queriesByGet: door("Whether queries are answered by GET, too; mutations never are."),
  suggestions: door("Whether errors suggest names of the schema that resemble an unknown one."),
  auth: gatewayAuth.prefault({}).meta({ description: "Whom the gateway answers." }),
  limits: limits.prefault({}).meta({ description: "What one request of a client may be and take." }),
  persistedOperations: persistedOperations
    .prefault({})
    .meta({ description: "Operations that clients' developers have registered." }),
  upstream: upstream.prefault({}).meta({ description: "What asking one service may take." }),
  listen: listen.default("127.0.0.1:4000").meta({
    title: "host:port",
    description: "Where the gateway serves GraphQL. Port 0 lets the system choose.",
    examples: ["0.0.0.0:4000", "127.0.0.1:0"],
  }),
  tls: clientTls.optional().meta({
    description: "HTTPS for clients of an embedded gateway: HTTP/2 and HTTP/1.1 over TLS 1.2 or newer.",
  }),
  drainTimeout: duration
    .prefault("10s")
    .meta({ title: "duration", description: "How long operations in flight may take to end when the gateway stops." }),
  embedded: z.boolean().default(true).meta({
    description: "Whether the orchestrator starts the gateway as a process of its own; false for a remote gateway.",
  }),
  workers: workers.prefault("1").meta({
    title: "number|auto",
    description:
      "How many processes of an embedded gateway answer requests; auto is one for each core that it may use. " +
      "With 1 the gateway is one process; with more, one besides them holds them together.",
    examples: ["1", "4", "auto"],
  }),
  rpc: rpc.prefault({}).meta({ description: "How the orchestrator reaches the gateway." }),
});

const composition = z.strictObject({
  timeout: duration
    .prefault("10s")
    .meta({ title: "duration", description: "How long composing all services into one schema may take." }),
  maxMemory: size
    .prefault("512MiB")
    .meta({ title: "size", description: "How much heap the composing process may use." }),
});

const serviceSchema = z.strictObject({
  from: z
    .enum(["auto", "federation", "introspection", "file"])
    .default("auto")
    .meta({
      description:
        "Where the service's schema comes from: federation asks _service { sdl }, introspection asks __schema, " +
        "file reads schema.file, auto asks _service first and then __schema.",
    }),
  file: path.optional().meta({
    title: "path",
    description: "The schema in GraphQL's schema language, for schema.from = file.",
    examples: ["schemas/products.graphql"],
  }),
  interval: duration.prefault("30s").meta({ title: "duration", description: "How often the schema is fetched again." }),
  timeout: duration
    .prefault("5s")
    .meta({ title: "duration", description: "How long one fetch of the schema may take." }),
  maxBytes: size.prefault("4MiB").meta({ title: "size", description: "The largest schema that is accepted." }),
});

const serviceSubscriptions = z.strictObject({
  protocol: z
    .enum(["sse", "ws"])
    .default("sse")
    .meta({
      description:
        "How the gateway asks the service for subscriptions: sse is GraphQL over SSE (distinct connections mode), " +
        "ws is graphql-transport-ws.",
    }),
  url: subscriptionUrl.optional().meta({
    title: "URL",
    description: "Where subscriptions are asked for, if not at the service's url; with ws, http is spoken as ws.",
    examples: ["ws://127.0.0.1:4002/graphql"],
  }),
});

const service = z.strictObject({
  name: label.meta({
    title: "name",
    description: "What the service is called in this node; a lower-case DNS label, and the item's address.",
    examples: ["products"],
  }),
  url: serviceUrl.meta({
    title: "URL",
    description: "Where the service answers GraphQL over HTTP.",
    examples: ["http://127.0.0.1:4001/graphql"],
  }),
  export: z.boolean().default(false).meta({
    description: "Whether nodes of other organizations may use the service.",
  }),
  subjectToken: z.boolean().default(false).meta({
    description:
      "Whether the service is told who asks: by a token of the gateway with the vetted subject, never by the client's own.",
  }),
  schema: serviceSchema.prefault({}).meta({ description: "How the service's schema is learned." }),
  subscriptions: serviceSubscriptions
    .prefault({})
    .meta({ description: "How the service's subscriptions are reached." }),
});

/**
 * The one source of every configuration key: types, flags, variables, JSON Schema and reference are derived
 * from it. It describes what a file holds; `loadConfig` merges all sources and gives a `NodeConfig`.
 */
export const nodeConfigSchema = z.strictObject({
  organization: label.meta({
    title: "name",
    description: "The organization that the node belongs to; a lower-case DNS label, the root of every route key.",
    examples: ["acme"],
  }),
  node: label.meta({
    title: "name",
    description: "The node's name, unique in its organization; a lower-case DNS label.",
    examples: ["west"],
  }),
  stateDir: path.default(".catalyst").meta({
    title: "path",
    description: "The folder for sockets and for what the node has learned; relative to the working directory.",
    examples: ["/var/lib/catalyst"],
  }),
  log: log.prefault({}).meta({ description: "What is logged and how." }),
  api: api.prefault({}).meta({ description: "The orchestrator's read-only API, for the command line and dashboard." }),
  auth: auth.prefault({}).meta({ description: "The process that holds the node's private keys and signs with them." }),
  gateway: gateway.prefault({}).meta({ description: "The process that serves GraphQL." }),
  composition: composition.prefault({}).meta({ description: "Bounds of the process that composes the schema." }),
  services: z.array(service).default([]).meta({ description: "The GraphQL services of this node, by name." }),
});

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** What a configuration file holds: durations and sizes as text, everything with a default may be absent. */
export type ConfigFile = DeepReadonly<z.input<typeof nodeConfigSchema>>;

/** What the schema alone yields: all that was not set filled in, except what follows from other keys. */
export type ParsedConfig = DeepReadonly<z.output<typeof nodeConfigSchema>>;

/** A whole, valid configuration: durations in milliseconds, sizes in bytes, nothing left to fill in. */
export type NodeConfig = Omit<ParsedConfig, "gateway" | "auth"> & {
  readonly gateway: Addressed<ParsedConfig["gateway"], "rpc">;
  readonly auth: Addressed<ParsedConfig["auth"], "rpc" | "gatewayRpc"> & { readonly issuer: string };
};

type Addressed<Part, Rpc extends keyof Part> = Omit<Part, Rpc> & {
  readonly [Key in Rpc]: Part[Key] & { readonly address: string };
};

export type ServiceConfig = NodeConfig["services"][number];

/** Fills in what follows from other keys: the sockets of the node's own processes lie in the state folder. */
export function completeConfig(parsed: ParsedConfig): NodeConfig {
  const { gateway, auth: told } = parsed;
  const socket = (name: string): string => `unix:${parsed.stateDir.replace(/\/+$/, "")}/${name}`;
  return {
    ...parsed,
    gateway: { ...gateway, rpc: { ...gateway.rpc, address: gateway.rpc.address ?? socket("gateway.sock") } },
    auth: {
      ...told,
      issuer: told.issuer ?? `urn:catalyst:${parsed.organization}`,
      rpc: { ...told.rpc, address: told.rpc.address ?? socket("auth-orchestrator.sock") },
      gatewayRpc: { ...told.gatewayRpc, address: told.gatewayRpc.address ?? socket("auth-gateway.sock") },
    },
  };
}
