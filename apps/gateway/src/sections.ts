import type { Doors } from "@catalyst-node/adapters/http";
import { fail, type Identity, isDnsLabel, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { gatewayProblem } from "./problems.ts";

/** Who this gateway serves, and in which manner. */
export type ServedIdentity = Identity & { readonly dev: boolean; readonly showServiceErrors: boolean } & Doors;

/** Service (as named in the supergraph) -> endpoints in order of preference. */
export type EndpointTable = ReadonlyMap<string, readonly Endpoint[]>;
type Endpoint = {
  readonly url: string;
  /** Default: server-sent events at `url`. */
  readonly subscriptions?: { readonly protocol: "sse" | "ws"; readonly url: string | undefined };
};

const bounds = { sdlBytes: 8 * 1024 * 1024, services: 1000, endpoints: 16, urlChars: 2048, nameChars: 256 } as const;

/** Reads an identity; another node's than the one already served is refused. */
export function readIdentity(section: ServedIdentity, current: Identity | undefined): Result<ServedIdentity> {
  const { organization, node, dev, showServiceErrors } = section;
  const { introspection, graphiql, queriesByGet, suggestions } = section;
  const malformed = Object.entries({ organization, node }).filter(([, label]) => !isDnsLabel(label));
  if (malformed.length > 0)
    return fail(...malformed.map(([key]) => gatewayProblem("CAT-GATEWAY-020", `identity.${key}`)));
  if (current !== undefined && (current.organization !== organization || current.node !== node)) {
    const what = `This gateway serves ${current.organization}/${current.node}, not ${organization}/${node}.`;
    return fail(gatewayProblem("CAT-GATEWAY-021", "identity", what));
  }
  return ok({ organization, node, dev, showServiceErrors, introspection, graphiql, queriesByGet, suggestions });
}

/**
 * Looks at a supergraph's text without parsing it: whether it is one at all. All else is judged by the planner, in a
 * process of its own, since a bad supergraph can end whoever reads it.
 */
export function checkSupergraph(sdl: string): readonly Problem[] {
  if (sdl.length > bounds.sdlBytes) return [gatewayProblem("CAT-GATEWAY-030", "schema")];
  const isOne = /\benum\s+join__Graph\b/.test(sdl) && sdl.includes("https://specs.apollo.dev/join/v");
  return isOne ? [] : [gatewayProblem("CAT-GATEWAY-031", "schema")];
}

type ServiceSection = { readonly service: string; readonly endpoints: readonly Endpoint[] };

/** Reads an endpoint table; all that is wrong with it at once. */
export function readEndpoints(services: readonly ServiceSection[]): Result<EndpointTable> {
  if (services.length > bounds.services) return fail(gatewayProblem("CAT-GATEWAY-042", "endpoints"));
  const table = new Map<string, readonly Endpoint[]>();
  const problems: Problem[] = [];
  for (const { service, endpoints } of services) {
    const path = `endpoints[${service}]`;
    if (service === "" || service.length > bounds.nameChars || table.has(service)) {
      problems.push(gatewayProblem("CAT-GATEWAY-041", path));
    }
    if (endpoints.length > bounds.endpoints) problems.push(gatewayProblem("CAT-GATEWAY-042", path));
    if (!endpoints.every(isCallable)) problems.push(gatewayProblem("CAT-GATEWAY-040", path));
    table.set(
      service,
      endpoints.map(({ url, subscriptions }) => (subscriptions === undefined ? { url } : { url, subscriptions })),
    );
  }
  return problems.length > 0 ? fail(...problems) : ok(table);
}

function isCallable({ url, subscriptions }: Endpoint): boolean {
  // Which of http and ws is spoken, the protocol decides.
  return isCallableUrl(url) && isCallableUrl((subscriptions?.url ?? url).replace(/^ws(?=s?:)/i, "http"));
}

function isCallableUrl(text: string): boolean {
  const url = text.length <= bounds.urlChars ? URL.parse(text) : null;
  const http = url?.protocol === "http:" || url?.protocol === "https:";
  return http && url.username === "" && url.password === "" && url.hash === "";
}
