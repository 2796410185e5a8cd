import { type Limits, type Manifest, noManifest, type PersistedMode } from "../model/index.ts";
import { endpoints, type ServiceEndpoints } from "../routing/index.ts";
import type { Outcome } from "../supergraph/index.ts";
import { digestOf } from "./digest.ts";
import type { GatewayMode, GatewayStatus, SectionName } from "./gateway-status.ts";
import type { Node } from "./state.ts";
import { desiredTrust, type TrustSection } from "./trust-section.ts";

/** What a gateway is told, section by section; each has a digest of its content. */
export type Sections = {
  readonly identity: IdentitySection;
  readonly schema: SchemaSection;
  readonly endpoints: EndpointsSection;
  readonly limits: LimitsSection;
  readonly operations: OperationsSection;
  readonly trust: TrustSection;
};

export type IdentitySection = {
  readonly digest: string;
  readonly organization: string;
  readonly node: string;
  readonly mode: GatewayMode;
  readonly showServiceErrors: boolean;
} & Doors;

/** What may be opened to clients; dev mode opens all of it. */
type Doors = Readonly<Record<(typeof doors)[number], boolean>>;
const doors = ["introspection", "graphiql", "queriesByGet", "suggestions"] as const;

/** An empty SDL is the empty set of services. */
export type SchemaSection = { readonly digest: string; readonly sdl: string };

type EndpointsSection = { readonly digest: string; readonly services: readonly ServiceEndpoints[] };

/** Its digest comes with the operations, which may be long. */
type OperationsSection = { readonly digest: string; readonly mode: PersistedMode } & Pick<Manifest, "operations">;

type LimitsSection = { readonly digest: string } & Limits;

/** In the order of the contract. */
export const sectionNames: readonly SectionName[] = [
  "identity",
  "schema",
  "endpoints",
  "limits",
  "operations",
  "trust",
];

const emptySchema: SchemaSection = { digest: digestOf(""), sdl: "" };

/** What the gateway should be told; without a schema while nothing true can be said of it. */
export function desiredSections(node: Node): Partial<Sections> {
  const { organization, node: name, gateway } = node.config;
  const { mode, serviceErrors, upstream } = gateway;
  const showServiceErrors = serviceErrors === "auto" ? mode === "dev" : serviceErrors === "shown";
  const identity = { organization, node: name, mode, showServiceErrors, ...doorsOf(gateway) };
  const limits = { requests: gateway.limits, upstream };
  const services = endpoints(node.offers);
  const schema = desiredSchema(node);
  const { link } = node.gateway;
  const trust = desiredTrust(node, link.kind === "connected" ? servedDigest(link.status, "trust") : undefined);
  return {
    identity: { ...identity, digest: digestOf(JSON.stringify(identity)) },
    ...(schema && { schema }),
    endpoints: { services, digest: digestOf(JSON.stringify(services)) },
    limits: { ...limits, digest: digestOf(JSON.stringify(limits)) },
    operations: desiredOperations(node),
    ...(trust && { trust }),
  };
}

function desiredOperations({ config, manifest }: Node): OperationsSection {
  const { mode } = config.gateway.persistedOperations;
  const { digest, operations } = mode === "off" ? noManifest : manifest;
  return { digest: digestOf(`${mode} ${digest}`), mode, operations };
}

function doorsOf(gateway: Node["config"]["gateway"]): Doors {
  const isOpen = (door: keyof Doors): boolean =>
    gateway[door] === "auto" ? gateway.mode === "dev" : gateway[door] === "on";
  return {
    introspection: isOpen("introspection"),
    graphiql: isOpen("graphiql"),
    queriesByGet: isOpen("queriesByGet"),
    suggestions: isOpen("suggestions"),
  };
}

/** Every service was asked at least once since the start. */
export function allAsked(node: Node): boolean {
  return node.services.values().every(({ attempts }) => attempts > 0);
}

/** The digest that the gateway serves of a section; undefined when it has none. */
export function servedDigest(status: GatewayStatus, section: SectionName): string | undefined {
  return status.sections.find((served) => served.section === section)?.digest;
}

/** The section that an outcome asks for. */
export function schemaOf({ supergraph }: Outcome): SchemaSection {
  return supergraph === undefined ? emptySchema : { digest: supergraph.digest, sdl: supergraph.sdl };
}

function desiredSchema(node: Node): SchemaSection | undefined {
  const result = node.composing.result;
  if (result === undefined) return undefined;
  const status = node.gateway.link.kind === "connected" ? node.gateway.link.status : undefined;
  const serves = status !== undefined && servedDigest(status, "schema") !== undefined;
  // A gateway that serves something waits for every first answer, and is not emptied for want of any knowledge.
  if (serves && !allAsked(node)) return undefined;
  const ignorant = node.services.size > 0 && node.services.values().every(({ schema }) => schema === undefined);
  if (serves && ignorant) return undefined;
  return schemaOf(result.outcome);
}
